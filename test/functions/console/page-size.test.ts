import { expect, it } from 'vitest';
import type { CallWatcher } from '../../../functions/aws/watched.ts';
import { person } from '../../../functions/incident/actor.ts';
import { after, iso } from '../../../functions/incident/clock.ts';
import { opened } from '../../../functions/incident/incident.ts';
import type { TimelineEvent } from '../../../functions/incident/timeline.ts';
import { inboxPage } from '../../../local/inbox.ts';
import { type Console, console } from './console.ts';
import { addressOf, getsOf } from './routes.ts';

const MOST_BYTES = 100_000;
/** The longest list asks about each incident that it shows; nothing asks about each that there is. */
const MOST_CALLS = 60;
const ADA = person('ada');

/** A thousand incidents, a fifth of them open, and one that has run for a week. @returns the id of that one */
async function crowded(system: Console): Promise<string> {
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
    return { ...incident, resolvedAt: null, status: 'open' as const, ladder: climb };
  });
  for (let n = 0; n < incidents.length; n += 50)
    await Promise.all(incidents.slice(n, n + 50).map((incident) => store.incidents.create(incident)));
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

it('no page weighs more than 100 KB, or asks the table about each of a thousand incidents', async () => {
  let calls: string[] = [];
  const watcher: CallWatcher = (service, operation, call) => {
    calls.push(`${service} ${operation}`);
    return call();
  };
  const system = await console(false, undefined, { watcher });
  const id = await crowded(system);
  const pages = getsOf(system.app).filter((path) => !path.startsWith('/api/') && !path.startsWith('/assets/'));
  expect(pages.length).toBeGreaterThan(8);
  const addresses = [...pages.map((path) => addressOf(path, id)), '/?from=120', '/?before=N0500', `/incidents/${id}?find=log`];
  for (const path of addresses) {
    calls = [];
    const { text, headers, status } = await system.get(path);
    expect(status, path).toBeLessThan(500);
    expect(calls.length, `${path}: ${calls.join(', ')}`).toBeLessThanOrEqual(MOST_CALLS);
    if (headers.get('content-type')?.startsWith('text/html'))
      expect(Buffer.byteLength(text), path).toBeLessThanOrEqual(MOST_BYTES);
  }
});

it('says what it leaves out, and leads to where all of it is', async () => {
  const system = await console();
  const id = await crowded(system);
  const { text } = await system.get(`/incidents/${id}`);
  expect(text).toMatch(/\d+ lines are left out here: <a href="\/incidents\/N0000\/timeline.txt">/);
  expect(text).toMatch(/\d+ earlier steps are left out here: <a href="\/incidents\/N0000\/evidence.txt">/);
  expect(text).toMatch(/And \d+ more, which do not fit here. Read <a href="\/incidents\/N0000\/evidence.txt">the whole list/);
  // The first and the last of the story are there.
  expect(text).toContain('note 0 ');
  expect(text).toContain('note 599 ');
  expect((await system.get(`/incidents/${id}/timeline.txt`)).text).toContain('note 300 ');
  const evidence = (await system.get(`/incidents/${id}/evidence.txt`)).text;
  for (const part of ['line of the log of pass 0 "quoted"', 'volume-1999', 'page 0']) expect(evidence).toContain(part);
  const found = (await system.get(`/incidents/${id}?find=PASS%207%20`)).text;
  expect(found).toContain('1 of 160 steps have it.');
  expect(found).toContain('line of the log of pass 7 ');
  expect(found).not.toContain('line of the log of pass 8 ');
});

it('the inbox shows the latest that there is room for', () => {
  const message = {
    topic: 't',
    contact: 'ada',
    role: 'oncall',
    message: 'what was found "and more", '.repeat(100),
    at: '2026-10-04T03:14:00.000Z',
  };
  const page = String(
    inboxPage(
      [],
      Array.from({ length: 500 }, (_, n) => ({ ...message, subject: `subject ${n} of them` })),
    ),
  );
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(MOST_BYTES);
  expect(page).toContain('subject 499 of them');
  expect(page).toMatch(/And \d+ earlier ones/);
});
