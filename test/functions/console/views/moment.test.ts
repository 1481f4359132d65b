import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { until } from '../../../../functions/console/views/moment.ts';
import { after } from '../../../../functions/incident/clock.ts';

const NOW = '2026-10-04T03:14:00.000Z';
const SCRIPT = join(import.meta.dirname, '../../../../functions/console/assets/console.js');
const [SPOKEN = ''] = /function spoken\(seconds\) \{[\s\S]*?\n\}/.exec(readFileSync(SCRIPT, 'utf8')) ?? [];

it.each([
  [0, 'now'],
  [0.2, 'in 1 s'],
  [59, 'in 59 s'],
  [60, 'in 1 min 0 s'],
  [190.4, 'in 3 min 10 s'],
  [599.9, 'in 9 min 59 s'],
  [600, 'in 10 min'],
  [3_541, 'in 60 min'],
  [7_300, 'in 2 h'],
  [200_000, 'in 2 d'],
])('says of %d seconds the same as the script that goes on counting', (seconds, says) => {
  expect(until(after(NOW, seconds * 1_000), NOW)).toBe(says);
  expect(runInNewContext(`(${SPOKEN})(${seconds})`)).toBe(says);
});
