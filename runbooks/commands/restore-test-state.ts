import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName } from './parameters.ts';
import { restoreResult } from './test-restore.ts';

export const restoreTestState = hostCommand('restore-test-state', {
  title: 'See how the last restore test ended',
  safety: 'observe',
  parameters: z.object({
    /** The database's. */
    container: containerName,
  }),
  facts: z.object({
    /** The id of the image that the database runs; empty when it does not run. */
    image: z.string(),
    /** Scratch containers that are there now. */
    leftOver: z.number(),
    /** Where Docker keeps its volumes, in MB of 2^20 bytes. */
    dockerFreeMb: z.number(),
    memoryAvailableMb: z.number(),
    load1: z.number(),
    cpus: z.number(),
    /** `null` when none has come to its end on this host. */
    last: restoreResult.extend({ ageSeconds: z.number() }).nullable(),
  }),
  timeout: '2m',
  byHand: 'docker ps --all --filter label=firebreak.restore-test; cat /var/lib/firebreak/restore-test/*.json; free -m; df -h',
});
