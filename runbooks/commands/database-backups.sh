# The newest backups, and one of them looked through: whether it can be unpacked to its end, is a whole dump, and what it holds.
. parts/backups.sh
. parts/dump.sh
: "${SSM_folder?}" "${SSM_prefix?}" "${SSM_backup?}"
[[ $SSM_backup =~ ^[A-Za-z0-9._-]+$ ]] || die 'backup: expected "latest" or the name of a file'

read_backups "$SSM_folder" "$SSM_prefix"
list=() chosen=null evidence='' at_chosen=''
for ((at = 0; at < ${#names[@]}; at++)); do
  if ((at < 20)); then
    list+=("{\"name\":$(json_string "${names[at]}"),\"mb\":$(megabytes "${sizes[at]}"),\"ageSeconds\":${ages[at]}}")
    evidence+="${names[at]}  $(megabytes "${sizes[at]}") MB  $((ages[at] / 3600)) hours old"$'\n'
  fi
  if [[ -z $at_chosen && (${names[at]} == "$SSM_backup" || $SSM_backup == latest) ]]; then at_chosen=$at; fi
done
if [[ -n $at_chosen ]]; then
  read_dump "$SSM_folder/${names[at_chosen]}" 1200
  chosen="{\"name\":$(json_string "${names[at_chosen]}"),\"bytes\":${sizes[at_chosen]},\"ageSeconds\":${ages[at_chosen]}"
  chosen+=",\"intact\":$intact,\"complete\":$complete,\"foreign\":$(json_string "$foreign"),\"unpackedMb\":$(megabytes "$unpacked")"
  chosen+=",\"rows\":$rows,\"tables\":$(table_facts "$tables")}"
fi
printf '{"backups":%s,"chosen":%s}\n' "$(json_array "${list[@]}")" "$chosen"
printf '%s' "$evidence" | bounded 30
