# Docker's own account of what it takes, in a line for each kind of thing.
. parts/docker-sizes.sh
. parts/docker-lists.sh
found=$(docker_takes 150 --format "${open}.Type}}|${open}.TotalCount}}|${open}.Active}}|${open}.Size}}|${open}.Reclaimable}}") ||
  die 'Docker does not answer.'
kinds=()
while IFS='|' read -r kind total active size reclaimable; do
  if ! is_whole "$total" || ! is_whole "$active"; then continue; fi
  bytes_of "$size"
  fact="{\"kind\":$(json_string "$kind"),\"total\":$total,\"active\":$active,\"mb\":$(megabytes "$REPLY")"
  # `1.2GB (30%)`
  bytes_of "${reclaimable%% *}"
  kinds+=("$fact,\"reclaimableMb\":$(megabytes "$REPLY")}")
done < <(printf '%s\n' "$found")
((${#kinds[@]} > 0)) || die "Docker does not tell what it takes: \"${found:0:200}\""
printf '{"kinds":%s}\n' "$(json_array "${kinds[@]:0:10}")"
printf '%s\n' "$found" | bounded 10
