# What the end of a container's log says of the database and of connections: whether the application has found its way back.
. parts/docker-time.sh
: "${SSM_container?}" "${SSM_tail?}"
whole_number tail "$SSM_tail"

found=true started=null
if state=$(timeout 20 docker inspect --format "${open}.State.StartedAt}}" "$SSM_container" 2>&1); then
  epoch "$state"
  if [[ -n $REPLY ]]; then started=$(($(date +%s) - REPLY)); fi
elif [[ ${state,,} == *'no such'* ]]; then
  found=false
else
  die "docker inspect $SSM_container: ${state:0:300}"
fi

log=''
if $found; then
  log=$(timeout 20 docker logs --tail "$SSM_tail" "$SSM_container" 2>&1 | tr -d '\000\r' | cut -b 1-500) ||
    die "docker logs $SSM_container: ${log: -300}"
fi
lines=() failures=0 last=none
while IFS= read -r line; do
  if [[ ${line,,} != *database* && ${line,,} != *connection* ]]; then continue; fi
  lines+=("${line:0:200}")
  last=other
  case ${line,,} in
    *refused* | *'timed out'* | *timeout* | *'too many clients'* | *'remaining connection slots'* | *'could not connect'* | *'starting up'* | *'closed'* | *'terminat'*)
      failures=$((failures + 1)) last=failure
      ;;
  esac
done < <(printf '%s' "${log:+$log$'\n'}")
printf '{"found":%s,"startedSecondsAgo":%s,"lines":%d,"failures":%d,"last":"%s","lastLine":%s}\n' \
  "$found" "$started" "${#lines[@]}" "$failures" "$last" "$(json_string "${lines[-1]-}")"
printf '%s\n' "$log" | bounded 60
