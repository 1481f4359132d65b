import { automation, person } from '../../../functions/incident/actor.ts';
import { type Incident, opened } from '../../../functions/incident/incident.ts';
import { begun, type Review } from '../../../functions/incident/review.ts';
import type { TimelineEvent } from '../../../functions/incident/timeline.ts';
import type { Recorded } from '../../../functions/review/facts.ts';
import { reviewRuleOf } from '../../../runbooks/language/system.ts';
import { sira } from '../../../runbooks/sira/system.ts';
import { approval, at, doneAct, doneLook, page, signal, T0 } from '../aws/table/records.ts';

/** An outage of SIRA as its records tell it: detected, looked at, mended after an approval, acknowledged by its second page, resolved. */
export const outage: Extract<Incident, { status: 'resolved' }> = {
  ...opened({
    id: '7Q2M9VXKT4B1',
    system: 'sira',
    alert: 'APIDown',
    target: '',
    runbook: 'sira/application-down',
    title: 'Application down',
    severity: 'P0',
    origin: 'signal',
    openedAt: at(2),
    openedBy: automation,
    seen: 3,
    signal: signal({ alert: 'APIDown', target: '', from: 'APIDown', eventAt: T0, value: 3 }),
  }),
  status: 'resolved',
  resolvedAt: at(1_150),
  resolvedBy: automation,
  resolution: 'The application answers again',
};

const base = (seconds: number, key: string) => ({ v: 1 as const, at: at(seconds), key, by: automation });
const step = { run: 1, pass: 1, step: 'restart', title: 'Restart the backend', host: 'sira-prod-1' };

export const events: readonly TimelineEvent[] = [
  { ...base(0, 'signal'), type: 'signal', status: 'firing', source: 'sira-APIDown', says: '3 failed checks' },
  { ...base(2, 'opened'), type: 'opened', severity: 'P0', runbook: 'sira/application-down', title: 'Application down' },
  { ...base(4, 'run'), type: 'run-started', run: 1, runbook: 'sira/application-down', reason: '', dryRun: false },
  { ...base(62, 'paged'), type: 'page-sent', role: 'oncall', to: 'Ada', subject: 'P0 SIRA', again: false },
  { ...base(70, 'told'), type: 'page-sent', role: 'team', subject: 'Update', again: false, notice: true },
  { ...base(80, 'gate'), ...step, type: 'gate', answer: 'ask', reasons: ['a deployment ended 4 min ago'] },
  { ...base(902, 'paged-2'), type: 'page-sent', role: 'lead', to: 'Grace', subject: 'P0 SIRA', again: false },
  { ...base(960, 'acknowledged'), type: 'acknowledged', by: person('Grace') },
  { ...base(1_000, 'act'), ...step, type: 'act-started', because: 'it exited', command: 'restart-service', parameters: {} },
  { ...base(1_003, 'acted'), ...step, type: 'act-finished', ok: true, tookMs: 3_000, says: 'it runs', evidence: null },
  { ...base(1_010, 'c1'), ...step, step: 'verify', type: 'checked', good: 0, of: 2, says: '503' },
  { ...base(1_030, 'c2'), ...step, step: 'verify', type: 'checked', good: 1, of: 2, says: '200' },
  { ...base(1_090, 'c3'), ...step, step: 'verify', type: 'checked', good: 2, of: 2, says: '200' },
  { ...base(1_150, 'resolved'), type: 'resolved', how: 'The application answers again' },
];

export const recorded: Recorded = {
  incident: outage,
  events,
  looks: [
    doneLook({ step: 'backend', title: 'Look at the backend', says: 'exited with code 1', startedAt: at(5) }),
    doneLook({ step: 'backend', title: 'Look at the backend', says: 'running', startedAt: at(1_005), pass: 2 }),
    doneLook({ step: 'verify.1.health', title: 'It answers', says: '200', startedAt: at(1_030) }),
  ],
  acts: [doneAct({ title: 'Restart the backend', because: 'it exited', says: 'it runs', startedAt: at(1_000) })],
  approvals: [
    approval('7Q2M9VXKT4B1', {
      title: 'Restart the backend',
      askedAt: at(81),
      decision: 'approved',
      decidedAt: at(981),
      decidedBy: person('Grace'),
      reason: 'the deployment is over',
    }),
  ],
  pages: [
    page({ rungs: ['oncall'], sentAt: at(62), contact: { id: 'ada', name: 'Ada' } }),
    page({ rung: 3, rungs: ['lead'], role: 'lead', sentAt: at(902), contact: { id: 'grace', name: 'Grace' } }),
    page({ rung: 4, rungs: ['cto'], role: 'cto', sentAt: at(1_100) }),
  ],
  earlier: [],
};

/** Its review as it begins. */
export const draft: Review = begun(outage, reviewRuleOf(sira), at(1_200), automation);

/** The same with every question answered. */
export const answered: Review = {
  ...draft,
  answers: {
    ...draft.answers,
    summary: 'The backend could not start.',
    impact: 'Everybody.',
    rootCause: 'A setting was missing.',
    whyNotSooner: 'We were.',
    whatSlowed: 'A page that nobody answered.',
    actions: [
      { what: 'Tell the team', kind: 'process', owner: 'Grace', due: '2026-10-20' },
      { what: 'Check the settings', kind: 'preventive', owner: 'Ada', due: '2026-10-12' },
    ],
    learnings: 'Check settings first.',
    briefing: 'On Monday, by Grace.',
    runbookLines: 'None.',
  },
};
