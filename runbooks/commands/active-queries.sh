# Which queries run for long, whose they are and what they wait for. Their text without the values in it: those may be anybody's data.
. parts/queries.sh
: "${SSM_container?}" "${SSM_user?}" "${SSM_database?}" "${SSM_role?}"
whole_number overSeconds "${SSM_overSeconds?}"
[[ $SSM_role =~ ^[A-Za-z_][A-Za-z0-9_-]{0,62}$ ]] || die 'role: expected the name of a role'

# shellcheck disable=SC2059
sql="SELECT a.pid, $(printf "$MICROS" backend_start), $(printf "$MICROS" query_start),
  extract(epoch FROM now() - a.query_start)::bigint, coalesce(a.usename, ''), coalesce(a.backend_type, ''),
  coalesce(a.wait_event_type || ':' || a.wait_event, ''), (a.usename = '$SSM_role' AND $ORDINARY),
  translate(a.application_name, E'|\n\r\t', '    '), translate(left(a.query, 2000), E'|\n\r\t', '    ')
  FROM pg_stat_activity a
  WHERE a.state = 'active' AND a.pid <> pg_backend_pid() AND now() - a.query_start > make_interval(secs => $((10#$SSM_overSeconds)))
  ORDER BY a.query_start LIMIT 20"
readable=true
found=$(timeout 20 docker exec "$SSM_container" psql -U "$SSM_user" -d "$SSM_database" -At -F '|' -c "$sql" 2>&1) || readable=false

# A query's text without values. Where quoting is not plain, everything behind the first quote goes.
redacted() { # text, into REPLY
  REPLY=$(printf '%s\n' "$1" | awk 'NR == 1 {
    gsub(/[[:cntrl:]]/, " ")
    gsub(/\/\*[^*]*\*+([^\/*][^*]*\*+)*\//, " ")
    if ($0 ~ /\\|\$[A-Za-z_]*\$|"[^"]*\047|--|\/\*/) { sub(/(\047|--|\/\*|\$[A-Za-z_]*\$).*$/, "? ...") }
    gsub(/\047[^\047]*(\047|$)/, "?")
    gsub(/[0-9]+(\.[0-9]+)?/, "?")
    print substr($0, 1, 200)
  }')
}

queries=()
if [[ $readable == true ]]; then
  while IFS='|' read -r pid backend_start query_start seconds user type waits cancellable application text; do
    if [[ -z $pid ]]; then continue; fi
    for number in "$pid" "$backend_start" "$query_start" "$seconds"; do
      if ! [[ $number =~ ^(0|[1-9][0-9]{0,16})$ ]]; then readable=false; fi
    done
    if [[ $readable == false || ($cancellable != t && $cancellable != f) ]]; then
      readable=false
      break
    fi
    redacted "$text"
    fact="{\"pid\":$pid,\"id\":\"$pid:$backend_start:$query_start\",\"seconds\":$seconds,\"role\":$(json_string "${user:0:63}")"
    fact+=",\"kind\":$(json_string "${type:0:40}"),\"application\":$(json_string "${application:0:63}"),\"waitsFor\":$(json_string "${waits:0:80}")"
    if [[ $cancellable == t ]]; then fact+=',"ordinary":true'; else fact+=',"ordinary":false'; fi
    queries+=("$fact,\"text\":$(json_string "$REPLY")}")
  done < <(printf '%s\n' "$found")
fi
if [[ $readable == false ]]; then queries=(); fi
printf '{"readable":%s,"queries":%s}\n' "$readable" "$(json_array "${queries[@]}")"
if [[ $readable == false ]]; then printf '%s\n' "$found" | bounded 5; fi
