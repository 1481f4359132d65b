# Takes back what add-workers did: the service is what the compose file says again, unless somebody has changed that meanwhile.
. parts/stack.sh
. parts/override.sh
whole_number stopTimeout "${SSM_stopTimeout?}"

if [ ! -e "$override" ]; then
  printf '{"restored":false,"says":"there is nothing to take back"}\n'
  exit 0
fi
find_compose || die 'Compose can not be used on this host.'
hash_of compose
file=$REPLY
[[ -n $file ]] || die 'Compose can not read the compose file.'
read_running
noted file && noted_file=$REPLY
noted made && made=$REPLY
noted image && image=$REPLY

if [[ $running_count == 1 && $running_hash == "$file" && $running_state == running ]]; then
  # It was never brought up, or somebody has deployed since.
  rm -f -- "$override"
  printf '{"restored":false,"says":"what runs is what the compose file says"}\n'
  exit 0
fi
# Anything else than our own change is somebody's, and theirs to bring up.
[[ $file == "$noted_file" ]] || die "The compose file has changed since workers were added: bring $SSM_service up by hand."
if [[ -n $running_id ]]; then
  [[ $running_hash == "$made" || $running_hash == "$file" ]] || die "$SSM_service was made anew by somebody else since workers were added."
  same_image "$running_name" "$image" || die "The name $running_name means another image since workers were added: bring $SSM_service up by hand."
fi
said=$(bring_up compose 2>&1) || true
read_running
[[ $running_count == 1 && $running_state == running && $running_hash == "$file" ]] || {
  printf '%s\n' "$said" | bounded 40
  die "$SSM_service does not run as the compose file says: ${running_state:-it has no container}."
}
rm -f -- "$override"
printf '{"restored":true,"says":"it is what the compose file says again"}\n'
printf '%s\n' "$said" | bounded 40
