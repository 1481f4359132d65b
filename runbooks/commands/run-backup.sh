# Runs the backup script where it lives, in its container, and looks at what it made.
#
# Cut off half-way, the script goes on in its container: the next one finds it running, and stays away.
. parts/backups.sh
. parts/archive.sh
. parts/running-backups.sh
. parts/room.sh
: "${SSM_container?}" "${SSM_script?}" "${SSM_folder?}" "${SSM_prefix?}" "${SSM_lastBytes?}"
whole_number lastBytes "$SSM_lastBytes"
last=$((10#$SSM_lastBytes))

found=$(running_backups "$SSM_script") || die 'Refused: the processes of this host can not be read.'
[[ -z $found ]] || die "Refused: a backup runs already: ${found:0:300}"
read_backups "$SSM_folder" "$SSM_prefix"
free=$(free_kb "$SSM_folder")
((free * 1024 >= 2 * last)) ||
  die "Refused: $SSM_folder has $((free / 1024)) MB free, and the last good backup has $(megabytes "$last") MB. Twice that is needed."

# What was there, and had that size: a script may write to the same name again.
before=' '
for ((at = 0; at < ${#names[@]}; at++)); do before+="${names[at]}|${sizes[at]}|"; done
begun=$(date +%s) status=0
said=$(timeout 3000 docker exec "$SSM_container" "$SSM_script" 2>&1 | tr -d '\000\r' | tail -c 4000) || status=$?
took=$(($(date +%s) - begun))

read_backups "$SSM_folder" "$SSM_prefix"
new=-1 state=none name='' bytes=0
for ((at = ${#names[@]} - 1; at >= 0; at--)); do
  # Its file's time may be a second before ours.
  if ((ages[at] <= took + 2)) && [[ $before != *"${names[at]}|${sizes[at]}|"* ]]; then new=$at; fi
done
if ((new >= 0)); then
  name=${names[new]} bytes=${sizes[new]}
  archive_state "$SSM_folder/$name" 420
  state=$REPLY
fi
printf '{"exitCode":%d,"name":%s,"bytes":%d,"state":"%s","tookSeconds":%d}\n' "$status" "$(json_string "$name")" "$bytes" "$state" "$took"
printf 'What the script said:\n%s\nThe newest backups:\n' "$(printf '%s\n' "$said" | bounded 40)"
list_newest "$SSM_folder"

# A failure that is found here is found before anybody waits for a verification.
((status != 124)) || die "$SSM_script has not ended within 50 minutes. It may go on in $SSM_container."
((status == 0)) || die "$SSM_script failed with exit code $status: $(printf "%s" "$said" | tail -c 300)"
((new >= 0)) || die "$SSM_script ended well, and there is no new file $SSM_folder/$SSM_prefix*.sql.gz."
case $state in
  broken) die "$name does not unpack to its end (gzip -t)." ;;
  incomplete) die "$name lacks the line that a dump ends with: it broke off." ;;
  unchecked) die "$name could not be unpacked within seven minutes, so nobody knows whether it is whole." ;;
esac
((bytes * 2 >= last)) || die "$name has $(megabytes "$bytes") MB, less than half of the last good one's $(megabytes "$last") MB."
