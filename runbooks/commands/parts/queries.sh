# What of PostgreSQL's sessions may be cancelled: the same words for whoever lists them and whoever does it.
# shellcheck shell=bash

# Dumps, restores, migrations and replication by the name that they give themselves.
UNTOUCHABLE='(dump|restore|backup|migrat|alembic|flyway|liquibase|replic|walreceiver|basebackup)'

# SQL: whether a session `a` only reads and writes rows, for somebody who can ask again.
ORDINARY="a.backend_type = 'client backend' AND a.application_name !~* '$UNTOUCHABLE'"
ORDINARY+=" AND a.query ~* '^[[:space:](]*(select|with|insert|update|delete|values|table)[[:space:](*]'"
ORDINARY+=" AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.granted AND l.mode = 'AccessExclusiveLock' AND l.locktype = 'relation')"

MICROS='(extract(epoch FROM a.%s) * 1000000)::bigint'
