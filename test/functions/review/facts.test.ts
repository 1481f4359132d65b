import { describe, expect, it } from 'vitest';
import { person } from '../../../functions/incident/actor.ts';
import { opened } from '../../../functions/incident/incident.ts';
import type { TimelineEvent } from '../../../functions/incident/timeline.ts';
import { factsOf, type Recorded } from '../../../functions/review/facts.ts';
import { isReviewed } from '../../../functions/review/reviewable.ts';
import { saveit } from '../../../runbooks/saveit/system.ts';
import { sira } from '../../../runbooks/sira/system.ts';
import { approval, at, doneLook, page, T0 } from '../aws/table/records.ts';
import { events, outage, recorded } from './recorded.ts';

const nothingSaid = { feltFrom: null, feltUntil: null };
const facts = (said: Partial<Recorded> = {}, answers: Parameters<typeof factsOf>[2] = nothingSaid) =>
  factsOf({ ...recorded, ...said }, sira, answers);
const tells = (...more: TimelineEvent[]) => facts({ events: [...events, ...more] });
const base = (seconds: number, key: string) => ({ v: 1 as const, at: at(seconds), key, by: person('Ada') });

describe('the moments', () => {
  it('are those that both pages ask for, with the total in whole minutes', () => {
    expect(facts().moments).toEqual({
      detectedAt: T0,
      detectedBy: 'sira-APIDown',
      openedAt: at(2),
      startedAt: at(4),
      startedBy: 'the runbook sira/application-down',
      acknowledgedAt: at(960),
      acknowledgedBy: 'Grace',
      handedOverAt: null,
      wellAt: at(1_030),
      resolvedAt: at(1_150),
      resolvedBy: 'the automation',
      downFrom: T0,
      downUntil: at(1_150),
      downMinutes: 19,
    });
  });

  it('take what people say of how long users felt it for better than the alarms', () => {
    const { downMinutes, detectedAt } = facts({}, { feltFrom: at(-300), feltUntil: at(1_020) }).moments;
    expect([downMinutes, detectedAt]).toEqual([22, T0]);
  });

  it('are told of one that still runs, and of one that a person declared and nothing works on', () => {
    const { id, system, alert, target, title, severity, openedAt } = outage;
    const open = opened({
      ...{ id, system, alert, target, title, severity, openedAt },
      runbook: null,
      origin: 'declared',
      openedBy: person('Ada'),
    });
    const { moments } = facts({ incident: open, events: events.slice(1, 2) });
    expect(moments).toMatchObject({ detectedAt: at(2), detectedBy: 'Ada', startedAt: null, resolvedAt: null, downMinutes: null });
  });

  it('know nothing of a service that was well only for a moment', () => {
    const checks = events.filter(({ type, key }) => type !== 'checked' || key !== 'c3');
    expect(facts({ events: checks }).moments.wellAt).toBeNull();
  });
});

describe('what was tried', () => {
  it('stands with its reason and what it gave; what was only held back comes last', () => {
    const step = { run: 2, pass: 1, step: 'prune', title: 'Prune', host: '-' };
    const { tried } = tells({
      ...base(1_100, 's'),
      ...step,
      type: 'act-skipped',
      why: 'the mode is observe',
      wouldHave: 'prune all',
    });
    expect(tried).toEqual([
      { at: at(1_000), what: 'Restart the backend', host: 'sira-prod-1', because: 'it exited', gave: 'it runs', ended: 'done' },
      { at: '', what: 'Prune', host: '', because: '', gave: 'it would have: prune all', ended: 'held back' },
    ]);
  });

  it('is told apart from what was seen before it', () => {
    expect(facts().evidence).toEqual([
      { at: at(5), title: 'Look at the backend', host: 'sira-prod-1', says: 'exited with code 1' },
    ]);
    expect(facts().story.map(({ title }) => title)).not.toContain('Look at the backend');
  });
});

