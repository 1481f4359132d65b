# Deletes the container logs that Docker has rotated away, past their retention.
. parts/rotated-logs.sh

folder=$(docker_folder)
files=0 bytes=0
# The folder of a container that is removed meanwhile makes find fail: then what is left is looked through again.
for tries in 1 2 3; do
  while IFS=' ' read -r -d '' size _; do
    files=$((files + 1)) bytes=$((bytes + size))
  done < <(rotated_log_files "$folder" -delete -printf '%s %p\0')
  if wait $!; then break; fi
  ((tries < 3 || files > 0)) || die 'No log could be deleted.'
done
printf '{"freedMb":%s,"deleted":%d}\n' "$(megabytes "$bytes")" "$files"
