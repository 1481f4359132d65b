# Counts the log files that delete-old-logs would delete.
. parts/old-logs.sh

# A log that is rotated or removed while they are listed makes find fail: then they are listed anew.
for tries in 1 2 3; do
  files=0 bytes=0 newest=0 list=''
  while IFS=' ' read -r -d '' size changed path; do
    files=$((files + 1)) bytes=$((bytes + size))
    if ((${changed%%.*} > newest)); then newest=${changed%%.*}; fi
    if ((files <= 100)); then list+="$(megabytes "$size") MB  ${path//[[:cntrl:]]/?}"$'\n'; fi
  done < <(old_log_files -printf '%s %T@ %p\0')
  if wait $!; then break; fi
  ((tries < 3)) || die 'The logs could not be listed.'
done

age=null
if ((files > 0)); then age=$(($(date +%s) - newest)); fi
printf '{"files":%d,"mb":%s,"newestAgeSeconds":%s}\n' "$files" "$(megabytes "$bytes")" "$age"
printf '%s' "$list" | bounded 100
