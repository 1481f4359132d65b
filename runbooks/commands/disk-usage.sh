# How full each real file system of this host is, in space and in inodes.
kinds=(-l -x tmpfs -x devtmpfs -x overlay -x squashfs -x iso9660 -x efivarfs)
# df fails for one mount that it may not look at, having told of all the others.
space=$(timeout 20 df -P -k "${kinds[@]}") || [[ -n $space ]]
inodes=$(timeout 20 df -P -i "${kinds[@]}") || [[ -n $inodes ]]

filesystems=()
while read -r device size used available _ mount; do
  if [[ $device == Filesystem ]] || ! is_whole "$size" || ! is_whole "$used" || ! is_whole "$available"; then continue; fi
  # As df counts its percentage: without the blocks that only root may use.
  tenths=$((used + available > 0 ? 1000 * available / (used + available) : 0))
  inodes_used=$(printf '%s\n' "$inodes" | awk -v mount="$mount" '
    { percent = $5; place = $0; for (n = 1; n <= 5; n++) sub(/^[^ ]+ +/, "", place) }
    place == mount { print percent + 0 }')
  fact="{\"mount\":$(json_string "$mount"),\"device\":$(json_string "$device"),\"sizeMb\":$((size / 1024)),\"usedMb\":$((used / 1024))"
  filesystems+=("$fact,\"freePercent\":$((tenths / 10)).$((tenths % 10)),\"inodesUsedPercent\":${inodes_used:-0}}")
done < <(printf '%s\n' "$space")
((${#filesystems[@]} > 0)) || die 'df tells of no file system.'
printf '{"filesystems":%s}\n' "$(json_array "${filesystems[@]:0:40}")"
printf '%s\n%s\n' "$space" "$inodes" | bounded 60
