import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { rememberedClock } from '../../local/remembered-clock.ts';

const place = mkdtempSync(join(tmpdir(), 'firebreak-clock-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

test('never goes back, however often and suddenly its process ends, and whatever the speeds', () => {
  const steps = fc.array(fc.record({ wallMs: fc.nat(5_000), restart: fc.boolean(), speed: fc.integer({ min: 1, max: 1_000 }) }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const dataDir = mkdtempSync(join(place, 'run-'));
      let wall = Date.parse('2026-10-04T03:14:00Z');
      let clock = rememberedClock(dataDir, 60, () => wall);
      let last = 0;
      for (const { wallMs, restart, speed } of all) {
        wall += wallMs;
        if (restart) clock = rememberedClock(dataDir, speed, () => wall);
        const now = clock.now().getTime();
        expect(now).toBeGreaterThanOrEqual(last);
        last = now;
      }
    }),
    { numRuns: 50 },
  );
});
