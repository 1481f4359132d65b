import * as z from 'zod';
import { podLogs } from '../cluster/pod-logs.ts';
import { runbook } from '../language/define.ts';
import { sayLogs } from './said.ts';
import { saveit } from './system.ts';

/** More lines of one pod are not read: an error that matters comes again. */
const LINES = 2_000;

/** Save-It's page, "Recent Errors". By hand: it starts nothing, and pages nobody. */
export default runbook(saveit, 'recent-errors', {
  title: 'Recent errors',
  symptom: 'Somebody wants to know what the backend complains of.',
  owner: 'oncall',
  triggers: [],
  parameters: z.object({
    minutes: z.number().int().min(1).max(120).default(5).describe('How far to look back, in minutes'),
  }),
})
  .diagnose('errors', 'Read the errors of the backend', {
    command: podLogs,
    with: ({ minutes }, { backend }) => ({
      selector: backend.selector,
      container: backend.container,
      lines: LINES,
      sinceSeconds: minutes * 60,
      about: 'errors' as const,
    }),
    says: sayLogs,
  })
  .examples({ name: 'a healthy backend', faults: [], acts: [], ends: 'succeeded', pages: 0 });
