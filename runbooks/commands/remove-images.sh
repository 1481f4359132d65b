# Removes exactly the images given, unless something uses them.
. parts/docker-sizes.sh
. parts/docker-lists.sh
. parts/remove-images.sh
: "${SSM_ids?}"

removed=() kept=() freed=0
split_words "$SSM_ids"
remove_images "${words[@]}"
printf '{"removed":%s,"kept":%s,"freedMb":%s}\n' "$(json_strings "${removed[@]}")" \
  "$(json_array "${kept[@]}")" "$(megabytes "$freed")"
