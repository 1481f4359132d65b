# The databases that a restore makes beside the one that it replaces.
# shellcheck shell=bash

# What is being restored, and not yet in place. The name is ours: whatever is called so was left by a restore that was cut off.
restore_name() {
  restoring=${SSM_database?}_firebreak_restore
  [[ $SSM_database != "$MAINTENANCE" && $SSM_database != template* ]] || die "Refused: $SSM_database is PostgreSQL's own database."
  # PostgreSQL cuts longer names, and then two of them could be the same.
  ((${#SSM_database} <= 40)) || die "Refused: the name $SSM_database is too long for the names that are made of it."
}

# Whether the database lets anybody in: `open`, `closed`, or nothing where there is none.
door_of() { # database
  postgres 10 "$MAINTENANCE" -v name="$1" < <(printf '%s\n' \
    "SELECT CASE WHEN datallowconn THEN 'open' ELSE 'closed' END FROM pg_database WHERE datname = :'name';")
}

open_door() { # database
  postgres 10 "$MAINTENANCE" -v name="$1" < <(printf '%s\n' 'ALTER DATABASE :"name" ALLOW_CONNECTIONS true;')
}

# Removes what is called like an unfinished restore, with whoever still works on it.
drop_restoring() {
  postgres 60 "$MAINTENANCE" -v name="$restoring" < <(printf '%s\n' \
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :'name';" \
    'DROP DATABASE IF EXISTS :"name";')
}
