# Removes exactly the entries of the build cache given, unless a build uses them.
. parts/docker-sizes.sh
: "${SSM_ids?}"

freed=0 removed=0
split_words "$SSM_ids"
waiting=("${words[@]}")
# An entry stays as long as another is built on it, so it may take several rounds.
for _ in 1 2 3 4 5; do
  left=()
  for id in "${waiting[@]}"; do
    said=$(timeout 60 docker builder prune --force --filter "id=$id" 2>&1) || die "docker builder prune: ${said:0:300}"
    if [[ $said != *"$id"* ]]; then
      left+=("$id")
      continue
    fi
    removed=$((removed + 1))
    bytes_of "$(printf '%s\n' "$said" | awk '/^Total/ { print $NF }')"
    freed=$((freed + REPLY))
  done
  if ((${#left[@]} == 0 || ${#left[@]} == ${#waiting[@]})); then break; fi
  waiting=("${left[@]}")
done
printf '{"freedMb":%s,"removed":%d,"kept":%s}\n' "$(megabytes "$freed")" "$removed" "$(json_strings "${left[@]}")"
