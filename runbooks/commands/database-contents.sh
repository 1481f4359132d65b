# What the database holds now, when it was last used, and which databases restores have left beside it.
. parts/postgres.sh
. parts/dump.sh
: "${SSM_database?}" "${SSM_role?}"

there=null open_=false bytes=0 dumps=0 idle=null restored=null error='' kept=() leftover=false rows=null tables=''
now=$(date +%s)
words=(-v name="$SSM_database" -v role="$SSM_role")
if said=$(postgres 20 "$MAINTENANCE" "${words[@]}" < <(printf '%s\n' "
SELECT datname, datallowconn, pg_database_size(oid), coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database
WHERE datname IN (:'name', :'name' || '_firebreak_restore') OR left(datname, length(:'name') + 8) = :'name' || '_before_'
ORDER BY datname;
SELECT '-', count(*) FILTER (WHERE application_name = 'pg_dump'),
  coalesce((min(extract(epoch FROM now() - state_change)) FILTER (WHERE usename = :'role'))::int, -1), '' FROM pg_stat_activity
WHERE datname = :'name' AND (usename = :'role' OR application_name = 'pg_dump');") 2>&1); then
  there=false
  while IFS='|' read -r name one two note; do
    # Both numbers, and the size of a database, are counted with below.
    if ! is_whole "$two" || { [[ $name == - ]] && ! is_whole "$one"; }; then
      die "PostgreSQL can not be understood: of $name it says \"${one:0:100}|${two:0:100}\"."
    fi
    case $name in
      -)
        dumps=$one
        if ((two >= 0)); then idle=$two; fi
        ;;
      "$SSM_database")
        there=true bytes=$two
        if [[ $one == t ]]; then open_=true; fi
        if [[ $note =~ ^firebreak:\ restored\ from\ ([A-Za-z0-9._-]+)\ at\ ([0-9]{1,12})$ ]]; then
          restored="{\"from\":\"${BASH_REMATCH[1]}\",\"secondsAgo\":$((now - BASH_REMATCH[2]))}"
        fi
        ;;
      *_firebreak_restore) leftover=true ;;
      *_before_*)
        stamp=${name##*_before_}
        if [[ $stamp =~ ^[0-9]{14}$ ]]; then
          made=$(date -d "${stamp:0:4}-${stamp:4:2}-${stamp:6:2} ${stamp:8:2}:${stamp:10:2}:${stamp:12:2}" +%s)
          kept+=("{\"name\":$(json_string "$name"),\"mb\":$(megabytes "$two"),\"ageDays\":$(((now - made) / 86400))}")
        fi
        ;;
    esac
  done < <(printf '%s\n' "$said")
else
  error=$said
fi
if [[ $there == true && $open_ == true ]]; then
  # As PostgreSQL counts them: about right, and not a look at every row.
  if tables=$(postgres 20 "$SSM_database" < <(printf '%s\n' "
SELECT replace(s.schemaname || '.' || s.relname, ' ', '_'), greatest(s.n_live_tup, c.reltuples::bigint, 0)
FROM pg_stat_user_tables AS s JOIN pg_class AS c ON c.oid = s.relid ORDER BY 2 DESC;") 2>&1); then
    tables=${tables//|/ }
    rows=$(printf '%s\n' "$tables" | awk '{ rows += $2 } END { printf "%d", rows }')
  else
    error=$tables tables=''
  fi
fi
printf '{"there":%s,"open":%s,"mb":%s,"rows":%s,"tables":%s' "$there" "$open_" "$(megabytes "$bytes")" "$rows" \
  "$(table_facts "$(printf '%s\n' "$tables" | awk 'NR <= 20')")"
printf ',"lastUsedSecondsAgo":%s,"dumps":%d,"restored":%s,"leftover":%s,"kept":%s,"error":%s}\n' "$idle" "$dumps" "$restored" \
  "$leftover" "$(json_array "${kept[@]:0:20}")" "$(json_string "${error:0:300}")"
printf '%s\n%s\n' "$said" "$tables" | bounded 40
