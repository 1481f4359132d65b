# Deletes the container logs that Docker has rotated away, past their retention.
. parts/rotated-logs.sh

folder=$(docker_folder)
files=0 bytes=0
while IFS=' ' read -r -d '' size _; do
  files=$((files + 1)) bytes=$((bytes + size))
done < <(rotated_log_files "$folder" -delete -printf '%s %p\0')
wait $! || ((files > 0)) || die 'No log could be deleted.'
printf '{"freedMb":%s,"deleted":%d}\n' "$(megabytes "$bytes")" "$files"