describe('why nobody was alerted sooner', () => {
  it('is told by the ways from the fault to the alarm, to us, and to a person', () => {
    expect(facts({}, { feltFrom: at(-300), feltUntil: null }).notSooner).toEqual([
      'Users felt it 5 min before the first alarm.',
      'The alarm fired at 03:14 UTC and was here after 2 s.',
      'The first person was paged 1 min after it was opened.',
    ]);
  });

  it('names a severity that was too mild, a role that was nobody, and a maintenance', () => {
    const { notSooner } = tells(
      { ...base(20, 'r'), type: 'severity-raised', from: 'P2', to: 'P0' },
      { ...base(21, 'n'), type: 'nobody-on-call', role: 'oncall' },
      { ...base(22, 'h'), type: 'held-back', until: at(1_800) },
    );
    expect(notSooner.slice(-3)).toEqual([
      expect.stringContaining('paged'),
      'Nobody was on call as On-call engineer.',
      'Pages were held back until 03:44 UTC: the system was in maintenance.',
    ]);
    expect(notSooner).toContain('It was taken for P2 until 03:14 UTC, and for P0 from then on.');
  });

  it('says that no alarm did, and that nobody was paged', () => {
    const declared = { ...outage, signal: null, origin: 'declared' as const, openedBy: person('Ada') };
    expect(facts({ incident: declared, events: [] }).notSooner).toEqual([
      'No alarm said it: Ada declared it at 2026-10-04 03:14 UTC.',
      'No person was paged.',
    ]);
  });
});

describe('what slowed it', () => {
  it('names whom nobody reached, the wait for a yes, and what the gate said', () => {
    expect(facts().slowed).toEqual([
      'Grace had it 14 min 58 s after the first page; paged until then: On-call engineer (Ada), Engineering lead (Grace).',
      '"Restart the backend" needed an approval first: a deployment ended 4 min ago.',
      '"Restart the backend" waited 15 min for Grace, who approved it: the deployment is over.',
    ]);
  });

  it('names what failed, what could not be seen, and where it went back to the beginning', () => {
    const { slowed } = facts({
      approvals: [approval(outage.id, { decision: 'expired', decidedAt: at(1_800) }), approval(outage.id)],
      pages: [
        page({ by: 'nobody', rungs: ['oncall'], sentAt: at(3) }),
        page({ rungs: ['lead'], sentAt: at(4), undelivered: true }),
      ],
      looks: [{ ...doneLook(), status: 'failed', error: 'no answer within 30 s.' }],
      events: [
        ...events.filter(({ type }) => type !== 'gate' && type !== 'acknowledged'),
        {
          ...base(1_010, 'x'),
          run: 1,
          pass: 1,
          step: 'a',
          title: 'Start it',
          host: 'h',
          type: 'act-finished',
          ok: false,
          tookMs: 1,
          says: 'no space',
          evidence: null,
        },
        { ...base(1_011, 'a'), type: 'acknowledgement-ended', why: 'an hour is over' },
        { ...base(1_012, 'b'), type: 'nobody-answered', times: 4 },
        { ...base(1_013, 'c'), type: 'handed-over', to: 'dba', title: 'Database admin', reason: 'it is the database' },
        { ...base(1_014, 'd'), type: 'stop-asked', reason: '' },
        { ...base(1_015, 'e'), type: 'run-ended', run: 1, ended: 'interrupted', why: 'aborted' },
      ],
    });
    expect(slowed).toEqual([
      'Nobody acknowledged it before it was over; paged until then: On-call engineer.',
      "On-call engineer was nobody's role at that time.",
      'The page for On-call engineer reached nobody.',
      '"Remove" waited 30 min for an approval that nobody gave.',
      '"Remove" waits for an approval since 03:14 UTC, until 03:44 UTC.',
      '"Start it" failed: no space.',
      '"Look at the disk" could not be seen: no answer within 30 s.',
      'At 03:30 UTC nobody had it any more: an hour is over.',
      'Everybody was asked 4 times, and nobody answered.',
      'At 03:30 UTC Ada handed it over to Database admin: it is the database.',
      'At 03:30 UTC Ada stopped the automation.',
      'Run 1 was interrupted: aborted.',
    ]);
  });
});

it('follows the severities of each page, and nothing that was no incident', () => {
  const reviewed = (system: Pick<typeof sira, 'severities'>, ...severities: string[]) =>
    severities.filter((severity) => isReviewed({ origin: 'signal', severity }, system));
  expect(reviewed(sira, 'P0', 'P1', 'P2', 'P3')).toEqual(['P0', 'P1']);
  expect(reviewed(saveit, 'SEV1', 'SEV2', 'SEV3', 'SEV4')).toEqual(['SEV1', 'SEV2']);
  const origins = ['signal', 'declared', 'manual', 'scheduled', 'rehearsal'] as const;
  expect(origins.filter((origin) => isReviewed({ origin, severity: 'P0' }, sira))).toEqual(['signal', 'declared']);
});
