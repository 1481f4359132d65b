# Files that were deleted while a process has them open: their room comes back only when it closes them.
# The kernel names them "<path> (deleted)". What is in memory only is no file on a disk.
links=$(find /proc -mindepth 3 -maxdepth 3 -path '*/fd/*' -lname '* (deleted)' ! -lname '/memfd:*' ! -lname '/dev/shm/*' \
  ! -lname '/SYSV*' ! -lname '/dev/zero *' ! -lname '/\[aio\]*' -printf '%p\n' 2>/dev/null) || true
described=''
if [[ -n $links ]]; then
  # A process may end in between; what it held is free then.
  described=$(printf '%s\n' "$links" | xargs -d '\n' stat -L -c '%d:%i|%s|%F|%n' 2>/dev/null) || true
fi

files=() total=0 counted=' ' told=' '
while IFS='|' read -r inode size kind link; do
  if [[ $kind != 'regular file' ]] || ((size <= 1048576)); then continue; fi
  pid=${link#/proc/} pid=${pid%%/*}
  # One file, open in several processes, takes its room once.
  if [[ $counted != *" $inode "* ]]; then total=$((total + size)) counted+="$inode "; fi
  if [[ $told == *" $pid/$inode "* ]] || ((${#files[@]} >= 40)); then continue; fi
  told+="$pid/$inode "
  path=$(readlink -- "$link" 2>/dev/null) || continue
  process=$(cat "/proc/$pid/comm" 2>/dev/null) || continue
  fact="{\"pid\":$pid,\"process\":$(json_string "$process"),\"path\":$(json_string "${path% (deleted)}")"
  files+=("$fact,\"mb\":$(megabytes "$size")}")
done < <(printf '%s\n' "$described" | sort -t '|' -k2,2rn)
printf '{"files":%s,"totalMb":%s}\n' "$(json_array "${files[@]}")" "$(megabytes "$total")"
