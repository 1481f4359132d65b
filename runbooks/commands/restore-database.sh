# Restores a backup into a new database beside the one that there is, and gives it that one's name when it is whole. Until the
# names are exchanged, which is one transaction, the old data is in its place; afterwards it is there under another name.
. parts/postgres.sh
. parts/dump.sh
. parts/restored.sh
: "${SSM_role?}" "${SSM_folder?}" "${SSM_backup?}" "${SSM_bytes?}" "${SSM_roomMb?}"
whole_number bytes "$SSM_bytes"
whole_number roomMb "$SSM_roomMb"
[[ $SSM_backup =~ ^[A-Za-z0-9._-]+\.sql\.gz$ ]] || die 'backup: expected the name of a file, *.sql.gz'
restore_name
file=$SSM_folder/$SSM_backup
kept=${SSM_database}_before_$(date +%Y%m%d%H%M%S)

unchanged() { die "Nothing was changed, $SSM_database is what it was: $*"; }

# --- Before anything is made
size=$(find "$file" -maxdepth 0 -type f -printf '%s' 2>/dev/null) || unchanged "there is no file $file"
[[ $size == "$SSM_bytes" ]] || unchanged "$SSM_backup has $size bytes now, not the $SSM_bytes that were looked at"
read_dump "$file" 1200 || unchanged "$SSM_backup could not be read"
$intact || unchanged "$SSM_backup cannot be unpacked to its end"
$complete || unchanged "$SSM_backup does not end as a whole dump of one database does"
[[ -z $foreign ]] || unchanged "$SSM_backup would do more than fill a database: $foreign"

was=$(door_of "$SSM_database" 2>&1) || unchanged "PostgreSQL could not be asked: ${was:0:300}"
# Left by a restore that was cut off while nobody was to come in.
if [[ $was == closed ]]; then open_door "$SSM_database" || unchanged 'it lets nobody in, and could not be opened'; fi
dumps=$(postgres 10 "$MAINTENANCE" -v name="$SSM_database" < <(printf '%s\n' \
  "SELECT count(*) FROM pg_stat_activity WHERE datname = :'name' AND application_name = 'pg_dump';"))
[[ $dumps == 0 ]] || unchanged "a dump of it is being made, which this would end"
drop_restoring >/dev/null || unchanged 'what an earlier restore has left could not be removed'
sources=$(timeout 20 docker inspect --format "${open}range .Mounts}}${open}.Source}} ${open}end}}" "$SSM_container") ||
  unchanged 'Docker does not answer'
