# Deletes exactly the backups given, if the rules still allow it: it looks again itself.
. parts/backups.sh
: "${SSM_folder?}" "${SSM_prefix?}" "${SSM_names?}" "${SSM_keepDays?}" "${SSM_keepNewest?}"
whole_number keepDays "$SSM_keepDays"
whole_number keepNewest "$SSM_keepNewest"
keep_seconds=$((10#$SSM_keepDays * 86400)) keep_newest=$((10#$SSM_keepNewest))
[[ $SSM_prefix =~ ^[A-Za-z0-9._-]+$ ]] || die 'prefix: expected letters, digits, dots, dashes and underscores'

split_words "$SSM_names"
wanted=("${words[@]}")
((${#wanted[@]} > 0)) || die 'names: expected at least one'
for name in "${wanted[@]}"; do
  [[ $name =~ ^[A-Za-z0-9._-]+\.sql\.gz$ && $name == "$SSM_prefix"* ]] || die "\"$name\" is not the name of a backup: $SSM_prefix*.sql.gz"
done

read_backups "$SSM_folder" "$SSM_prefix"
find_valid "$SSM_folder" "$keep_newest"
may_delete "$keep_newest"
[[ -z $why ]] || die "Refused: $why."

paths=() list=''
bytes=0
for ((at = 0; at < ${#names[@]}; at++)); do
  if ! one_of "${names[at]}" "${wanted[@]}"; then continue; fi
  ((ages[at] > keep_seconds)) || die "Refused: ${names[at]} is not older than $SSM_keepDays days."
  if one_of "${names[at]}" "${valid[@]}"; then die "Refused: ${names[at]} is one of the newest $keep_newest good backups."; fi
  paths+=("$SSM_folder/${names[at]}")
  bytes=$((bytes + sizes[at]))
  list+="${names[at]}  $(megabytes "${sizes[at]}") MB"$'\n'
done
# One that is gone already is no failure.
if ((${#paths[@]} > 0)); then rm -f -- "${paths[@]}"; fi
printf '{"freedMb":%s,"deleted":%d}\n%s' "$(megabytes "$bytes")" "${#paths[@]}" "$list"
