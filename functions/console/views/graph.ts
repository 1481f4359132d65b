import type { Act, Runbook } from '../../../runbooks/language/definition.ts';
import { type Incident, isLive } from '../../incident/incident.ts';
import type { Approval } from '../../incident/records.ts';
import { soon } from './moment.ts';
import type { Progress, StepState } from './progress.ts';
import type { StepView } from './step.ts';
import { stepAnchor } from './timeline.ts';

/** A step as the graph draws it. */
export interface GraphNode {
  title: string;
  kind: 'open' | 'look' | 'ask' | 'act' | 'undo' | 'verify' | 'resolve' | 'person';
  /** `null` where there is no run to stand anywhere. */
  state: StepState | null;
  says: string;
  /** Where its facts and evidence are on the page. */
  anchor: string | null;
}

/** Nodes that belong together. */
export interface GraphStage {
  /** How its nodes belong together: all at once, one after the other, or either of them. */
  how: 'alone' | 'together' | 'in-turn' | 'either';
  /** What leads here from the stage before it, and what it is: a sentence for whoever does not see the arrows. */
  title: string;
  nodes: GraphNode[];
}

/** What is known of a run. */
export interface RunFacts {
  incident: Incident;
  states: readonly Progress[];
  steps: readonly StepView[];
  approvals: readonly Approval[];
}

/** The runbook as a graph: it looks, all at once; each act in turn, if there is a reason; it checks; and it ends well or at a person. */
export function runbookGraph(runbook: Runbook): GraphStage[] {
  const node = (kind: GraphNode['kind'], title: string): GraphNode => ({ kind, title, state: null, says: '', anchor: null });
  return stages(runbook, {
    open: node('open', 'Open'),
    looks: runbook.looks.map(({ title }) => node('look', title)),
    act: (act) => [
      ...(act.safety === 'destructive' ? [node('ask', 'A person is asked')] : []),
      node('act', act.title),
      ...(act.undo ? [node('undo', 'Taken back where it is left half done')] : []),
    ],
    verify: runbook.verify && node('verify', runbook.verify.title),
    well: node('resolve', runbook.verify ? 'Resolved' : 'Reported'),
    person: node('person', `A person: ${runbook.escalate.to}`),
  });
}

/** The same, with how the latest run of an incident stands in each step. */
export function runGraph(runbook: Runbook, facts: RunFacts): GraphStage[] {
  const { states, incident } = facts;
  const node = (kind: GraphNode['kind'], title: string, { state, says }: Pick<Progress, 'state' | 'says'>): GraphNode => ({
    kind,
    title,
    state,
    says,
    anchor: null,
  });
  const at = (kind: Progress['kind'], name?: string) =>
    states.find((one) => one.kind === kind && (name === undefined || one.name === name)) ?? { state: 'ahead', says: '' };
  return stages(runbook, {
    open: node('open', 'Open', at('open')),
    looks: runbook.looks.map(({ key, title }) => lookNode(key, title, incident.run, facts.steps)),
    act: (act) => [
      ...askNode(act, facts, at('act', act.title).state),
      {
        ...node('act', act.title, at('act', act.title)),
        anchor: anchorOf(facts, (step) => step.kind === 'act' && step.step === act.key),
      },
      ...undoNode(act, facts),
    ],
    verify: runbook.verify && {
      ...node('verify', runbook.verify.title, at('verify')),
      anchor: anchorOf(facts, (step) => step.kind === 'check'),
    },
    well: node('resolve', runbook.verify ? 'Resolved' : 'Reported', at(runbook.verify ? 'resolve' : 'report')),
    person: node('person', 'A person', personState(incident)),
  });
}

interface Nodes {
  open: GraphNode;
  looks: GraphNode[];
  act: (act: Act) => GraphNode[];
  verify: GraphNode | null;
  well: GraphNode;
  person: GraphNode;
}

