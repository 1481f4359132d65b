import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName, databaseWord } from './parameters.ts';

export const abandonRestore = hostCommand('abandon-restore', {
  title: 'Clear away a restore that was cut off',
  // What it removes was never in use, and the archive that it was made from is still there.
  safety: 'routine',
  verb: 'abandon-restore',
  resource: ({ database }) => database,
  parameters: z.object({ container: containerName, user: databaseWord, database: databaseWord }),
  /** Whether the database is there at all; whether it had to be opened; whether something unfinished was removed. */
  facts: z.object({ there: z.boolean(), opened: z.boolean(), removed: z.boolean() }),
  timeout: '3m',
  byHand: 'ALTER DATABASE sira ALLOW_CONNECTIONS true; DROP DATABASE IF EXISTS sira_firebreak_restore',
});
