# Removes exactly the containers, images and volumes given, in this order and without force: what is in use stays.
. parts/docker-sizes.sh
. parts/docker-lists.sh
. parts/remove-images.sh
: "${SSM_containers?}" "${SSM_images?}" "${SSM_volumes?}"

removed=() kept=() freed=0
split_words "$SSM_containers"
for container in "${words[@]}"; do
  if said=$(docker rm "$container" 2>&1); then removed+=("$container"); else keep "$container" "${said:0:200}"; fi
done

split_words "$SSM_images"
remove_images "${words[@]}"

split_words "$SSM_volumes"
volumes=("${words[@]}") sizes=''
# How large they were is told, and decides nothing.
if ((${#volumes[@]} > 0)); then
  sizes=$(docker_takes 120 --verbose --format "${open}json .Volumes}}" | json_rows 'Name Size') || sizes=''
fi
for volume in "${volumes[@]}"; do
  if said=$(docker volume rm "$volume" 2>&1); then
    removed+=("$volume")
    bytes_of "$(printf '%s\n' "$sizes" | awk -F '|' -v name="$volume" '$1 == name { print $2 }')"
    freed=$((freed + REPLY))
  else
    keep "$volume" "${said:0:200}"
  fi
done
printf '{"removed":%s,"kept":%s,"freedMb":%s}\n' "$(json_strings "${removed[@]}")" \
  "$(json_array "${kept[@]}")" "$(megabytes "$freed")"
