# Speaking to PostgreSQL inside its container, with its own psql, as its superuser: for that role it keeps some connections
# back, so this one comes about when every other is taken.
# shellcheck shell=bash

# Says the SQL that comes in, bounded in time at the server too: what is cut off here ends there. Values go in as variables
# (`-v name=value`, then :'name' or :"name"), which psql puts in quotes. Prints rows with their columns separated by `|`.
postgres() { # seconds database psql's-own-words
  local seconds=$1 database=$2
  shift 2
  timeout "$((seconds + 10))" docker exec -i -e PGCONNECT_TIMEOUT=5 \
    -e PGOPTIONS="-c statement_timeout=${seconds}s -c client_min_messages=warning" \
    "${SSM_container?}" psql -X -q -A -t -w -v ON_ERROR_STOP=1 -U "${SSM_user?}" -d "$database" "$@" -f -
}

# The database for what must not be connected to the one that it is about.
MAINTENANCE=postgres
