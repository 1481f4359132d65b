# Who is connected to the database: how many, whose, and how many of the application's own sit idle for long.
. parts/postgres.sh
: "${SSM_database?}" "${SSM_role?}" "${SSM_idleSeconds?}"
whole_number idleSeconds "$SSM_idleSeconds"

said=$(postgres 10 "$SSM_database" -v role="$SSM_role" -v idleSeconds="$SSM_idleSeconds" < <(printf '%s\n' "
SELECT current_setting('max_connections'),
  current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true), '0')::int,
  count(*),
  count(*) FILTER (WHERE usename = :'role'),
  count(*) FILTER (WHERE usename = :'role' AND state = 'active'),
  count(*) FILTER (WHERE usename = :'role' AND state LIKE 'idle in transaction%'),
  count(*) FILTER (WHERE usename = :'role' AND state = 'idle'),
  count(*) FILTER (WHERE usename = :'role' AND state = 'idle' AND state_change < now() - make_interval(secs => :idleSeconds)),
  coalesce((SELECT CASE WHEN rolsuper THEN 'superuser' ELSE 'ordinary' END FROM pg_roles WHERE rolname = :'role'), 'missing')
FROM pg_stat_activity WHERE backend_type = 'client backend';
SELECT usename, state, count(*), max(now() - state_change)::text
FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY usename, state ORDER BY 3 DESC LIMIT 30;") 2>&1) || true
first=${said%%$'\n'*}
if [[ $first =~ ^([0-9]+)\|([0-9]+)\|([0-9]+)\|([0-9]+)\|([0-9]+)\|([0-9]+)\|([0-9]+)\|([0-9]+)\|(superuser|ordinary|missing)$ ]]; then
  n=("${BASH_REMATCH[@]}")
  printf '{"asked":true,"error":"","most":%d,"reserved":%d,"clients":%d' "${n[1]}" "${n[2]}" "${n[3]}"
  printf ',"application":{"all":%d,"active":%d,"inTransaction":%d,"idle":%d,"idleLong":%d},"role":"%s"}\n' \
    "${n[4]}" "${n[5]}" "${n[6]}" "${n[7]}" "${n[8]}" "${n[9]}"
else
  printf '{"asked":false,"error":%s,"most":0,"reserved":0,"clients":0,"application":{"all":0,"active":0,' "$(json_string "${said:0:300}")"
  printf '"inTransaction":0,"idle":0,"idleLong":0},"role":"missing"}\n'
fi
printf 'role | state | sessions | longest in that state\n%s\n' "$said" | bounded 40
