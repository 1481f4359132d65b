import { describe, expect, it } from 'vitest';
import { person } from '../../../functions/incident/actor.ts';
import { coveredUntil, covering, pruned, type Register, type Window } from '../../../functions/incident/maintenance.ts';
import { at } from '../aws/table/records.ts';

const window = (said: Partial<Window>): Window => ({
  id: 'W',
  alert: null,
  target: null,
  from: at(100),
  to: at(200),
  ended: null,
  reason: '',
  by: person('Ada'),
  at: at(0),
  recorded: [],
  ...said,
});
const register = (...windows: Window[]): Register => ({ v: 1, system: 'sira', windows, revision: 1 });
const disk = { alert: 'DiskSpaceLow', target: 'sira-prod-1' };

describe('a maintenance window', () => {
  it('holds from its first to its last moment, which belongs to it no longer', () => {
    const holds = (seconds: number, said: Partial<Window> = {}) =>
      covering(register(window(said)), disk, at(seconds)).length === 1;
    expect([99, 100, 199, 200].map((second) => holds(second))).toEqual([false, true, true, false]);
    const ended = { at: at(150), by: person('Ada'), reason: '' };
    expect([149, 150].map((second) => holds(second, { ended }))).toEqual([true, false]);
  });
  it('is for a system, for one alarm of it, or for one target', () => {
    const holds = (said: Partial<Window>) => covering(register(window(said)), disk, at(120)).length === 1;
    expect(holds({ alert: 'DiskSpaceLow' })).toBe(true);
    expect(holds({ alert: 'APIDown' })).toBe(false);
    expect(holds({ target: 'sira-prod-1' })).toBe(true);
    expect(holds({ target: 'sira-prod-2' })).toBe(false);
  });
  it('and those that follow it without a gap hold until the last of them ends', () => {
    const more = register(
      window({}),
      window({ id: 'X', from: at(200), to: at(300) }),
      window({ id: 'Y', from: at(301), to: at(400) }),
    );
    expect(coveredUntil(more, disk, at(150))).toBe(at(300));
    expect(coveredUntil(more, disk, at(300))).toBeNull();
    expect(coveredUntil(undefined, disk, at(150))).toBeNull();
  });
  it('is forgotten a month after its end', () => {
    const month = 30 * 86_400;
    expect(pruned(register(window({})), at(200 + month - 1)).windows).toHaveLength(1);
    expect(pruned(register(window({})), at(200 + month)).windows).toHaveLength(0);
  });
});
