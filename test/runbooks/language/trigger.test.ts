import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collide, matches, select, spokenTrigger, type Trigger, weight } from '../../../runbooks/language/trigger.ts';

const bound = fc.integer({ min: -4, max: 4 });
const value: fc.Arbitrary<Trigger['value']> = fc.oneof(
  fc.constant(undefined),
  fc.constant<'none'>('none'),
  fc.record({ above: bound, upTo: bound }, { requiredKeys: [] }),
);
const trigger: fc.Arbitrary<Trigger> = fc
  .record({ alert: fc.constantFrom('A', 'B'), value })
  .map(({ alert, value }) => ({ alert, severity: 'P0', ...(value === undefined ? {} : { value }) }));

/** Bounds are whole numbers, so between them and on them every way of matching is met. */
const signals = ['A', 'B'].flatMap((alert) => [
  { alert },
  ...Array.from({ length: 41 }, (_, step) => ({ alert, value: step / 4 - 5 })),
]);

describe('a trigger', () => {
  const above5: Trigger = { alert: 'HighErrorRate', severity: 'P1', value: { above: 5 } };
  const from2to5: Trigger = { alert: 'HighErrorRate', severity: 'P2', value: { above: 2, upTo: 5 } };
  const none: Trigger = { alert: 'HighErrorRate', severity: 'P2', value: 'none' };
  const any: Trigger = { alert: 'HighErrorRate', severity: 'P3' };
  const all = [any, none, from2to5, above5];

  it.each([
    [2, any],
    [2.01, from2to5],
    [5, from2to5],
    [5.000001, above5],
    [100, above5],
    [-1, any],
    [undefined, none],
  ])('gives a value of %s to exactly one', (value, expected) => {
    const signal = { alert: 'HighErrorRate', ...(value === undefined ? {} : { value }) };
    expect(select(all, signal)).toBe(expected);
    expect(select(all.toReversed(), signal)).toBe(expected);
  });

  it('matches its own alert only', () => {
    expect(select(all, { alert: 'APIDown', value: 7 })).toBeUndefined();
  });

  it('is said as a person says it', () => {
    expect([...all, { ...any, value: {} }].map(spokenTrigger)).toEqual([
      'HighErrorRate',
      'HighErrorRate without a value',
      'HighErrorRate above 2 up to 5',
      'HighErrorRate above 5',
      'HighErrorRate',
    ]);
  });
});

describe('a collision', () => {
  it('is there exactly when some signal would match both, with nothing to choose between them', () => {
    fc.assert(
      fc.property(trigger, trigger, (a, b) => {
        const both = signals.some((signal) => matches(a, signal) && matches(b, signal));
        expect(collide(a, b)).toBe(both && weight(a) === weight(b));
        expect(collide(b, a)).toBe(collide(a, b));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is what makes the choice depend on the order; without one it never does', () => {
    fc.assert(
      fc.property(fc.array(trigger, { maxLength: 6 }), (triggers) => {
        const free = triggers.filter((one, at) => !triggers.slice(0, at).some((other) => collide(one, other)));
        for (const signal of signals) expect(select(free.toReversed(), signal)).toBe(select(free, signal));
      }),
    );
  });
});
