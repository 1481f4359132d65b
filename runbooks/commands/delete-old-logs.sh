# Deletes the log files that old-logs counts.
. parts/old-logs.sh

files=0 bytes=0 list=''
# One that was gone already, or can't be deleted, is told on stderr, and what is left is looked through again. It is a failure
# when nothing could be.
for tries in 1 2 3; do
  while IFS=' ' read -r -d '' size path; do
    files=$((files + 1)) bytes=$((bytes + size))
    if ((files <= 100)); then list+="$(megabytes "$size") MB  ${path//[[:cntrl:]]/?}"$'\n'; fi
  done < <(old_log_files -delete -printf '%s %p\0')
  if wait $!; then break; fi
  ((tries < 3 || files > 0)) || die 'No log could be deleted.'
done

printf '{"freedMb":%s,"deleted":%d}\n' "$(megabytes "$bytes")" "$files"
printf '%s' "$list" | bounded 100
