import { it } from 'vitest';
import { crashEverywhere } from './crash-everywhere.ts';

it('a run that undoes and pages does everything once, whichever call a function dies at', { timeout: 300_000 }, async () => {
  // The on-call engineer, and the lead, who hears of each P1.
  await crashEverywhere(true, { acts: 1, undone: 1, automation: 'escalated', pages: 2 });
});
