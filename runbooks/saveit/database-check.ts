import * as z from 'zod';
import { databaseSessions } from '../cluster/database-sessions.ts';
import { runbook } from '../language/define.ts';
import { sayConnections } from './connections.ts';
import { asked } from './database.ts';
import { saveit } from './system.ts';

/** Save-It's page, "Database Quick Check". By hand: it starts nothing, and pages nobody. */
export default runbook(saveit, 'database-check', {
  title: 'Database quick check',
  symptom: 'Somebody wants to know how many connections the database has, and how long its longest query has been going.',
  owner: 'dba',
  triggers: [],
  parameters: z.object({
    idleMinutes: z
      .number()
      .int()
      .min(1)
      .max(1_440)
      .default(10)
      .describe('From when on a session of the application counts as idle for long, in minutes'),
  }),
})
  .diagnose('sessions', 'Count the connections, and find the longest query', {
    command: databaseSessions,
    with: ({ idleMinutes }, settings) => asked(settings, idleMinutes),
    says: (sessions) =>
      [
        ...(sessions.reach === 'ok'
          ? [
              `${sessions.page.connections} connections to the database, the longest ${sessions.page.longestSeconds} s after its query began`,
            ]
          : []),
        sayConnections({ sessions }),
      ].join('; '),
  })
  .examples(
    { name: 'all is well', faults: [], acts: [], ends: 'succeeded', pages: 0 },
    { name: 'every connection is taken', faults: ['saveit-connections-exhausted'], acts: [], ends: 'succeeded', pages: 0 },
    { name: 'the database refuses everybody', faults: ['saveit-database-refused'], acts: [], ends: 'succeeded', pages: 0 },
  );
