# Ends sessions of one role that have been idle for long: never an active one, never one in a transaction, never another role's.
# PostgreSQL looks and ends in one statement, so a session that has become active in between is not among them.
. parts/postgres.sh
: "${SSM_database?}" "${SSM_role?}" "${SSM_idleSeconds?}"
whole_number idleSeconds "$SSM_idleSeconds"

words=(-v role="$SSM_role" -v idleSeconds="$SSM_idleSeconds")
ask() { # seconds sql
  postgres "$1" "$SSM_database" "${words[@]}" < <(printf '%s\n' "$2")
}
number() { # what value
  [[ $2 =~ ^[0-9]+$ ]] || die "$1: PostgreSQL did not answer with a number: ${2:0:300}"
}
clients="SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend';"

kind=$(ask 10 "SELECT CASE WHEN rolsuper THEN 'superuser' ELSE 'ordinary' END FROM pg_roles WHERE rolname = :'role';")
[[ $kind == ordinary ]] || die "Refused: the role $SSM_role is ${kind:-not there}. No session was ended."
before=$(ask 10 "$clients")
number 'sessions before' "$before"
ended=$(ask 30 "SELECT count(*) FROM (
  SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
  WHERE usename = :'role' AND state = 'idle' AND state_change < now() - make_interval(secs => :idleSeconds)
    AND backend_type = 'client backend' AND pid <> pg_backend_pid()) AS each WHERE ended;")
number 'sessions ended' "$ended"
# They end by themselves once they are told; that takes them a moment.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  after=$(ask 10 "$clients")
  number 'sessions after' "$after"
  if ((ended == 0 || after <= before - ended)); then break; fi
  sleep 1
done
printf '{"before":%d,"ended":%d,"after":%d}\n' "$before" "$ended" "$after"
