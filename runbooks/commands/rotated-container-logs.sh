# Counts what delete-rotated-container-logs would delete.
. parts/rotated-logs.sh

folder=$(docker_folder)
files=0 bytes=0
while IFS=' ' read -r -d '' size _; do
  files=$((files + 1)) bytes=$((bytes + size))
done < <(rotated_log_files "$folder" -printf '%s %p\0')
wait $!
# Docker may have mounted its folder a second time; the place to name is the one that disk-usage names.
mount=$(df -P -k -l | awk -v device="$(device_of "$folder")" '
  $1 == device && place == "" { place = $0; for (n = 1; n <= 5; n++) sub(/^[^ ]+ +/, "", place) }
  END { print place }')
printf '{"files":%d,"mb":%s,"mount":%s}\n' "$files" "$(megabytes "$bytes")" "$(json_string "$mount")"
