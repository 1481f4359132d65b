import * as z from 'zod';
import { databaseWord, idleSeconds } from '../commands/parameters.ts';
import { SessionCounts } from '../commands/session-counts.ts';
import { clusterCommand } from '../language/cluster.ts';
import { askDatabase } from './ask-database.ts';
import { Reach } from './connection-failures.ts';
import { COUNT_SESSIONS } from './database-statements.ts';
import { Database, PSQL_TIMEOUT, psqlRights } from './psql-job.ts';

const Counted = SessionCounts.extend({
  /** How many the application's role may have; -1 for no limit of its own. */
  roleMost: z.number(),
  /** Of what runs now. */
  longestActiveSeconds: z.number(),
  /** What the page's own query says: it counts every process of the database, and the time since idle ones were asked last. */
  page: z.object({ connections: z.number(), longestSeconds: z.number() }),
  groups: z.array(z.object({ role: z.string(), state: z.string(), sessions: z.number() })),
  /** What the role may do that asks. One that does not see all cannot count the states of others. */
  asker: z.object({ seesAll: z.boolean(), mayEnd: z.boolean(), keptBack: z.boolean() }),
});
const NOTHING: z.output<typeof Counted> = {
  ...{ most: 0, reserved: 0, roleMost: -1, clients: 0, role: 'missing', longestActiveSeconds: 0, groups: [] },
  application: { all: 0, active: 0, inTransaction: 0, idle: 0, idleLong: 0 },
  page: { connections: 0, longestSeconds: 0 },
  asker: { seesAll: false, mayEnd: false, keptBack: false },
};

const Facts = Counted.extend({
  /** How far it came. If not `ok`, the numbers say nothing, and `words` say why. */
  reach: Reach,
  words: z.string(),
});
type Facts = z.output<typeof Facts>;

export const databaseSessions = clusterCommand('database-sessions', {
  title: 'Count the sessions of the database, from inside the cluster',
  safety: 'observe',
  parameters: Database.extend({ role: databaseWord, idleSeconds }),
  facts: Facts,
  timeout: PSQL_TIMEOUT,
  rights: psqlRights,
  byHand: ({ given: { role, database } }) =>
    `psql -h <host> -U ${role} -c "SELECT count(*) FROM pg_stat_activity;"; psql -h <host> -U ${role} -c "SELECT count(*) AS connections, max(now() - query_start) AS longest_query FROM pg_stat_activity WHERE datname = '${database}';"`,
  run: async (cluster, { role, idleSeconds, ...database }, turn) => {
    const variables = { role, idleSeconds: String(idleSeconds) };
    const reply = await askDatabase(cluster, turn, database, { statements: COUNT_SESSIONS, variables });
    if (reply.is === 'waiting') return { waitsFor: reply.waitsFor };
    if (reply.is === 'silent') {
      const { reach, words } = reply;
      const unknown: Facts = { ...NOTHING, reach, words };
      return { facts: unknown };
    }
    const facts: Facts = { ...Counted.parse(reply.answer), reach: 'ok', words: '' };
    const rows = facts.groups.map((group) => `${group.role} | ${group.state || '-'} | ${group.sessions}`);
    return { facts, evidence: ['role | state | sessions', ...rows].join('\n') };
  },
});
