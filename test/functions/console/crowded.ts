import { person } from '../../../functions/incident/actor.ts';
import { after, iso } from '../../../functions/incident/clock.ts';
import { opened } from '../../../functions/incident/incident.ts';
import { begun } from '../../../functions/incident/review.ts';
import type { TimelineEvent } from '../../../functions/incident/timeline.ts';
import { reviewRuleOf } from '../../../runbooks/language/system.ts';
import { sira } from '../../../runbooks/sira/system.ts';
import type { Console } from './console.ts';

const ADA = person('ada');

/** A thousand incidents, a fifth of them open, and one that has run for a week; 300 reviews to be written. @returns the id of that one */
export async function crowded(system: Console): Promise<string> {
  const { store, clock } = system.around;
  const now = iso(clock.now());
  const incidents = Array.from({ length: 1_000 }, (_, n) => {
    const at = after(now, -n * 60_000);
    const id = `N${String(n).padStart(4, '0')}`;
    const title = `Disk space running low on the data volume of host number ${n}`;
    const beginning = { id, system: 'sira', alert: 'DiskSpaceLow', target: `sira-prod-${n}`, runbook: 'sira/counted', title };
    const incident = opened({ ...beginning, severity: 'P1', origin: 'signal', openedAt: at, openedBy: ADA, seen: n });
    if (n >= 200)
      return { ...incident, status: 'resolved' as const, resolvedAt: at, resolvedBy: ADA, resolution: 'verified well' };
    const climb = {
      generation: 1,
      since: at,
      why: 'it opened',
      attempt: 1,
      over: null,
      lowered: null,
      hurried: null,
      handed: null,
    };
    return { ...incident, automation: 'awaiting-approval' as const, resolvedAt: null, status: 'open' as const, ladder: climb };
  });
  for (let n = 0; n < incidents.length; n += 50)
    await Promise.all(incidents.slice(n, n + 50).map((incident) => store.incidents.create(incident)));
  await Promise.all(
    incidents.slice(0, 300).map((incident) => store.reviews.begin(begun(incident, reviewRuleOf(sira), now, ADA))),
  );
  await long(system, 'N0000', now);
  return 'N0000';
}

/** A long timeline, many passes with much evidence, many questions, pages and changes that are to be taken back. */
async function long({ around: { store } }: Console, id: string, now: string): Promise<void> {
  const many = (length: number) => Array.from({ length }, (_, n) => n);
  const base = { v: 1 as const, by: ADA };
  const events = many(600).map(
    (n): TimelineEvent => ({ ...base, type: 'note', at: after(now, n), key: `${n}`, text: `note ${n} <&>`.repeat(20) }),
  );
  await store.incidents.tell(id, ...events);
  for (const pass of many(80)) {
    const sent = {
      v: 1 as const,
      run: 1,
      pass,
      step: 'count',
      host: 'sira-prod-1',
      title: `Look ${pass}`,
      startedAt: after(now, pass),
      deadline: now,
      commandId: null,
    };
    const ended = { endedAt: now, says: `says ${pass}`, evidence: `e${pass}` };
    const text = `line of the log of pass ${pass} "quoted"\n`.repeat(300);
    await store.steps.finishLooks(
      id,
      [{ ...sent, status: 'done', facts: { acts: pass, log: text }, ...ended }],
      [{ v: 1, id: `e${pass}`, title: '', host: '', at: now, text }],
      [],
    );
    const undo = {
      call: { command: 'test-take-back', parameters: {} },
      due: after(now, 3_600_000),
      begunAt: null,
      commandId: null,
      paidAt: null,
      paid: false,
      says: null,
    };
    const act = {
      ...sent,
      step: `leave-${pass}`,
      ...ended,
      status: 'done' as const,
      facts: {},
      evidence: null,
      because: 'there is none '.repeat(30),
      call: undo.call,
    };
    await store.steps.saveAct(id, { ...act, undo });
    await store.people.ask({
      v: 1,
      id: `q${pass}`,
      incidentId: id,
      run: 1,
      pass,
      step: 'x',
      title: 'Leave a file',
      question: 'May it? It would help.',
      items: pass === 79 ? many(2_000).map((n) => `volume-${n}`) : [],
      hash: '',
      askedAt: now,
      until: now,
      decision: pass === 79 ? null : 'denied',
      decidedAt: now,
      decidedBy: ADA,
      reason: 'not now '.repeat(50),
      notBy: null,
      token: null,
    });
    await store.people.due(
      id,
      {
        v: 1,
        generation: 1,
        rung: pass,
        role: 'oncall',
        rungs: [],
        round: 0,
        by: 'page',
        contact: null,
        dueAt: now,
        sentAt: now,
        sending: null,
        subject: `page ${pass}`,
        message: 'what was found, '.repeat(200),
        short: '',
        ticket: null,
      },
      now,
    );
  }
}
