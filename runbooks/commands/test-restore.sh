# Restores a backup into a PostgreSQL of its own, in a scratch container of the running database's image, and counts.
#
# The scratch container has no network, no port and a limit of memory. Its first process reads from this script and ends with
# it: whatever cuts the script off, even SIGKILL, ends the container, and Docker removes it with its volume.
. parts/archive.sh
. parts/restore-test.sh
. parts/room.sh
: "${SSM_container?}" "${SSM_user?}" "${SSM_database?}" "${SSM_folder?}" "${SSM_name?}" "${SSM_memoryMb?}"
whole_number memoryMb "$SSM_memoryMb"
[[ $SSM_name =~ ^[A-Za-z0-9][A-Za-z0-9._-]*\.sql\.gz$ ]] || die 'name: expected the name of a backup'
backup=$SSM_folder/$SSM_name memory_mb=$((10#$SSM_memoryMb)) begun=$SECONDS
scratch=$SCRATCH_PREFIX$(date +%s)-$BASHPID

image=$(timeout 20 docker inspect --format "${open}.Image}}" "$SSM_container" 2>&1) || die "docker inspect $SSM_container: ${image:0:300}"
[[ $image =~ ^sha256:[0-9a-f]{64}$ ]] || die "$SSM_container has no image with an id."

# What an earlier test has left behind, though it should have gone by itself: it may be going just now, and then Docker refuses.
for ((tries = 20; ; tries--)); do
  left=$(scratch_containers "$SSM_container") || die 'Docker does not list its containers.'
  split_words "${left//$'\n'/ }"
  if ((${#words[@]} == 0)); then break; fi
  for id in "${words[@]}"; do [[ $id =~ ^[0-9a-f]{64}$ ]] || die "Docker tells an id that is none: \"${id:0:100}\""; done
  ((tries > 0)) || die "What an earlier test has left can not be removed: ${said:0:300}"
  if said=$(docker rm --force --volumes "${words[@]}" 2>&1); then continue; fi
  sleep 0.5
done

archive_state "$backup" 420
[[ $REPLY == whole ]] || die "Refused: $SSM_name is $REPLY."
# What the dump holds: a line with the count and the name for each table that has rows as COPY, and last the number of tables.
in_dump=$(gzip -dc -- "$backup" | awk '
  copying && $0 == "\\." { print rows "|" table; copying = 0; next }
  copying { rows++; next }
  /^COPY .* FROM stdin;$/ { table = $0; sub(/^COPY /, "", table); sub(/ *(\(.*\))? FROM stdin;$/, "", table); rows = 0; copying = 1 }
  /^CREATE (UNLOGGED )?TABLE / { tables++ }
  { bytes += length($0) + 1 }
  END { print tables + 0 "|" int(bytes / 1048576) + 1 }')
summary=${in_dump##*$'\n'}
in_dump=${in_dump%"$summary"}
tables_in_dump=${summary%|*} unpacked_mb=${summary#*|}

# Tables, their indexes and the log of what was written: three times the dump, and a server without anything.
root=$(docker_root)
room=$(free_kb "$root")
room=$((room / 1024))
((room >= 3 * unpacked_mb + 200)) || die "Refused: $root has $room MB free, and the restore may take $((3 * unpacked_mb + 200)) MB."
available=$(available_memory_mb)
((available >= memory_mb + 256)) || die "Refused: $available MB of memory are available, and the scratch container may take $memory_mb MB."

# What is done in the container. Each is a program for its shell, with a name for $0; none holds anything from outside.
# shellcheck disable=SC2016
{
  # Official images have the server on the PATH; Debian's package has not.
  tools='for bin in /usr/lib/postgresql/*/bin; do PATH=$PATH:$bin; done; export PATH LC_ALL=C PGHOST=/restore PGCONNECT_TIMEOUT=10; '
  prepare='chown postgres /restore'
  # Nothing here must outlive a crash, so nothing waits for a disk.
  begin=$tools'set -eu
    initdb -D /restore/data -A trust -U "$1" -E UTF8 >/restore/log 2>&1 || { tail -n 5 /restore/log >&2; exit 1; }
    postgres -D /restore/data -c listen_addresses= -c unix_socket_directories=/restore -c fsync=off -c full_page_writes=off \
      -c shared_buffers=32MB -c max_connections=10 </dev/null >>/restore/log 2>&1 &
    tries=60
    until pg_isready -q; do
      tries=$((tries - 1))
      [ "$tries" -gt 0 ] || { tail -n 5 /restore/log >&2; exit 1; }
      sleep 1
    done
    [ "$2" = postgres ] || psql -X -q -U "$1" -d postgres -c "CREATE DATABASE \"$2\" TEMPLATE template0"'
  load=$tools'exec psql -X -q -U "$1" -d "$2" -o /dev/null'
  count=$tools'exec psql -X -At -U "$1" -d "$2"'
}

remove_scratch() {
  timeout 60 docker rm --force --volumes "$scratch" >/dev/null 2>&1 || true
}
trap remove_scratch EXIT
exec {life}> >(exec docker run --rm --interactive --name "$scratch" --label "$SCRATCH_LABEL=$SSM_container" \
  --label "$SCRATCH_LABEL.backup=$backup" --pull never --network none --memory "${memory_mb}m" --memory-swap "${memory_mb}m" \
  --cpu-shares 128 --pids-limit 200 --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges --log-driver none \
  --volume /restore --entrypoint cat "$image" >/dev/null 2>&1)
for ((tries = 60; tries > 0; tries--)); do
  running=$(timeout 10 docker inspect --format "${open}.State.Running}}" "$scratch" 2>/dev/null) || true
  if [[ $running == true ]]; then break; fi
  sleep 0.5
done
[[ ${running-} == true ]] || die "The scratch container did not start within 30 s."

inside() { # user seconds program-name program words
  local user=$1 seconds=$2 name=$3 program=$4
  shift 4
  timeout "$seconds" docker exec --interactive --user "$user" "$scratch" sh -c "$program" "$name" "$@"
}
said=$(inside 0 30 prepare "$prepare" 2>&1 </dev/null) || die "The image has no user postgres: ${said:0:300}"
said=$(inside postgres 120 begin "$begin" "$SSM_user" "$SSM_database" 2>&1 </dev/null) ||
  die "The scratch server did not start: $(printf "%s" "$said" | tail -c 500)"

# A role that the dump names is none of the scratch server's; and a dump of everything makes what is there already.
status=0
failures=$(gzip -dc -- "$backup" | inside postgres 2400 load "$load" "$SSM_user" "$SSM_database" 2>&1 >/dev/null | tr -d '\000\r' | awk '
  !/(ERROR|FATAL|PANIC): / || /role "[^"]*" (does not exist|already exists)/ || /database "[^"]*" already exists/ { next }
  ++count <= 5 { print substr($0, 1, 300) }
  END { print count + 0 }') || status=$?
errors=${failures##*$'\n'}
if ((status != 0)); then errors=$((errors + 1)) failures="The restore ended with $status."$'\n'$failures; fi

# How many tables there are, beside the server's own and those of extensions; and the rows of each that the dump has rows for.
queries="SELECT 0, count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema)' AND NOT EXISTS
    (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e');"
queries+=$'\n'$(printf '%s' "$in_dump" | awk '{ sub(/^[0-9]+\|/, ""); print "SELECT " NR ", count(*) FROM ONLY " $0 ";" }')
counted=$(printf '%s\n' "$queries" | inside postgres 600 count "$count" "$SSM_user" "$SSM_database" 2>&1) || true
declare -A rows_of=()
while IFS='|' read -r number rows; do
  if [[ $number =~ ^[0-9]+$ && $rows =~ ^[0-9]+$ ]]; then rows_of[$number]=$rows; fi
done < <(printf '%s\n' "$counted")

number=0 rows_in_dump=0 rows=0 differing=() shown=''
while IFS='|' read -r expected table; do
  if [[ -z $table ]]; then continue; fi
  number=$((number + 1))
  got=${rows_of[$number]-null}
  rows_in_dump=$((rows_in_dump + expected))
  if [[ $got != null ]]; then rows=$((rows + got)); fi
  if [[ $got != "$expected" ]] && ((${#differing[@]} < 10)); then
    differing+=("{\"table\":$(json_string "$table"),\"rowsInDump\":$expected,\"rows\":$got}")
  fi
  shown+="$table: $expected rows in the dump, $got restored"$'\n'
done < <(printf '%s' "$in_dump")
tables=${rows_of[0]-0} good=false
# A dump without a table is none that anybody would want back.
if ((errors == 0 && ${#differing[@]} == 0 && tables_in_dump > 0 && tables >= tables_in_dump)); then good=true; fi

fact="\"good\":$good,\"backup\":$(json_string "$SSM_name"),\"tablesInDump\":$tables_in_dump,\"tables\":$tables,\"rowsInDump\":$rows_in_dump"
fact+=",\"rows\":$rows,\"differing\":$(json_array "${differing[@]}"),\"errors\":$errors,\"tookSeconds\":$((SECONDS - begun))"
restore_test_result "$SSM_container"
(umask 077 && mkdir -p -- "${REPLY%/*}")
printf '{"at":%s,%s}\n' "$(date +%s)" "$fact" >"$REPLY.new" && mv -f -- "$REPLY.new" "$REPLY"
printf '{%s}\n' "$fact"
printf '%s\n' "$failures" | head -n -1 | bounded 6
printf '%s' "$shown" | bounded 60
[[ $good == true ]] ||
  die "$SSM_name does not give back what it holds: $tables of $tables_in_dump tables, $rows of $rows_in_dump rows, $errors statements failed."