split_words "$sources"
for place in "${words[@]}" "$(timeout 20 docker info --format "${open}.DockerRootDir}}")"; do
  free=$(df -P -k -- "$place" | awk 'NR == 2 { printf "%d", $4 / 1024 }')
  ((free >= 10#$SSM_roomMb)) || unchanged "$place has $free MB free, and a second copy needs $SSM_roomMb MB"
done

# --- The new database, as the old one is: owner, encoding, locale, settings, rights
give_up() {
  drop_restoring >/dev/null 2>&1 || printf 'The unfinished %s could not be removed.\n' "$restoring" >&2
  unchanged "$@"
}
said=$(postgres 120 "$MAINTENANCE" -v name="$SSM_database" -v new="$restoring" -v role="$SSM_role" -v backup="$SSM_backup" < <(printf '%s\n' "
SELECT format('CREATE DATABASE %I TEMPLATE template0 OWNER %I ENCODING %L LC_COLLATE %L LC_CTYPE %L', :'new',
    pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype) ||
  CASE to_jsonb(d) ->> 'datlocprovider'
    WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'))
    WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', to_jsonb(d) ->> 'datlocale')
    ELSE '' END
FROM pg_database AS d WHERE datname = :'name'
UNION ALL
SELECT format('CREATE DATABASE %I TEMPLATE template0 OWNER %I', :'new', :'role')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec
SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', :'new', datconnlimit) FROM pg_database WHERE datname = :'name' \\gexec
SELECT CASE s.setrole WHEN 0 THEN format('ALTER DATABASE %I SET ', :'new')
    ELSE format('ALTER ROLE %I IN DATABASE %I SET ', pg_get_userbyid(s.setrole), :'new') END ||
  format('%I TO ', split_part(one, '=', 1)) ||
  CASE WHEN split_part(one, '=', 1) IN ('search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries')
    THEN substr(one, strpos(one, '=') + 1) ELSE quote_literal(substr(one, strpos(one, '=') + 1)) END
FROM pg_db_role_setting AS s JOIN pg_database AS d ON d.oid = s.setdatabase, unnest(s.setconfig) AS one
WHERE d.datname = :'name' \\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'new') FROM pg_database WHERE datname = :'name' AND datacl IS NOT NULL \\gexec
SELECT format('GRANT %s ON DATABASE %I TO %s', a.privilege_type, :'new',
  CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
FROM pg_database AS d, aclexplode(d.datacl) AS a WHERE d.datname = :'name' \\gexec
") 2>&1) || give_up "the new database could not be made: ${said: -500}"

# All of it or nothing, at the first statement that fails.
said=$(
  gzip -dc -- "$file" | timeout 3000 docker exec -i -e PGOPTIONS='-c client_min_messages=warning' "$SSM_container" \
    psql -X -q -w -1 -v ON_ERROR_STOP=1 -U "$SSM_user" -d "$restoring" -f - 2>&1 >/dev/null
) || give_up "a statement of $SSM_backup failed: ${said:0:700}"

# What arrived is counted, not believed. Extensions may bring rows of their own.
counted=$(postgres 600 "$restoring" < <(printf '%s\n' "
SELECT format('SELECT count(*) FROM ONLY %I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') \\gexec") 2>&1) || give_up "its rows could not be counted: ${counted: -300}"
read -r arrived number < <(printf '%s\n' "$counted" | awk '/^[0-9]+$/ { rows += $1; n++ } END { printf "%d %d\n", rows, n }')
((arrived >= rows)) || give_up "$rows rows are in $SSM_backup, and $arrived arrived"
# Without statistics the first queries would be slow; PostgreSQL gathers them by itself otherwise.
postgres 600 "$restoring" < <(printf 'ANALYZE;\n') >/dev/null 2>&1 || true

# --- The names, exchanged in one transaction while nobody is connected
again_open() {
  if [[ $(door_of "$SSM_database" 2>/dev/null) == closed ]]; then
    open_door "$SSM_database" >/dev/null 2>&1 || printf '%s lets nobody in: ALTER DATABASE %s ALLOW_CONNECTIONS true\n' "$SSM_database" "$SSM_database" >&2
  fi
}
trap again_open EXIT
note="firebreak: restored from $SSM_backup at $(date +%s)"
said=$(postgres 60 "$MAINTENANCE" -v name="$SSM_database" -v new="$restoring" -v kept="$kept" -v note="$note" < <(printf '%s\n' "
COMMENT ON DATABASE :\"new\" IS :'note';
SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS false', datname) FROM pg_database WHERE datname = :'name' \\gexec
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname IN (:'name', :'new');
SELECT pg_sleep(1);
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname IN (:'name', :'new');
BEGIN;
SELECT format('ALTER DATABASE %I RENAME TO %I', datname, :'kept') FROM pg_database WHERE datname = :'name' \\gexec
ALTER DATABASE :\"new\" RENAME TO :\"name\";
SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', datname) FROM pg_database WHERE datname = :'kept' \\gexec
COMMIT;") 2>&1) || {
  # An answer that got lost is no failure: the old data's new name tells whether they were exchanged.
  if [[ -z $was || -z $(door_of "$kept") ]]; then
    again_open
    give_up "the names could not be exchanged: ${said: -500}"
  fi
}
trap - EXIT
if [[ -z $was ]]; then kept=''; fi
printf '{"database":%s,"backup":%s,"kept":%s,"tables":%d,"rows":%d}\n' \
  "$(json_string "$SSM_database")" "$(json_string "$SSM_backup")" "$(json_string "$kept")" "$number" "$arrived"
