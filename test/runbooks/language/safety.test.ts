import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highest, SAFETY } from '../../../runbooks/language/safety.ts';

describe('safety classes', () => {
  it('are in order, from harmless to harmful', () => {
    expect(SAFETY).toEqual(['observe', 'routine', 'disruptive', 'destructive']);
    expect(highest([])).toBe('observe');
    expect(highest(['routine', 'destructive', 'observe'])).toBe('destructive');
  });

  it('are never lowered by another step, and never raised out of nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SAFETY), { minLength: 1 }), (classes) => {
        const top = SAFETY.indexOf(highest(classes));
        return classes.every((one) => SAFETY.indexOf(one) <= top) && classes.some((one) => SAFETY.indexOf(one) === top);
      }),
    );
  });
});
