# The newest backups: their age and size, and whether they are whole; whether one is being made; and the room for the next.
. parts/backups.sh
. parts/archive.sh
. parts/running-backups.sh
. parts/room.sh
: "${SSM_folder?}" "${SSM_prefix?}" "${SSM_script?}"

# How many are unpacked to their end: the newest, and others until one of them is whole.
LOOKED_AT=5
# All of it together takes at most so many seconds.
PATIENCE=420

found=$(running_backups "$SSM_script") || die 'The processes of this host can not be read, so nobody knows whether a backup runs.'
running=()
while read -r pid seconds command; do
  if is_whole "$pid" && is_whole "$seconds" && ((${#running[@]} < 5)); then
    running+=("{\"pid\":$pid,\"seconds\":$seconds,\"command\":$(json_string "$command")}")
  fi
done < <(printf '%s\n' "$found")

if [[ -z $(find "$SSM_folder" -maxdepth 0 -type d 2>/dev/null) ]]; then
  printf '{"folderFound":false,"backups":[],"total":0,"freeMb":0,"running":%s}\n' "$(json_array "${running[@]}")"
  printf 'No folder: %s\n' "$SSM_folder"
  exit 0
fi
read_backups "$SSM_folder" "$SSM_prefix"
free=$(free_kb "$SSM_folder")

begun=$SECONDS whole=0 backups=()
for ((at = 0; at < ${#names[@]} && at < LOOKED_AT; at++)); do
  state=unchecked
  left=$((PATIENCE - (SECONDS - begun)))
  if ((whole < 2 && left > 0)); then
    archive_state "$SSM_folder/${names[at]}" "$left"
    state=$REPLY
  fi
  if [[ $state == whole ]]; then whole=$((whole + 1)); fi
  # One may be made in this very second.
  age=$((ages[at] > 0 ? ages[at] : 0))
  backups+=("{\"name\":$(json_string "${names[at]}"),\"bytes\":${sizes[at]},\"ageSeconds\":$age,\"state\":\"$state\"}")
done
printf '{"folderFound":true,"backups":%s,"total":%d,"freeMb":%s,"running":%s}\n' \
  "$(json_array "${backups[@]}")" "${#names[@]}" "$(megabytes $((free * 1024)))" "$(json_array "${running[@]}")"
list_newest "$SSM_folder"
if [[ -n $found ]]; then printf 'Running:\n%s\n' "$found" | bounded 8; fi
