import { describe, expect, it } from 'vitest';
import { mebibytes, millicores, quantity } from '../../../runbooks/cluster/quantities.ts';

describe('a quantity of Kubernetes', () => {
  it.each([
    ['0', 0],
    ['2', 2],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['250m', 0.25],
    ['12345678n', 0.012345678],
    ['7u', 0.000007],
    ['1e3', 1_000],
    ['2E3', 2_000],
    ['1k', 1_000],
    ['3M', 3_000_000],
    ['1E', 1e18],
    ['1Ki', 1_024],
    ['512Mi', 536_870_912],
    ['1Gi', 1_073_741_824],
    ['-1', -1],
  ])('%s is %d', (text, value) => expect(quantity(text)).toBeCloseTo(value, 12));

  it.each(['', ' 1', '1 Gi', '1GB', '1ki', '1MI', 'Mi', '1.2.3', '0x10', '1e', '１', '1Mi\n', 'Infinity'])('%j is none', (text) =>
    expect(() => quantity(text)).toThrow('no quantity'),
  );

  it('is told as kubectl top tells it', () => {
    expect([millicores('12345678n'), millicores('1'), millicores('250m')]).toEqual([12, 1_000, 250]);
    expect([mebibytes('131072Ki'), mebibytes('1Gi'), mebibytes('134217728')]).toEqual([128, 1_024, 128]);
  });
});
