# How the requests of the last minutes ended, by status, and which endpoints fail or refuse. Nobody's number is among them.
. parts/access-log.sh
. parts/private.sh
: "${SSM_container?}" "${SSM_tail?}" "${SSM_minutes?}"
whole_number tail "$SSM_tail"
whole_number minutes "$SSM_minutes"

read_access_log "$SSM_container" "$SSM_tail" --since "${SSM_minutes}m"
found=$(requests | without_ids)

# Counts of the lines that come in, the most frequent first: each line with its count in front of it.
ranked() {
  awk '{ n[$0]++ } END { for (line in n) print n[line], line }' | sort -k1,1nr -k2
}

statuses=() total=0
while read -r count status; do
  if [[ -z $count ]]; then continue; fi
  statuses+=("{\"status\":$status,\"count\":$count}")
  total=$((total + count))
done < <(printf '%s\n' "$found" | awk 'NF { print $1 }' | ranked)

# Up to ten endpoints of the statuses from the first to the last, as JSON, in REPLY.
endpoints() { # first last
  local count status method path list=()
  while read -r count status method path; do
    if [[ -z $count ]] || ((${#list[@]} == 10)); then continue; fi
    list+=("{\"endpoint\":$(json_string "$method $path"),\"status\":$status,\"count\":$count}")
  done < <(printf '%s\n' "$found" | awk -v first="$1" -v last="$2" 'NF && $1 >= first && $1 <= last' | ranked)
  REPLY=$(json_array "${list[@]}")
}
endpoints 500 599
failed=$REPLY
endpoints 400 499
refused=$REPLY

login='(^|/)(login|logon|signin|sign-in|auth|oauth|token|tokens|refresh|session|sessions|password)(/|$)'
read -r asked denied < <(printf '%s\n' "$found" |
  awk -v login="$login" 'tolower($3) ~ login { asked++; if ($1 >= 400 && $1 < 500) denied++ } END { print asked + 0, denied + 0 }')
printf '{"requests":%d,"statuses":%s,"failed":%s,"refused":%s,"login":{"requests":%d,"refused":%d}}\n' \
  "$total" "$(json_array "${statuses[@]:0:40}")" "$failed" "$refused" "$asked" "$denied"
printf 'Requests of the last %d minutes, by status:\n%s\nWhat was not answered well, by endpoint:\n%s\n' "$SSM_minutes" \
  "$(printf '%s\n' "$found" | awk 'NF { print $1 }' | ranked | bounded 40)" \
  "$(printf '%s\n' "$found" | awk 'NF && $1 >= 400' | ranked | bounded 60)"
