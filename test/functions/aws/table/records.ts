import type { Candidate } from '../../../../functions/aws/table/claims.ts';
import { after } from '../../../../functions/incident/clock.ts';
import type { Incident, Run } from '../../../../functions/incident/incident.ts';
import type { ActRecord, Approval, LookRecord, Page, UndoDebt } from '../../../../functions/incident/records.ts';
import { dedupKey, type Signal } from '../../../../runbooks/language/signal.ts';

/** Records as the responder writes them, with what a test says of them. */

export const T0 = '2026-10-04T03:14:00.000Z';
/** So many seconds after the beginning. */
export const at = (seconds: number) => after(T0, seconds * 1_000);

type Said = Partial<Omit<Signal, 'source'>> & { from?: string };

export function signal({ from = 'arn:one', ...said }: Said = {}): Signal {
  const target = said.target ?? 'sira-prod-1';
  return {
    v: 1,
    system: 'sira',
    alert: 'DiskSpaceLow',
    target,
    status: 'firing',
    labels: {},
    summary: 'disk is 91 % full',
    eventAt: T0,
    receivedAt: said.eventAt ?? T0,
    source: { kind: 'cloudwatch', id: from, alarmName: `sira-${from}` },
    dedupKey: dedupKey('sira', 'DiskSpaceLow', target),
    ...said,
  };
}

/** What a signal opens, if it is the first; each time said by another message. */
export const candidate = (incidentId: string): Candidate => ({
  incidentId,
  severity: 'P1',
  runbook: 'sira/disk-space-low',
  message: crypto.randomUUID(),
  now: T0,
});

export function run(number: number, said: Partial<Run> = {}): Run {
  return {
    number,
    runbook: 'sira/disk-space-low',
    execution: `arn:execution:${number}`,
    startedAt: T0,
    by: { name: 'cloudwatch', kind: 'monitoring', verified: false },
    reason: 'DiskSpaceLow fires',
    parameters: {},
    dryRun: false,
    ...said,
  };
}

export function incident(id: string, said: Partial<Incident & { status: 'open' }> = {}): Incident {
  return {
    v: 1,
    id,
    status: 'open',
    system: 'sira',
    alert: 'DiskSpaceLow',
    target: 'sira-prod-1',
    runbook: 'sira/disk-space-low',
    title: 'Disk space running low',
    severity: 'P1',
    automation: 'running',
    origin: 'signal',
    openedAt: T0,
    openedBy: { name: 'cloudwatch', kind: 'monitoring', verified: false },
    seen: 1,
    dedupKey: dedupKey('sira', 'DiskSpaceLow', 'sira-prod-1'),
    signal: null,
    run: 0,
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
    ...said,
  };
}

export function startedLook(said: Partial<LookRecord & { status: 'started' }> = {}): LookRecord & { status: 'started' } {
  return {
    v: 1,
    status: 'started',
    run: 1,
    pass: 1,
    step: 'disk',
    host: 'sira-prod-1',
    title: 'Look at the disk',
    startedAt: T0,
    deadline: at(60),
    commandId: null,
    ...said,
  };
}

export function doneLook(said: Partial<LookRecord & { status: 'done' }> = {}): LookRecord & { status: 'done' } {
  return {
    ...startedLook({ commandId: 'c-1' }),
    status: 'done',
    facts: { usedPercent: 91 },
    endedAt: at(2),
    says: '91 % full',
    evidence: '1-disk',
    ...said,
  };
}

const call = { command: 'delete-old-logs', parameters: { folders: ['/srv/sira/logs'] } };

export function debt(said: Partial<UndoDebt> = {}): UndoDebt {
  return { call, due: null, begunAt: null, commandId: null, paidAt: null, paid: false, says: null, ...said };
}

export function startedAct(said: Partial<ActRecord & { status: 'started' }> = {}): ActRecord & { status: 'started' } {
  return {
    v: 1,
    status: 'started',
    run: 1,
    pass: 1,
    step: 'delete-old-logs',
    host: 'sira-prod-1',
    title: 'Delete old logs',
    because: '9 % free',
    call,
    undo: null,
    startedAt: T0,
    deadline: at(120),
    commandId: null,
    ...said,
  };
}

export function doneAct(said: Partial<ActRecord & { status: 'done' }> = {}): ActRecord & { status: 'done' } {
  return {
    ...startedAct(),
    status: 'done',
    facts: { freedMb: 12 },
    endedAt: at(5),
    says: 'freed 12 MB',
    evidence: null,
    ...said,
  };
}

export function approval(incidentId: string, said: Partial<Approval> = {}): Approval {
  return {
    v: 1,
    id: '1-remove-abc',
    incidentId,
    run: 1,
    pass: 1,
    step: 'remove',
    title: 'Remove',
    question: 'Remove it?',
    items: ['volume a'],
    hash: 'abc',
    askedAt: T0,
    until: at(1_800),
    decision: null,
    decidedAt: null,
    decidedBy: null,
    reason: '',
    notBy: null,
    token: null,
    ...said,
  };
}

export function page(said: Partial<Page> = {}): Page {
  return {
    v: 1,
    generation: 1,
    rung: 0,
    role: 'oncall',
    rungs: [],
    round: 0,
    by: 'page',
    contact: null,
    dueAt: T0,
    sentAt: null,
    sending: null,
    subject: 'P1 SIRA',
    message: 'Please',
    short: '',
    ticket: null,
    ...said,
  };
}
