# More workers for a service for a while, through an override file of our own: the system's compose file is never touched.
# The file lies where markers do, and says in comments what it was made of: the configuration hash of the compose file alone,
# the hash with this override, and the image.
# shellcheck shell=bash
: "${SSM_service?}" "${SSM_composeProject?}" "${SSM_projectDir?}" "${SSM_composeFile?}"
override=${FIREBREAK_STATE:-/var/lib/firebreak}/workers-$SSM_composeProject-$SSM_service.yml

# Compose on the system's file and the override.
compose_with_override() {
  (
    cd "$SSM_projectDir" || exit
    "${compose_tool[@]}" -p "$SSM_composeProject" -f "$SSM_composeFile" -f "$override" "$@"
  )
}

# The service's configuration hash, into REPLY; empty when Compose does not tell one.
hash_of() { # compose or compose_with_override
  local said
  said=$("$1" config --hash '*' 2>/dev/null) || said=''
  REPLY=$(printf '%s\n' "$said" | awk -v service="$SSM_service" '$1 == service && $2 ~ /^[0-9a-f]+$/ && !told++ { print $2 }')
}

# What the override says of itself, into REPLY.
noted() { # word
  REPLY=$(awk -v word="$1" '$1 == "#" && $2 == word && $3 ~ /^[0-9a-f:sha]+$/ { print $3; exit }' "$override" 2>/dev/null) || REPLY=''
}

# The service's only container, in running_id, running_hash, running_image, running_name and running_state; empty where there is none.
read_running() {
  local found format service oneoff id hash image name version state
  running_id='' running_hash='' running_image='' running_name='' running_version='' running_state='' running_count=0
  format="$(compose_label service)|$(compose_label oneoff)|${open}.Id}}|$(compose_label config-hash)|${open}.Image}}"
  format+="|${open}.Config.Image}}|$(compose_label version)|${open}.State.Status}}"
  found=$(stack_containers "$SSM_composeProject" "$format") || die 'Docker does not answer.'
  while IFS='|' read -r service oneoff id hash image name version state; do
    if [[ $service != "\"$SSM_service\"" || $oneoff == '"True"' ]]; then continue; fi
    [[ $id =~ ^[0-9a-f]{64}$ ]] || die "Docker can not be understood: of $SSM_service it says \"${id:0:100}\"."
    running_count=$((running_count + 1))
    running_id=$id running_image=$image running_name=$name running_state=$state
    plain "$hash" && running_hash=$REPLY
    plain "$version" && running_version=$REPLY
  done < <(printf '%s\n' "$found")
}

# Whether a name still means the image given: otherwise `up` would take another one.
same_image() { # name id
  [[ $2 =~ ^sha256:[0-9a-f]{64}$ && $(timeout 20 docker image inspect --format "${open}.Id}}" "$1" 2>/dev/null) == "$2" ]]
}

# Makes the service's container anew where its configuration differs; nothing else is touched, built or pulled.
bring_up() { # compose or compose_with_override
  local words=(up -d --no-deps --no-build --timeout "$SSM_stopTimeout")
  # Compose 1 pulls only what is missing, and has no such flag; that the image is here was seen before.
  if [[ ${compose_tool[0]} == docker ]]; then words+=(--pull never); fi
  "$1" "${words[@]}" "$SSM_service"
}

release_of() {
  local release=${1#v}
  printf '%s' "${release%%[-+~]*}"
}

# Why bringing the service up would change more than its workers, into REPLY; empty when it would not.
not_as_written() { # hash of the compose file
  REPLY=''
  if [[ -z $running_id || $running_state != running ]]; then
    REPLY="$SSM_service does not run"
  elif ((running_count > 1)); then
    REPLY="$SSM_service has $running_count containers"
  elif [[ -z $1 ]]; then
    REPLY='Compose can not read the compose file'
  elif [[ $(release_of "$running_version") != "$(release_of "$compose_version")" ]]; then
    REPLY="the stack was made by Compose ${running_version:-of no version}, and here is $compose_version"
  elif [[ $running_hash != "$1" ]]; then
    REPLY='what runs is not what the compose file says'
  elif ! same_image "$running_name" "$running_image"; then
    REPLY="the name $running_name means another image by now"
  fi
}

# The words of the running container's command, in the array `command`. One with a newline in it is refused, into REPLY.
read_command() {
  local count text word
  REPLY='the command of the running container can not be read word by word' command=()
  text=$(timeout 20 docker inspect --format "${open}len .Config.Cmd}}${open}range .Config.Cmd}}${open}println}}${open}.}}${open}end}}" "$running_id") || return 0
  while IFS= read -r word; do command+=("$word"); done < <(printf '%s\n' "$text")
  count=${command[0]}
  command=("${command[@]:1}")
  if is_whole "$count" && ((count == ${#command[@]})); then REPLY=''; fi
}

# The place and the number of `--workers` in `command`; `workers` is empty where there is none.
read_workers() {
  local n
  workers='' workers_at=''
  for ((n = 0; n < ${#command[@]}; n++)); do
    if [[ ${command[n]} == --workers && ${command[n + 1]-} =~ ^[1-9][0-9]{0,3}$ ]]; then
      workers=${command[n + 1]} workers_at=$((n + 1))
    elif [[ ${command[n]} =~ ^--workers=([1-9][0-9]{0,3})$ ]]; then
      workers=${BASH_REMATCH[1]} workers_at=$n
    fi
  done
}
