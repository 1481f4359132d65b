import { it } from 'vitest';
import { crashEverywhere } from './crash-everywhere.ts';

it('a run that resolves does everything once, whichever call a function dies at', { timeout: 300_000 }, async () => {
  await crashEverywhere(false, { acts: 1, undone: 0, status: 'resolved', pages: 0 });
});
