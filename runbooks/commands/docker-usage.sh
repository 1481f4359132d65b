# What Docker holds that nothing uses: what can be had again, and what can't.
# Systems Manager returns 24,000 characters and cuts the rest without a word, so each list has its most.
. parts/stack.sh
. parts/docker-sizes.sh
. parts/docker-lists.sh
: "${SSM_composeProject?}"
project=$SSM_composeProject now=$(date +%s)

# What the compose file names: whatever can't be read here must not be taken for unused.
config=$(compose config) || die 'Compose can not read its file, so nobody knows what it names.'
# mawk takes minutes to replace in a line of a megabyte.
named=$(printf '%s\n' "$config" | awk '
  { $0 = substr($0, 1, 2000); gsub(/["\047]/, "") }
  /^[a-z]/ { section = $1 }
  section == "services:" && /^  [^ ]/ { sub(/:.*/, "", $1); print "service", $1 }
  section == "services:" && /^    image: / { print "image", $2 }
  section == "volumes:" && /^  [^ ]/ { sub(/:.*/, "", $1); print "volume", $1 }
  section == "volumes:" && /^    name: / { print "volume", $2 }')
services=' ' kept_images=' ' kept_volumes=' '

# One name for `nginx`, `docker.io/library/nginx` and `nginx:latest`.
plain_image() {
  REPLY=${1#docker.io/} REPLY=${REPLY#library/}
  if [[ $REPLY != *@* && ${REPLY##*/} != *:* ]]; then REPLY+=:latest; fi
}
while read -r kind name; do
  case $kind in
    service) services+="$name " kept_images+="${project}_$name:latest $project-$name:latest " ;;
    image) plain_image "$name" && kept_images+="$REPLY " ;;
    volume) kept_volumes+="$name ${project}_$name " ;;
  esac
done < <(printf '%s\n' "$named")

# Every container, running or not, of this stack, another, or none.
format="${open}.Id}}|${open}.Image}}|${open}.State.Status}}|${open}.Name}}|$(compose_label project)|$(compose_label service)|$(compose_label oneoff)|${open}.Config.Image}}"
containers=$(every_container "$format")
used=' ' stopped=() all_running=true running=' '
while IFS='|' read -r id image state name of service oneoff image_name; do
  if [[ -z $id ]]; then continue; fi
  docker_ids "$id" && docker_ids "$image"
  used+="$image "
  plain "$of"
  if [[ $REPLY == "$project" && $oneoff != '"True"' ]]; then
    if [[ $state == running ]]; then running+="${service//\"/} "; else all_running=false; fi
  elif [[ -z $REPLY && $state =~ ^(exited|created|dead)$ ]] && ((${#stopped[@]} < 15)); then
    stopped+=("{\"id\":\"$id\",\"name\":$(json_string "${name#/}"),\"image\":$(json_string "$image_name")}")
  fi
done < <(printf '%s\n' "$containers")
for service in $services; do
  if [[ $running != *" $service "* ]]; then all_running=false; fi
done

format="${open}.Id}}|${open}.Size}}|${open}.Created}}|${open}json .RepoTags}}|${open}json .RepoDigests}}|${open}json .Metadata.LastTagTime}}"
details=$(every_image "$format")
images=() left=() images_bytes=0
while IFS='|' read -r id size created tags digests tagged; do
  if [[ -z $id || $used == *" $id "* ]]; then continue; fi
  docker_ids "$id"
  is_whole "$size" || die "Docker can not be understood: the size of $id is \"${size:0:100}\"."
  image_names "$digests"
  digest_names=("${words[@]}")
  image_names "$tags"
  names=("${words[@]}")
  needed=false
  for name in "${names[@]}" "${digest_names[@]}"; do
    plain_image "$name"
    if [[ $kept_images == *" $REPLY "* ]]; then needed=true; fi
  done
  if [[ $needed == true ]]; then continue; fi
  # Docker does not write down when an image was last used; when it was made, or last pulled or tagged, is what there is.
  epoch "$created"
  newest=${REPLY:-0}
  epoch "${tagged//\"/}"
  if ((${REPLY:-0} > newest)); then newest=$REPLY; fi
  age=$((now - newest))
  if ((${#names[@]} == 0)); then names=("${digest_names[@]}"); fi
  fact="{\"id\":\"$id\",\"names\":$(json_strings "${names[@]:0:2}"),\"mb\":$(megabytes "$size")"
  if ((${#digest_names[@]} == 0)); then
    if ((${#left[@]} < 10)); then left+=("$fact,\"why\":\"not pullable\"}"); fi
  elif ((age < 7 * 86400)); then
    if ((${#left[@]} < 10)); then left+=("$fact,\"why\":\"younger than a week\"}"); fi
  elif ((${#images[@]} < 30)); then
    images+=("$fact,\"ageSeconds\":$age,\"pullable\":true}")
    images_bytes=$((images_bytes + size))
  fi
done < <(printf '%s\n' "$details")

stored=$(docker_takes 120 --verbose --format "${open}json .Volumes}}"$'\n'"${open}json .BuildCache}}")
volumes=()
while IFS='|' read -r name size links; do
  if [[ $links != 0 || $kept_volumes == *" $name "* ]] || ((${#volumes[@]} >= 25)); then continue; fi
  anonymous=false
  if [[ $name =~ ^[0-9a-f]{64}$ ]]; then anonymous=true; fi
  bytes_of "$size"
  volumes+=("{\"name\":$(json_string "$name"),\"mb\":$(megabytes "$REPLY"),\"anonymous\":$anonymous}")
done < <(printf '%s\n' "$stored" | sed -n 1p | json_rows 'Name Size Links')

# The youngest first: what was built on top of an entry must go before it.
cache=() cache_bytes=0
while IFS='|' read -r id size in_use shared _; do
  if [[ ! $id =~ ^[a-z0-9]{8,64}$ || $in_use == true || $shared == true ]] || ((${#cache[@]} >= 60)); then continue; fi
  bytes_of "$size"
  cache+=("{\"id\":\"$id\",\"mb\":$(megabytes "$REPLY")}")
  cache_bytes=$((cache_bytes + REPLY))
done < <(printf '%s\n' "$stored" | sed -n 2p | json_rows 'ID Size InUse Shared CreatedAt' | sort -t '|' -k5,5r)

printf '{"imagesMb":%s,"images":%s' "$(megabytes "$images_bytes")" "$(json_array "${images[@]}")"
printf ',"leftImages":%s' "$(json_array "${left[@]}")"
printf ',"buildCacheMb":%s,"buildCache":%s' "$(megabytes "$cache_bytes")" "$(json_array "${cache[@]}")"
printf ',"volumes":%s' "$(json_array "${volumes[@]}")"
printf ',"stoppedContainers":%s,"allRunning":%s}\n' "$(json_array "${stopped[@]}")" "$all_running"
