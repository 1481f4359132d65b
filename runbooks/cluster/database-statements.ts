/**
 * Fixed statements. psql puts the variables in as quoted values; each statement answers with one line of JSON (`json_agg`
 * would make several of it, `jsonb_agg` does not). No `$(`: Kubernetes
 * would take it for one of its own variables.
 *
 * The limit is set by a statement and not by PGOPTIONS, which poolers do not take. It ends what waits for a lock, too.
 */
const LIMIT = "SET statement_timeout = '10s';";

/** What ends when idle sessions are ended: never an active one, nor one in a transaction, nor another role's, nor its own. */
export const IDLE_FOR_LONG =
  "usename = :'role' AND state = 'idle' AND state_change < now() - make_interval(secs => :'idleSeconds'::int)";

/** Roles that may do what this needs. By name, since older versions do not have all of them. */
const may = (role: string) =>
  `EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}' AND pg_has_role(current_user, oid, 'USAGE'))`;

const ROLE_KIND =
  "coalesce((SELECT CASE WHEN rolsuper THEN 'superuser' ELSE 'ordinary' END FROM pg_roles WHERE rolname = :'role'), 'missing')";

/** Variables: `role`, `idleSeconds`. */
export const COUNT_SESSIONS = `${LIMIT}
SELECT json_build_object(
  'most', current_setting('max_connections')::int,
  'reserved', current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true), '0')::int,
  'roleMost', coalesce((SELECT rolconnlimit FROM pg_roles WHERE rolname = :'role'), -1),
  'clients', count(*),
  'application', json_build_object(
    'all', count(*) FILTER (WHERE usename = :'role'),
    'active', count(*) FILTER (WHERE usename = :'role' AND state = 'active'),
    'inTransaction', count(*) FILTER (WHERE usename = :'role' AND state LIKE 'idle in transaction%'),
    'idle', count(*) FILTER (WHERE usename = :'role' AND state = 'idle'),
    'idleLong', count(*) FILTER (WHERE ${IDLE_FOR_LONG})),
  'role', ${ROLE_KIND},
  'longestActiveSeconds', floor(coalesce(extract(epoch FROM max(now() - query_start) FILTER (WHERE state = 'active' AND pid <> pg_backend_pid())), 0)),
  'asker', json_build_object(
    'seesAll', ${may('pg_read_all_stats')},
    'mayEnd', ${may('pg_signal_backend')} OR current_user = :'role',
    'keptBack', (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR ${may('pg_use_reserved_connections')}))
FROM pg_stat_activity WHERE backend_type = 'client backend';
SELECT json_build_object('page', json_build_object(
  'connections', count(*),
  'longestSeconds', floor(coalesce(extract(epoch FROM max(now() - query_start)), 0))))
FROM pg_stat_activity WHERE datname = current_database();
SELECT json_build_object('groups', coalesce(jsonb_agg(each), '[]')) FROM (
  SELECT CASE WHEN usename = current_user AND usename <> :'role' THEN '(the role that asks)' ELSE coalesce(usename, '') END AS role,
    coalesce(state, '') AS state, count(*) AS sessions
  FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 30) AS each;`;

/**
 * Variables: `role`, `idleSeconds`, `notAfter`. The first statement looks and ends at once, so one that has become active in
 * between is not among them; and by the database's own clock it does nothing too late. Who is told to end needs a moment for it.
 */
export const END_IDLE_SESSIONS = `${LIMIT}
SELECT json_build_object(
  'before', (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
  'role', ${ROLE_KIND},
  'seesAll', ${may('pg_read_all_stats')} OR current_user = :'role',
  'late', now() > :'notAfter'::timestamptz,
  'ended', (SELECT count(*) FILTER (WHERE told) FROM (
    SELECT pg_terminate_backend(pid) AS told FROM pg_stat_activity
    WHERE ${IDLE_FOR_LONG} AND backend_type = 'client backend' AND pid <> pg_backend_pid()
      AND now() <= :'notAfter'::timestamptz AND ${ROLE_KIND} = 'ordinary') AS each));
SELECT pg_sleep(2);
SELECT json_build_object('after', count(*)) FROM pg_stat_activity WHERE backend_type = 'client backend';`;
