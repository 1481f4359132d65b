# Room where the database keeps its data: every place of its container that lies on the host.
: "${SSM_container?}"

if ! sources=$(timeout 20 docker inspect --format "${open}range .Mounts}}${open}.Source}} ${open}end}}" "$SSM_container" 2>&1); then
  [[ ${sources,,} == *'no such'* ]] || die "docker inspect $SSM_container: ${sources:0:300}"
  sources=''
fi
docker_root=$(timeout 20 docker info --format "${open}.DockerRootDir}}") || die 'Docker does not answer.'

# Without a volume, the data is in the container itself, which lies in Docker's own folder.
split_words "$sources"
places=() least='' free_percent=0 evidence=''
for path in "${words[@]}" "$docker_root"; do
  line=$(df -P -k -- "$path" | awk 'NR == 2 { printf "%d %.1f", $4 / 1024, 100 * $4 / ($3 + $4 + 0.001) }') || continue
  inodes=$(df -P -i -- "$path" | awk 'NR == 2 { sub(/%/, "", $5); print $5 + 0 }') || inodes=0
  read -r free percent < <(printf '%s\n' "$line")
  [[ $free =~ ^[0-9]+$ ]] || continue
  places+=("{\"path\":$(json_string "$path"),\"freeMb\":$free,\"freePercent\":$percent,\"inodesUsedPercent\":${inodes:-0}}")
  if [[ -z $least ]] || ((free < least)); then least=$free free_percent=$percent; fi
  evidence+="$path: $free MB free, $percent %, inodes ${inodes:-0} % used"$'\n'
done
((${#places[@]} > 0)) || die 'No place of the database could be measured.'
printf '{"freeMb":%d,"freePercent":%s,"places":%s}\n' "$least" "$free_percent" "$(json_array "${places[@]:0:20}")"
printf '%s' "$evidence" | bounded 30
