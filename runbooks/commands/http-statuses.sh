# How the requests in nginx' access log ended, and which endpoints fail. Lines that are no requests are passed over.
. parts/access-log.sh
: "${SSM_container?}" "${SSM_tail?}"
whole_number tail "$SSM_tail"

read_access_log "$SSM_container" "$SSM_tail"
counts=$(requests | awk '{ n[substr($1, 1, 1)]++ } END { print NR, n[2] + 0, n[3] + 0, n[4] + 0, n[5] + 0 }')
read -r total ok moved refused failed < <(printf '%s\n' "$counts")
ranked=$(requests | awk '$1 >= 500 { n[$2 " " $3]++ } END { for (endpoint in n) print n[endpoint], endpoint }' | sort -k1,1nr -k2)

top=()
while read -r count endpoint; do
  if [[ -n $count ]] && ((${#top[@]} < 5)); then
    top+=("{\"endpoint\":$(json_string "$endpoint"),\"count\":$count}")
  fi
done < <(printf '%s\n' "$ranked")
printf '{"requests":%d,"status2xx":%d,"status3xx":%d,"status4xx":%d,"status5xx":%d,"top":%s}\n' \
  "$total" "$ok" "$moved" "$refused" "$failed" "$(json_array "${top[@]}")"
printf 'Failing endpoints, most frequent first:\n%s\nThe last lines:\n' "$(printf '%s\n' "$ranked" | bounded 20)"
printf '%s\n' "$log" | tail -n 20 | bounded 20
