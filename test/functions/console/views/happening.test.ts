import { describe, expect, it } from 'vitest';
import { happening } from '../../../../functions/console/views/happening.ts';
import type { Progress } from '../../../../functions/console/views/progress.ts';
import { automation, person } from '../../../../functions/incident/actor.ts';
import type { Incident } from '../../../../functions/incident/incident.ts';
import type { TimelineEvent } from '../../../../functions/incident/timeline.ts';

const open: Incident = {
  v: 1,
  id: 'A1',
  status: 'open',
  system: 'sira',
  alert: 'DiskSpaceLow',
  target: '',
  runbook: 'sira/disk-space-low',
  title: 'Disk space running low',
  severity: 'P1',
  automation: 'running',
  origin: 'signal',
  openedAt: '2026-10-04T03:14:20.000Z',
  openedBy: automation,
  seen: 1,
  dedupKey: null,
  signal: null,
  run: 1,
  runs: {},
  stop: null,
  storm: null,
  ladder: null,
  handedOverAt: null,
  responder: null,
  snoozed: null,
  rated: null,
  reopened: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  firstAcknowledged: null,
  askedAt: null,
  resolvedAt: null,
};
const states: Progress[] = [
  { name: 'Diagnose', title: 'Diagnose', kind: 'diagnose', state: 'now', says: '2 of 3 looks have answered' },
  { name: 'Delete', title: 'Delete old logs', kind: 'act', state: 'ahead', says: '' },
];
const say = (incident: Incident, timeline: TimelineEvent[] = [], progress = states, paging = '') => {
  const { now, next } = happening({ incident, approvals: [], timeline, progress, paging });
  return `${now} ${next}`;
};
const event = { v: 1 as const, at: '2026-10-04T03:16:02.000Z', key: 'k', by: automation };

describe('what happens now', () => {
  it('says where a run stands and what is about to happen', () => {
    expect(say(open)).toBe(
      'At work: Diagnose (2 of 3 looks have answered). Next: Delete old logs, if there is a reason for it; whatever is not proven well ends at a person.',
    );
  });

  it('says who asked it to stop', () => {
    const stop = { at: '2026-10-04T03:15:00.000Z', by: person('ada') };
    expect(say({ ...open, stop })).toContain('ada asked it to stop at 03:15:00 UTC');
  });

  it('says why it stopped, who was paged, and that nobody has it', () => {
    const timeline: TimelineEvent[] = [
      { ...event, type: 'page-sent', role: 'oncall', subject: 's', again: false },
      { ...event, type: 'escalated', why: 'The breaker has tripped.\nmore' },
    ];
    expect(say({ ...open, automation: 'escalated' }, timeline)).toBe(
      'Automation has stopped here and paged oncall at 03:16:02 UTC: The breaker has tripped. Next: nothing happens until a person does something; nobody has acknowledged it yet.',
    );
  });

  it('takes nobody for paged who was only told', () => {
    const timeline: TimelineEvent[] = [
      { ...event, type: 'page-sent', role: 'oncall', to: 'Ada Lovelace', subject: 's', again: false },
      { ...event, type: 'page-sent', role: 'team', to: 'Team', subject: 's', again: false, notice: true },
    ];
    expect(say({ ...open, automation: 'escalated' }, timeline, states, 'CTO is paged at 2026-10-04 03:44 UTC.')).toBe(
      'Automation has stopped here and paged Ada Lovelace at 03:16:02 UTC. Next: it does nothing more until a person does something; nobody has acknowledged it yet.',
    );
  });

  it('says whether a person was needed', () => {
    const resolved: Incident = {
      ...open,
      status: 'resolved',
      automation: 'succeeded',
      resolvedAt: '2026-10-04T03:17:32.000Z',
      resolvedBy: automation,
      resolution: 'Verified well',
    };
    expect(say(resolved)).toContain('Resolved in 3 min 12 s without a person: verified well.');
    expect(say(resolved, [{ ...event, type: 'acknowledged', by: person('ada') }])).toContain(
      'Resolved in 3 min 12 s: verified well.',
    );
    expect(say({ ...resolved, origin: 'rehearsal' })).toContain('Rehearsed in 3 min 12 s: verified well.');
  });
});
