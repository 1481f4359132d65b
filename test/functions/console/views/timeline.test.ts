import { describe, expect, it } from 'vitest';
import { inOrder, timelineLines } from '../../../../functions/console/views/timeline.ts';
import { automation, monitoring, person } from '../../../../functions/incident/actor.ts';
import { after } from '../../../../functions/incident/clock.ts';
import type { TimelineEvent } from '../../../../functions/incident/timeline.ts';

const START = '2026-10-04T03:14:20.000Z';
const base = (seconds: number, by = automation) => ({ v: 1 as const, at: after(START, seconds * 1_000), key: `k${seconds}`, by });
const step = (name: string, host = 'sira-prod-1') => ({ run: 1, pass: 1, step: name, title: `Title of ${name}`, host });

const STORY: TimelineEvent[] = [
  {
    ...base(0, monitoring('cloudwatch')),
    type: 'signal',
    status: 'firing',
    source: 'sira-DiskSpaceLow',
    says: '/ is 91.3 % full',
  },
  { ...base(1), type: 'opened', severity: 'P1', runbook: 'sira/disk-space-low', title: 'Disk space running low' },
  { ...base(2), ...step('disk'), type: 'looked', ok: true, tookMs: 1_200, says: '/ has 8.7 % free', evidence: null },
  { ...base(3), ...step('logs'), type: 'gate', answer: 'go', reasons: ['alarm still firing', 'facts are fresh'] },
  {
    ...base(4),
    ...step('logs'),
    type: 'act-started',
    because: 'old logs hold 18,400 MB',
    command: 'delete-old-logs',
    parameters: {},
  },
  { ...base(7), ...step('logs'), type: 'act-finished', ok: true, tookMs: 3_000, says: 'freed 18,377 MB', evidence: null },
  { ...base(60), ...step('verify', '-'), type: 'checked', good: 0, of: 3, says: 'not yet' },
  { ...base(120), ...step('verify', '-'), type: 'checked', good: 1, of: 3, says: 'well' },
  { ...base(180), ...step('verify', '-'), type: 'checked', good: 2, of: 3, says: 'well' },
  { ...base(192), type: 'resolved', how: 'Verified well' },
  { ...base(193), type: 'run-ended', run: 1, ended: 'resolved', why: 'Verified well' },
];

const told = (events: readonly TimelineEvent[], seen?: number) =>
  timelineLines(events, seen).map(({ title, says }) => `${title}: ${says.join('; ')}`);

describe('the timeline', () => {
  it('reads as a person would tell it: an act is one line, the checks of a verification are one', () => {
    expect(told(STORY, 14)).toEqual([
      'CloudWatch: sira-DiskSpaceLow fires: / is 91.3 % full; seen 14 times',
      'Incident opened: P1 · runbook sira/disk-space-low',
      'Title of disk: / has 8.7 % free',
      'Gate: go: Title of logs: alarm still firing · facts are fresh',
      'Title of logs: because old logs hold 18,400 MB; freed 18,377 MB',
      'Title of verify: 2 of 3 good checks in a row: not yet, then well (2 times)',
      'Resolved: Verified well',
    ]);
    expect(timelineLines(STORY).map(({ took }) => took)).toEqual(['', '', '1.2 s', '', '3 s', '2 min', '']);
  });

  it('says of an act whose end is not known that it is under way', () => {
    expect(told(STORY.slice(0, 5)).at(-1)).toBe('Title of logs: because old logs hold 18,400 MB; under way');
  });

  it('tells once why an act is not needed, however often it was asked, and again when the reason is another', () => {
    const skip = (pass: number, why: string): TimelineEvent => ({
      ...base(10 * pass),
      ...step('images'),
      pass,
      type: 'act-skipped',
      why,
      wouldHave: null,
    });
    expect(told([skip(1, 'none'), skip(2, 'none'), skip(3, 'room'), skip(4, 'none')])).toEqual([
      'Title of images: not done: none',
      'Title of images: not done: room',
      'Title of images: not done: none',
    ]);
  });

  it('names hosts only where there are several', () => {
    const second: TimelineEvent = {
      ...base(5),
      ...step('disk', 'sira-prod-2'),
      type: 'looked',
      ok: false,
      tookMs: 1,
      says: 'no answer',
      evidence: null,
    };
    expect(new Set(timelineLines(STORY).map(({ host }) => host))).toEqual(new Set(['']));
    expect(timelineLines([...STORY, second]).map(({ host }) => host)).toContain('sira-prod-2');
  });

  it('names the person of each of their transitions', () => {
    const ada = (seconds: number) => base(seconds, person('ada'));
    const events: TimelineEvent[] = [
      { ...ada(1), type: 'acknowledged' },
      { ...ada(2), type: 'stop-asked', reason: 'wrong host' },
      { ...ada(3), type: 'taken-over', reason: '' },
      { ...ada(4), type: 'note', text: 'one\ntwo' },
      { ...ada(5), ...step('volumes'), type: 'approval-decided', approval: 'x', decision: 'denied', reason: 'keep them' },
      { ...ada(6), type: 'resolved', how: 'by hand' },
    ];
    expect(told(events)).toEqual([
      'Acknowledged: by ada',
      'Stop asked: by ada: wrong host',
      'Taken over: by ada',
      'Note by ada: one; two',
      'Denied: Title of volumes: by ada: keep them',
      'Resolved: by ada: by hand',
    ]);
  });

  it('orders what happened in one millisecond as it must have happened', () => {
    const same = (event: TimelineEvent): TimelineEvent => ({ ...event, at: START });
    const [signal, opened, looked] = STORY.map(same);
    const resolved = STORY.map(same)[9];
    if (!signal || !opened || !looked || !resolved) throw new Error('the story is too short');
    expect(inOrder([resolved, looked, opened, signal]).map(({ type }) => type)).toEqual([
      'signal',
      'opened',
      'looked',
      'resolved',
    ]);
  });
});
