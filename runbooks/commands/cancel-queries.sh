# Cancels queries, each only if it is still the very query that was seen, and still nothing that must be let finish.
. parts/queries.sh
: "${SSM_container?}" "${SSM_user?}" "${SSM_database?}" "${SSM_role?}" "${SSM_queries?}"
[[ $SSM_role =~ ^[A-Za-z_][A-Za-z0-9_-]{0,62}$ ]] || die 'role: expected the name of a role'
split_words "$SSM_queries"
((${#words[@]} > 0 && ${#words[@]} <= 20)) || die 'queries: expected one to twenty'

# shellcheck disable=SC2059
same="$(printf "$MICROS" backend_start) = %s AND $(printf "$MICROS" query_start) = %s"
ask() { timeout 20 docker exec "$SSM_container" psql -U "$SSM_user" -d "$SSM_database" -At -c "$1"; }

cancelled=() gone=()
for query in "${words[@]}"; do
  [[ $query =~ ^([0-9]{1,10}):([0-9]{1,17}):([0-9]{1,17})$ ]] || die "queries: expected pid:start:start, got \"${query:0:60}\""
  pid=${BASH_REMATCH[1]}
  # shellcheck disable=SC2059
  is_it="a.pid = $pid AND a.state = 'active' AND $(printf "$same" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}")"
  said=$(ask "SELECT pg_cancel_backend(a.pid) FROM pg_stat_activity a WHERE $is_it AND a.usename = '$SSM_role' AND $ORDINARY") ||
    die 'The database can not be asked.'
  case $said in
    t) cancelled+=("$query|$is_it") ;;
    '') gone+=("$pid") ;;
    *) die "PostgreSQL did not cancel $pid: \"${said:0:100}\"" ;;
  esac
done

# It is a request: the query ends at the next place where it looks for one.
ended=() running=()
if ((${#cancelled[@]} > 0)); then sleep 3; fi
for one in "${cancelled[@]}"; do
  left=$(ask "SELECT 1 FROM pg_stat_activity a WHERE ${one#*|}") || die 'The database can not be asked any more.'
  if [[ -z $left ]]; then ended+=("${one%%:*}"); else running+=("${one%%:*}"); fi
done
printf '{"cancelled":%s,"gone":%s}\n' "$(json_array "${ended[@]}")" "$(json_array "${gone[@]}")"
((${#running[@]} == 0)) || die "Still running although cancelled: ${running[*]}"
