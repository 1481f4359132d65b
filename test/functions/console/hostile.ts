import { automation, person } from '../../../functions/incident/actor.ts';
import { iso } from '../../../functions/incident/clock.ts';
import { opened, type Run } from '../../../functions/incident/incident.ts';
import type { TimelineEvent } from '../../../functions/incident/timeline.ts';
import type { Console } from './console.ts';

/** Breaks out of text, of attributes, of comments, of scripts and of JSON; obeyed by a terminal; and turned round, for whoever reads. */
export const HOSTILE = `javascript:alert(0)//"'><script>alert(1)</script><img src=x onerror=alert(2)>--></title></pre></textarea></details>\u2028{"isEscaped":true}\u202e\u2066gnp.exe\u200b\u0000\u0007\u001b]0;title\u0007\u001b[31m\r\r`;
/** Ten kilobytes without a place to break, most of which weighs six times as much on a page. */
export const LONG = `${'"'.repeat(5_000)}${'W'.repeat(5_240)}`;

/** An incident in every text of which, that a stranger may have written, stands the same: names, labels, outputs, words of people. */
export async function strangeIncident({ around, post }: Console, id: string, text: string): Promise<string> {
  const { store, clock } = around;
  const at = iso(clock.now());
  const by = person(text.slice(0, 200));
  const run: Run = {
    number: 1,
    runbook: 'sira/counted',
    execution: text,
    startedAt: at,
    by,
    reason: text,
    parameters: { [text]: text },
    dryRun: false,
    endedAt: at,
    ended: 'escalated',
    why: text,
  };
  const beginning = { id, system: 'sira', alert: text, target: text, runbook: text, title: text, severity: 'P1' };
  const incident = opened({ ...beginning, origin: 'declared', openedAt: at, openedBy: by, automation: 'escalated' }, run);
  await store.incidents.create({
    ...incident,
    automation: 'escalated',
    responder: text,
    acknowledgedAt: at,
    acknowledgedBy: by,
    status: 'acknowledged',
    resolvedAt: null,
    snoozed: { until: at, by, at },
    stop: { at, by },
    ladder: {
      generation: 1,
      since: at,
      why: text,
      attempt: 1,
      over: { at, why: text },
      lowered: null,
      hurried: null,
      handed: null,
    },
  });
  await store.incidents.tell(id, ...strangeEvents(at, text));
  await strangeSteps({ around }, id, at, text);
  await store.people.ask({
    v: 1,
    id: 'asked',
    incidentId: id,
    run: 1,
    pass: 1,
    step: text,
    title: text,
    question: text,
    items: [text],
    hash: '',
    askedAt: at,
    until: at,
    decision: null,
    decidedAt: null,
    decidedBy: null,
    reason: text,
    notBy: null,
    token: 'secret',
  });
  const short = text.slice(0, 200);
  await post('/api/automation', { scope: 'all', mode: 'observe', reason: text.slice(0, 1_000), by: short });
  const to = iso(new Date(clock.now().getTime() + 3_600_000));
  await post('/api/maintenance', { system: 'sira', target: short, to, reason: text.slice(0, 1_000), by: short });
  return id;
}

function strangeEvents(at: string, text: string): TimelineEvent[] {
  const base = { v: 1 as const, at, by: person(text.slice(0, 200)) };
  const step = { run: 1, pass: 1, step: text, title: text, host: text };
  return [
    { ...base, type: 'signal', key: 'a', status: text, source: text, says: text },
    { ...base, ...step, type: 'looked', key: 'b', ok: false, tookMs: 1, says: text, evidence: text },
    { ...base, ...step, type: 'gate', key: 'c', answer: 'refused', reasons: [text] },
    { ...base, ...step, type: 'act-started', key: 'd', because: text, command: text, parameters: { [text]: text } },
    { ...base, ...step, type: 'act-skipped', key: 'e', why: text, wouldHave: text },
    { ...base, type: 'note', key: 'f', text },
    { ...base, type: 'taken-over', key: 'g', reason: text },
    { ...base, type: 'page-sent', key: 'h', by: automation, role: text, to: text, subject: text, again: false },
    { ...base, type: 'related', key: 'i', incident: 'B1', severity: text, title: text, why: text },
    { ...base, type: 'run-ended', key: 'j', run: 1, ended: 'escalated', why: text },
    { ...base, type: 'escalated', key: 'k', why: `${text}, and so it is` },
    { ...base, type: 'severity-lowered', key: 'l', from: text, to: text, reason: text },
  ];
}

async function strangeSteps({ around: { store } }: Pick<Console, 'around'>, id: string, at: string, text: string): Promise<void> {
  // Keys have a bound of their own: only what is shown is strange.
  const sent = { v: 1 as const, run: 1, pass: 1, title: text, startedAt: at, deadline: at, commandId: null };
  const ended = { endedAt: at, says: text, evidence: 'one' };
  const place = { step: text.slice(0, 200), host: text.slice(0, 200) };
  await store.steps.finishLooks(
    id,
    [{ ...sent, ...place, status: 'done', facts: { [text]: text, list: [{ [text]: text }] }, ...ended }],
    [{ v: 1, id: 'one', title: text, host: text, at, text }],
    [],
  );
  await store.steps.saveAct(id, {
    ...sent,
    ...place,
    ...ended,
    status: 'doubt',
    error: text,
    because: text,
    call: { command: text, parameters: { [text]: text } },
    undo: {
      call: { command: text, parameters: { [text]: text } },
      due: at,
      begunAt: null,
      commandId: null,
      paidAt: null,
      paid: false,
      says: text,
    },
  });
}