function stages(runbook: Runbook, { open, looks, act, verify, well, person }: Nodes): GraphStage[] {
  return [
    { how: 'alone', title: 'It begins', nodes: [open] },
    { how: 'together', title: 'Diagnose: all looks at once', nodes: looks },
    ...runbook.acts.map((one): GraphStage => ({ how: 'in-turn', title: 'Act, if the facts give a reason', nodes: act(one) })),
    ...(verify ? [{ how: 'alone' as const, title: 'Verify', nodes: [verify] }] : []),
    { how: 'either', title: 'It ends one way or the other', nodes: [well, person] },
  ];
}

const ofRun = ({ incident, steps }: RunFacts) => steps.filter(({ run }) => run === incident.run);

/** The latest of them, as the page names it. */
function anchorOf(facts: RunFacts, is: (step: StepView) => boolean): string | null {
  const step = ofRun(facts).findLast(is);
  return step ? stepAnchor(step) : null;
}

/** On all its hosts in the latest pass: one that failed is what counts. */
function lookNode(key: string, title: string, run: number, steps: readonly StepView[]): GraphNode {
  const looks = steps.filter((step) => step.run === run && step.kind === 'look' && step.step === key);
  const pass = Math.max(0, ...looks.map((look) => look.pass));
  const latest = looks.filter((look) => look.pass === pass);
  const failed = latest.find(({ status }) => status === 'failed');
  const says =
    failed?.error ??
    latest
      .map((look) => look.says)
      .filter(Boolean)
      .join(' · ');
  const state = failed
    ? 'failed'
    : latest.length === 0
      ? 'ahead'
      : latest.some(({ status }) => status === 'started')
        ? 'now'
        : 'done';
  const [first] = failed ? [failed] : latest;
  return { kind: 'look', title, state, says, anchor: first ? stepAnchor(first) : null };
}

/** Whoever is asked stands before the act: always where it is destructive, else where the mode or a deployment made it so. */
function askNode(act: Act, { incident, approvals }: RunFacts, acted: StepState): GraphNode[] {
  const asked = approvals
    .filter(({ run, step }) => run === incident.run && step === act.key)
    .toSorted((a, b) => a.askedAt.localeCompare(b.askedAt))
    .at(-1);
  const node: GraphNode = { kind: 'ask', title: 'A person is asked', state: 'ahead', says: '', anchor: null };
  if (!asked) return act.safety === 'destructive' ? [{ ...node, state: acted === 'skipped' ? 'skipped' : 'ahead' }] : [];
  if (!asked.decision) return [{ ...node, state: 'waiting', says: `until ${soon(asked.until)}`, anchor: 'approvals' }];
  const says = `${asked.decision}${asked.decidedBy ? ` by ${asked.decidedBy.name}` : ''}`;
  return [{ ...node, state: asked.decision === 'approved' ? 'done' : 'refused', says, anchor: 'approvals' }];
}

/** Only where something is owed, or has been paid: that it could be is no news. */
function undoNode(act: Act, facts: RunFacts): GraphNode[] {
  const acts = ofRun(facts).filter((step) => step.kind === 'act' && step.step === act.key);
  const owed = acts.find(({ undo, status }) => undo && (undo.begunAt ?? undo.due ?? (status === 'failed' || status === 'doubt')));
  if (!owed?.undo) return [];
  const { due, paidAt, paid, begunAt, says } = owed.undo;
  const state = paidAt ? (paid ? 'undone' : 'failed') : begunAt ? 'now' : 'ahead';
  return [{ kind: 'undo', title: 'Take it back', state, says: says ?? (due ? `at ${soon(due)}` : ''), anchor: stepAnchor(owed) }];
}

function personState(incident: Incident): Pick<Progress, 'state' | 'says'> {
  const { automation, acknowledgedBy, stop } = incident;
  if (automation === 'taken-over') return { state: 'done', says: `${stop?.by.name ?? 'somebody'} has taken it over` };
  if (automation !== 'escalated') return { state: 'ahead', says: '' };
  if (acknowledgedBy) return { state: 'done', says: `${acknowledgedBy.name} has it` };
  return isLive(incident) ? { state: 'waiting', says: 'nobody has acknowledged it yet' } : { state: 'done', says: '' };
}
