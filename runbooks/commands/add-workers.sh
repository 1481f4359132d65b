# Gives a service more workers for a while. Only where what runs is what the compose file says, so that nothing else changes with it.
. parts/stack.sh
. parts/override.sh
whole_number workers "${SSM_workers?}"
whole_number stopTimeout "${SSM_stopTimeout?}"
wanted=$((10#$SSM_workers))
find_compose || die 'Compose can not be used on this host.'

tell() { # before changed
  printf '{"before":%d,"workers":%d,"changed":%s}\n' "$1" "$wanted" "$2"
}

# The override as a file: JSON is YAML, and Compose wants each `$` twice.
write_override() { # file hash, made hash
  local word words=() version
  for word in "${command[@]}"; do
    ((${#word} < JSON_STRING_BYTES)) || die 'A word of the command is too long to be repeated.'
    words+=("$(json_string "${word//\$/\$\$}")")
  done
  # Compose 1 takes only files of one version together.
  version=$(awk 'match($0, /^[^A-Za-z#]*version[^A-Za-z0-9]*:[^A-Za-z0-9]*[0-9.]+/) { text = substr($0, RSTART, RLENGTH); sub(/^.*[^0-9.]/, "", text); print text; exit }' "$SSM_projectDir/$SSM_composeFile") || version=''
  if [[ -n $version ]]; then version="\"version\": \"$version\", "; fi
  printf '# file %s\n# made %s\n# image %s\n{%s"services": {%s: {"command": %s}}}\n' \
    "$1" "$2" "$running_image" "$version" "$(json_string "$SSM_service")" "$(json_array "${words[@]}")" >"$override.new"
  mv -f -- "$override.new" "$override"
}

hash_of compose
file=$REPLY
read_running
if [ -e "$override" ]; then
  # Begun before: gone on with where it is the same, and refused where it is not.
  noted file
  [[ -n $file && $REPLY == "$file" ]] || die 'The compose file has changed since workers were added.'
  grep -qE -e "\"--workers\",\"$wanted\"|\"--workers=$wanted\"" "$override" || die 'Another number of workers was set before, and is not taken back yet.'
  noted made
  made=$REPLY before=$wanted
  if [[ -n $made && $running_hash == "$made" && $running_state == running ]]; then
    tell "$wanted" false
    exit 0
  fi
  noted image
  [[ -z $running_name ]] || same_image "$running_name" "$REPLY" || die 'The image has changed since workers were added.'
else
  not_as_written "$file"
  [[ -z $REPLY ]] || die "Bringing $SSM_service up would change more than its workers: $REPLY."
  read_command
  [[ -z $REPLY ]] || die "${REPLY^}."
  read_workers
  [[ -n $workers ]] || die "The command of $SSM_service has no --workers with a number."
  before=$workers
  if ((before >= wanted)); then
    tell "$before" false
    exit 0
  fi
  if [[ ${command[workers_at]} == --workers=* ]]; then command[workers_at]=--workers=$wanted; else command[workers_at]=$wanted; fi
  write_override "$file" 0
  hash_of compose_with_override
  made=$REPLY
  if [[ -z $made || $made == "$file" ]]; then
    rm -f -- "$override"
    die 'Compose does not take the override.'
  fi
  write_override "$file" "$made"
fi

said=$(bring_up compose_with_override 2>&1) || true
read_running
tell "$before" true
printf '%s\n' "$said" | bounded 40
[[ $running_count == 1 && $running_state == running && $running_hash == "$made" ]] ||
  die "$SSM_service does not run with $wanted workers: ${running_state:-it has no container}."
