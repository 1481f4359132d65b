# Counts what delete-rotated-container-logs would delete.
. parts/rotated-logs.sh

folder=$(docker_folder)
# The folder of a container that is removed while they are listed makes find fail: then they are listed anew.
for tries in 1 2 3; do
  files=0 bytes=0
  while IFS=' ' read -r -d '' size _; do
    files=$((files + 1)) bytes=$((bytes + size))
  done < <(rotated_log_files "$folder" -printf '%s %p\0')
  if wait $!; then break; fi
  ((tries < 3)) || die 'The logs could not be listed.'
done
# Docker may have mounted its folder a second time; the place to name is the one that disk-usage names.
# A container's own disk may be gone again before df comes to it: it tells of the others.
mount=$({ df -P -k -l 2>/dev/null || true; } | awk -v device="$(device_of "$folder")" '
  $1 == device && place == "" { place = $0; for (n = 1; n <= 5; n++) sub(/^[^ ]+ +/, "", place) }
  END { print place }')
printf '{"files":%d,"mb":%s,"mount":%s}\n' "$files" "$(megabytes "$bytes")" "$(json_string "$mount")"
