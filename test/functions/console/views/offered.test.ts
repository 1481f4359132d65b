import { expect, it } from 'vitest';
import { offered } from '../../../../functions/console/views/offered.ts';
import { person } from '../../../../functions/incident/actor.ts';

const AT = '2026-10-04T03:14:00.000Z';
const OPEN = { status: 'open', automation: 'running', stop: null, runbook: 'sira/counted', run: 1, ladder: null } as const;
const CLIMB = { generation: 1, since: AT, why: 'it opened', attempt: 1, over: null, lowered: null, hurried: null, handed: null };

it('offers what makes sense for an incident as it is now', () => {
  expect(offered(OPEN)).toEqual(['acknowledge', 'take-over', 'stop', 'resolve']);
  expect(offered({ ...OPEN, stop: { by: person('Ada'), at: AT } })).not.toContain('stop');
  expect(offered({ ...OPEN, status: 'acknowledged', automation: 'taken-over' })).toEqual(['run-again', 'resolve']);
  expect(offered({ ...OPEN, automation: 'none', runbook: null, run: 0 })).not.toContain('run-again');
  expect(offered({ ...OPEN, ladder: CLIMB })).toContain('escalate-now');
  const over = offered({ ...OPEN, ladder: { ...CLIMB, over: { at: AT, why: 'it was looked at' } } });
  expect(over).toContain('close');
  expect(over).not.toContain('escalate-now');
  expect(offered({ ...OPEN, status: 'resolved', automation: 'escalated' })).toEqual(['close']);
  expect(offered({ ...OPEN, status: 'closed', automation: 'escalated' })).toEqual([]);
});
