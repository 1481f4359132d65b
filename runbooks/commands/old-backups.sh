# Which backups are past their retention, and whether newer good ones make them dispensable.
. parts/backups.sh
: "${SSM_folder?}" "${SSM_prefix?}" "${SSM_keepDays?}" "${SSM_keepNewest?}"
whole_number keepDays "$SSM_keepDays"
whole_number keepNewest "$SSM_keepNewest"
keep_seconds=$((10#$SSM_keepDays * 86400)) keep_newest=$((10#$SSM_keepNewest))

read_backups "$SSM_folder" "$SSM_prefix"
find_valid "$SSM_folder" "$keep_newest"
may_delete "$keep_newest"

deletable=() bytes=0 list=''
for ((at = 0; at < ${#names[@]}; at++)); do
  list+="${names[at]}  $(megabytes "${sizes[at]}") MB  $((ages[at] / 3600)) hours old"$'\n'
  if [[ -n $why ]] || ((ages[at] <= keep_seconds || ${#deletable[@]} >= 60)); then continue; fi
  if one_of "${names[at]}" "${valid[@]}"; then continue; fi
  bytes=$((bytes + sizes[at]))
  deletable+=("{\"name\":$(json_string "${names[at]}"),\"mb\":$(megabytes "${sizes[at]}"),\"ageSeconds\":${ages[at]}}")
done
printf '{"newestAgeSeconds":%s,"valid":%s,"deletable":%s,"mb":%s}\n' "${newest_age:-null}" \
  "$(json_strings "${valid[@]}")" "$(json_array "${deletable[@]}")" "$(megabytes "$bytes")"
if [[ -n $why ]]; then printf 'None may be deleted: %s\n' "$why"; fi
printf '%s' "$list" | bounded 60
