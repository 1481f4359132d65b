# The ten folders that hold the most on one file system. Where nearly all of a folder is in one below it, only that one
# is named, so that the list is more than the path to its first entry.
: "${SSM_mount?}"
[[ $SSM_mount == /* ]] || die "mount: \"$SSM_mount\" does not begin with /"

complete=true
sizes=$(timeout 60 nice -n 19 du -x -k --max-depth=5 -- "$SSM_mount" 2>/dev/null) || complete=false
largest=$(printf '%s\n' "$sizes" | awk -F '\t' '
  NF == 2 { size[$2] = $1 }
  END {
    for (path in size) {
      parent = path
      sub(/\/[^\/]*$/, "", parent)
      if (parent == "") parent = "/"
      if (parent != path && parent in size && size[path] >= 0.9 * size[parent]) told[parent] = 1
    }
    for (path in size) if (!(path in told) && size[path] >= 1024) printf "%d\t%s\n", size[path] / 1024, path
  }' | sort -rn | awk 'NR <= 10')

folders=()
while IFS=$'\t' read -r size path; do
  if [[ -n $size ]]; then folders+=("{\"path\":$(json_string "$path"),\"mb\":$size}"); fi
done < <(printf '%s\n' "$largest")
printf '{"folders":%s,"complete":%s}\n%s\n' "$(json_array "${folders[@]}")" "$complete" "$largest"
