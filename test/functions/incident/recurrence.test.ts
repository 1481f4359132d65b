import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../functions/incident/incident.ts';
import { beginGeneration, endLadder } from '../../../functions/incident/ladder/generation.ts';
import { isRecurrence, reopened } from '../../../functions/incident/recurrence.ts';
import { sira } from '../../../runbooks/sira/system.ts';
import { at, incident } from '../aws/table/records.ts';

const TEN_MINUTES = 600_000;
const live = beginGeneration(incident('A'), at(0), 'it opened');
const resolved: Incident = {
  ...live,
  status: 'resolved',
  resolvedAt: at(60),
  resolvedBy: { name: 'firebreak', kind: 'automation', verified: true },
  resolution: 'Verified well',
  automation: 'succeeded',
};

describe('an alarm that fires again', () => {
  it('is the same incident within its flap window, and another one after it', () => {
    expect(isRecurrence(resolved, at(61), TEN_MINUTES)).toBe(true);
    expect(isRecurrence(resolved, at(660), TEN_MINUTES)).toBe(true);
    expect(isRecurrence(resolved, at(661), TEN_MINUTES)).toBe(false);
  });
  it('is the same where it had cleared and waits for a person to close it; another one where a person has', () => {
    expect(isRecurrence(live, at(61), TEN_MINUTES)).toBe(false);
    expect(isRecurrence(endLadder(live, at(60), 'it has cleared'), at(61), TEN_MINUTES)).toBe(true);
    const closed: Incident = { ...resolved, status: 'closed', closedAt: at(60), closedBy: resolved.resolvedBy };
    expect(isRecurrence(closed, at(61), TEN_MINUTES)).toBe(false);
  });
  it('opens it with a new generation, which nobody has answered, and nothing at work', () => {
    const open = reopened(resolved, sira, { claim: 'B', at: at(120), severity: 'P2' });
    expect(open).toMatchObject({
      status: 'open',
      severity: 'P1',
      automation: 'escalated',
      handedOverAt: at(120),
      acknowledgedAt: null,
      resolvedAt: null,
      reopened: { times: 1, at: at(120), claim: 'B' },
      ladder: { generation: 2, since: at(120), why: 'It fires again, 1 min after it was over' },
    });
    expect(open).not.toHaveProperty('resolution');
    const again = reopened({ ...resolved, reopened: open.reopened }, sira, { claim: 'C', at: at(200), severity: 'P0' });
    expect(again).toMatchObject({ severity: 'P0', reopened: { times: 2 } });
  });
});
