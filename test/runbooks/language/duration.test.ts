import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Duration, milliseconds, seconds, spoken } from '../../../runbooks/language/duration.ts';

describe('a duration', () => {
  it.each<[Duration, number]>([
    ['90s', 90],
    ['5m', 300],
    ['1h', 3_600],
    ['7d', 604_800],
    ['0.5s', 0.5],
    ['0s', 0],
  ])('%s is %d seconds', (duration, expected) => {
    expect(seconds(duration)).toBe(expected);
    expect(milliseconds(duration)).toBe(expected * 1_000);
  });

  it.each(['5', 'm', '', '5 m', '-5m', '1e3s', '5m ', '5w', '٥m'])('%j is none, and the error says what is', (wrong) => {
    expect(() => seconds(wrong as Duration)).toThrow(/expected a number followed by s, m, h or d/);
  });
});

describe('spoken', () => {
  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [400, '0.4 s'],
    [2_000, '2 s'],
    [9_940, '9.9 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [192_000, '3 min 12 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [3_599_600, '1 h'],
  ])('%d ms is said as %s', (ms, said) => {
    expect(spoken(ms)).toBe(said);
  });

  it('never says 60 of a smaller unit', () => {
    fc.assert(fc.property(fc.nat(10 * 86_400_000), (ms) => !/\b60 (s|min)\b/.test(spoken(ms))));
  });
});
