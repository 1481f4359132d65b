import { describe, expect, it } from 'vitest';
import { type Ladder, ladderFaults, pathOf, type Rung } from '../../../runbooks/language/ladder.ts';

const first: Rung = { to: 'responder', from: 'handed-over', after: '0s', unless: 'acknowledged', by: 'page' };
const second: Rung = { to: { above: 1 }, from: 'opened', after: '30m', unless: 'resolved', by: 'page' };
const ladder: Ladder = {
  severities: ['P0'],
  rungs: [first, second],
  patience: '10m',
  again: { after: '30m', times: 2 },
  acknowledged: '1h',
};
const system = {
  severities: [{ name: 'P0' }],
  roles: [{ name: 'oncall', next: 'lead' }, { name: 'lead' }],
  ladders: [ladder],
};
const withLadder = (change: Partial<Ladder>) => ladderFaults({ ...system, ladders: [{ ...ladder, ...change }] });

describe('the checks of a ladder', () => {
  it('find nothing where all is well', () => expect(ladderFaults(system)).toEqual([]));
  it.each<[string, string[], string]>([
    ['a severity without one', ladderFaults({ ...system, ladders: [] }), 'severity P0: expected one ladder, got 0'],
    ['two for one severity', ladderFaults({ ...system, ladders: [ladder, ladder] }), 'severity P0: expected one ladder, got 2'],
    ['one for no severity', withLadder({ severities: ['P0', 'P7'] }), 'a ladder for P7, which is not one of its severities'],
    [
      'a role that is none',
      withLadder({ rungs: [{ ...first, to: { role: 'cat' } }] }),
      'a rung pages cat, which is not one of its roles',
    ],
    ['a ladder of tickets', withLadder({ rungs: [{ ...first, by: 'ticket' }] }), 'the ladder for P0 pages nobody'],
    ['a ladder for felt ones alone', withLadder({ rungs: [{ ...first, onlyIfFelt: true }] }), 'the ladder for P0 pages nobody'],
    ['rungs out of order', withLadder({ patience: '1h' }), 'the ladder for P0: rung 2 can be due before rung 1'],
    [
      'a start before the end',
      withLadder({ again: { after: '20m', times: 2 } }),
      'the ladder for P0: it starts again before its last rung',
    ],
    [
      'a path to nobody',
      ladderFaults({ ...system, roles: [{ name: 'oncall', next: 'cat' }] }),
      'role oncall: next is cat, which is not one of its roles',
    ],
  ])('find %s', (_, faults, fault) => expect(faults).toEqual([fault]));
  it('find a path that runs in a circle', () => {
    const roles = [
      { name: 'oncall', next: 'lead' },
      { name: 'lead', next: 'oncall' },
    ];
    expect(ladderFaults({ ...system, roles })[0]).toBe('role oncall: its path runs in a circle');
    expect(pathOf(roles, 'oncall')).toEqual({ above: ['lead'], circle: true });
  });
});
