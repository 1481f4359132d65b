import * as z from 'zod';
import { databaseWord, idleSeconds } from '../commands/parameters.ts';
import { clusterCommand } from '../language/cluster.ts';
import { askDatabase } from './ask-database.ts';
import { REACHES } from './connection-failures.ts';
import { END_IDLE_SESSIONS } from './database-statements.ts';
import { ACTIVE_SECONDS, Database, PSQL_TIMEOUT, psqlRights } from './psql-job.ts';

const Ended = z.object({
  before: z.number(),
  ended: z.number(),
  after: z.number(),
  role: z.enum(['ordinary', 'superuser', 'missing']),
  seesAll: z.boolean(),
  late: z.boolean(),
});

export const endIdleSessions = clusterCommand('end-idle-sessions', {
  title: 'End sessions that sit idle, from inside the cluster',
  // A pool opens another one when it needs it; the request that meets the ended one may fail.
  safety: 'disruptive',
  verb: 'end-sessions',
  resource: ({ role }) => role,
  parameters: Database.extend({ role: databaseWord, idleSeconds }),
  /** Connected clients before and after, and how many were ended. */
  facts: z.object({ before: z.number(), ended: z.number(), after: z.number() }),
  timeout: PSQL_TIMEOUT,
  rights: psqlRights,
  byHand: ({ given: { role, idleSeconds = 600 } }) =>
    `psql -h <host> -U ${role} -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}' AND state = 'idle' AND state_change < now() - interval '${Math.round(idleSeconds / 60)} minutes'"`,
  // Asked anew after a crash it does no harm: it ends what has been idle for long then, and nothing else.
  run: async (cluster, { role, idleSeconds, ...database }, turn) => {
    const notAfter = new Date(Date.parse(turn.startedAt) + ACTIVE_SECONDS * 1_000).toISOString();
    const variables = { role, idleSeconds: String(idleSeconds), notAfter };
    const reply = await askDatabase(cluster, turn, database, { statements: END_IDLE_SESSIONS, variables });
    if (reply.is === 'waiting') return { waitsFor: reply.waitsFor };
    if (reply.is === 'silent') throw new Error(`the database ${REACHES[reply.reach]}: ${reply.words}`);
    const { role: kind, seesAll, late, before, ended, after } = Ended.parse(reply.answer);
    if (late) throw new Error('by the clock of the database its time was over: no session was ended');
    if (kind !== 'ordinary')
      throw new Error(`the role ${role} is ${kind === 'missing' ? 'not there' : 'a superuser'}: no session was ended`);
    if (!seesAll) throw new Error(`the role that asks does not see who is idle (grant pg_monitor): no session was ended`);
    return { facts: { before, ended, after } };
  },
});
