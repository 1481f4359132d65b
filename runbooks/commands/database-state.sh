# Whether the database takes connections, how many it has, and whether its log tells of a full disk, a panic or damaged data.
. parts/docker-time.sh
: "${SSM_container?}" "${SSM_user?}" "${SSM_database?}"

state=missing started=null
if found=$(timeout 20 docker inspect --format "${open}.State.Status}}|${open}.State.StartedAt}}" "$SSM_container" 2>&1); then
  state=${found%%|*}
  epoch "${found#*|}"
  if [[ -n $REPLY ]]; then started=$(($(date +%s) - REPLY)); fi
elif [[ ${found,,} != *'no such'* ]]; then
  die "docker inspect $SSM_container: ${found:0:300}"
fi

accepting=unknown answer='' connections=null most=null too_many=false log=''
if [[ $state == running ]]; then
  answer=$(timeout 15 docker exec "$SSM_container" pg_isready -U "$SSM_user" 2>&1) || true
  case $answer in
    *'accepting connections'*) accepting=accepting ;;
    *'rejecting connections'*) accepting=rejecting ;;
    *'no response'*) accepting=no-response ;;
  esac
fi
if [[ $accepting == accepting ]]; then
  counts=$(timeout 15 docker exec "$SSM_container" psql -U "$SSM_user" -d "$SSM_database" -At \
    -c 'SELECT count(*) FROM pg_stat_activity;' -c 'SHOW max_connections;' 2>&1) || true
  if [[ $counts =~ ^([0-9]+)$'\n'([0-9]+)$ ]]; then connections=${BASH_REMATCH[1]} most=${BASH_REMATCH[2]}; fi
  if [[ $counts == *'too many clients'* || $counts == *'remaining connection slots'* ]]; then too_many=true; fi
  answer+=$'\n'$counts
fi
if [[ $state != missing ]]; then
  log=$(timeout 20 docker logs --tail 50 "$SSM_container" 2>&1 | tr -d '\000\r' | cut -b 1-1000) || true
fi
full=false panic=false damaged=false
if [[ $log == *'No space left on device'* ]]; then full=true; fi
if [[ $log == *'PANIC:'* ]]; then panic=true; fi
# PostgreSQL's words for what it reads and cannot believe.
for sign in 'invalid page' 'page verification failed' 'could not read block' 'unexpected zero page'; do
  if [[ $log == *"$sign"* ]]; then damaged=true; fi
done

printf '{"state":%s,"startedSecondsAgo":%s,"accepting":"%s","connections":%s,"maxConnections":%s,"tooManyClients":%s' \
  "$(json_string "$state")" "$started" "$accepting" "$connections" "$most" "$too_many"
printf ',"diskFull":%s,"panic":%s,"damaged":%s}\n' "$full" "$panic" "$damaged"
printf '%s\n%s\n' "$answer" "$log" | bounded 60
