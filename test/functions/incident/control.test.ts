import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAsStrict, MODES, type ModeSetting, modeInForce, scopesOf } from '../../../functions/incident/control.ts';

const RUNBOOK = 'sira/disk-space-low';
const at = (minute: number) => `2026-10-04T03:${String(minute).padStart(2, '0')}:00.000Z`;
const NOW = at(10);
const Mode = fc.constantFrom(...MODES);
const said = fc.record({ mode: Mode, until: fc.option(fc.integer({ min: 0, max: 59 }).map(at)) });
const scope = fc.constantFrom(...scopesOf(RUNBOOK));
const full = (one: Pick<ModeSetting, 'mode' | 'until'>, of: string): ModeSetting => ({
  v: 1,
  scope: of,
  ...one,
  reason: '',
  by: { name: 'Ada', kind: 'person', verified: false },
  at: NOW,
});

describe('a setting that is as strict as the one whose place it takes', () => {
  it('lets a runbook do no more, now or later, whatever is set elsewhere or lifted there', () => {
    fc.assert(
      fc.property(scope, said, fc.option(said), fc.dictionary(scope, said), Mode, (of, next, before, elsewhere, fallback) => {
        if (!isAsStrict({ scope: of, ...next }, before ?? undefined, fallback, NOW)) return;
        const others = Object.entries(elsewhere).filter(([other]) => other !== of);
        const around = others.map(([other, one]) => full(one, other));
        const inForce = (mine: typeof before, time: string) =>
          MODES.indexOf(modeInForce([...around, ...(mine ? [full(mine, of)] : [])], fallback, RUNBOOK, time));
        for (let minute = 10; minute < 60; minute += 1)
          expect(inForce(next, at(minute))).toBeLessThanOrEqual(inForce(before, at(minute)));
      }),
    );
  });

  it.each([
    ['all', 'auto', undefined, 'auto', true],
    ['all', 'observe', { mode: 'auto', until: null }, 'auto', true],
    ['all', 'auto', { mode: 'observe', until: null }, 'auto', false],
    ['all', 'auto', { mode: 'observe', until: at(5) }, 'auto', true],
    ['all', 'auto', { mode: 'observe', until: at(15) }, 'auto', false],
    [RUNBOOK, 'ask', undefined, 'observe', false],
    [RUNBOOK, 'ask', undefined, 'auto', true],
    [RUNBOOK, 'observe', { mode: 'auto', until: null }, 'observe', true],
  ] as const)('for %s: %s after %o, where the default is %s: %s', (of, mode, before, fallback, expected) => {
    expect(isAsStrict({ scope: of, mode, until: null }, before, fallback, NOW)).toBe(expected);
  });
});
