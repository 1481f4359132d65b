import { moment } from '../console/views/moment.ts';
import type { Incident } from '../incident/incident.ts';
import { type ActionItem, openQuestions, type Question, type Review } from '../incident/review.ts';
import type { Block } from './block.ts';
import type { ReviewFacts } from './facts.ts';
import { paragraphs } from './paragraphs.ts';
import { actionsTable, evidenceList, impactBlocks, momentsTable, storyTable, triedTable } from './tables.ts';
import { minutes, sentence } from './words.ts';

export interface Section {
  title: string;
  blocks: Block[];
}

export interface ReviewDocument {
  title: string;
  /** What it is about, and how far it is. */
  head: [string, string][];
  sections: Section[];
  /** How many questions nobody has answered. */
  open: number;
}

export interface DocumentMaterial {
  incident: Incident;
  system: { title: string };
  /** The owner's role, as people call it. */
  owner: string;
  review: Review;
  facts: ReviewFacts;
}

/** What is asked of people, as the form and the document say it. SIRA's and Save-It's pages ask for each. */
export const QUESTIONS: Record<Question, string> = {
  summary: 'What happened, in two or three sentences for somebody who was not there?',
  impact: 'Who was affected, how many of them, and what could they not do?',
  rootCause: 'What caused it? What in the evidence shows that?',
  whyNotSooner: 'Why were we not alerted sooner?',
  whatSlowed: 'What kept us from resolving it faster?',
  resolution: 'What ended it, and how do we know?',
  actions: 'What is done so that it does not come back, by whom, and until when?',
  learnings: 'What should other teams learn from it?',
  briefing: 'When is the team told of it, and by whom?',
  runbookLines: 'Which lines of the runbook change, and how?',
};

/** A review as it is read: the facts of the records, a person's answers beside them, and what is still open. */
export function documentOf({ incident, system, owner, review, facts }: DocumentMaterial): ReviewDocument {
  const { answers } = review;
  const open = openQuestions(answers, incident);
  const answered = (question: Exclude<Question, 'actions'>): Block[] =>
    open.includes(question) ? [{ kind: 'open', question: QUESTIONS[question] }] : paragraphs(answers[question]);
  const sections: Section[] = [
    { title: 'Summary', blocks: [...answered('summary'), { kind: 'text', text: inShort(incident, system.title, facts) }] },
    {
      title: 'Timeline',
      blocks: [momentsTable(facts), { kind: 'heading', text: 'What happened when' }, storyTable(facts.story)],
    },
    { title: 'Impact', blocks: [...answered('impact'), ...impactBlocks(facts)] },
    {
      title: 'Root cause',
      blocks: [
        ...answered('rootCause'),
        ...under('What was seen, before anything was changed', evidenceList(facts)),
        { kind: 'heading', text: 'Why we were not alerted sooner' },
        ...answered('whyNotSooner'),
        ...recorded(facts.notSooner),
        { kind: 'heading', text: 'What slowed the resolution' },
        ...answered('whatSlowed'),
        ...recorded(facts.slowed),
      ],
    },
    { title: 'Resolution', blocks: [...answered('resolution'), ...triedTable(facts), ...ended(incident, facts)] },
    { title: 'Action items', blocks: actionBlocks(answers.actions) },
    {
      title: 'Learnings to share',
      blocks: [
        ...answered('learnings'),
        ...under('Team briefing', answered('briefing')),
        ...under(`Lines of the runbook to change${runbookOf(incident)}`, answered('runbookLines')),
      ],
    },
    ...related(facts),
  ];
  return {
    title: `${incident.severity} ${incident.title}`,
    head: headOf(incident, system.title, owner, review, facts),
    sections,
    open: open.length,
  };
}

function headOf({ id, target }: Incident, system: string, owner: string, review: Review, facts: ReviewFacts): [string, string][] {
  const { severity, moments } = facts;
  const state =
    review.state === 'finished'
      ? `Finished by ${review.finishedBy.name} at ${moment(review.finishedAt)}`
      : `Draft, due ${review.due ? moment(review.due) : 'after the incident is over'}`;
  return [
    ['System', target ? `${system}, ${target}` : system],
    ['Severity', severity.means ? `${severity.name}: ${severity.means}` : severity.name],
    ['Total downtime', moments.downMinutes === null ? 'not over yet' : minutes(moments.downMinutes)],
    ['Incident', id],
    ['Owner', owner],
    ['State', state],
  ];
}

/** The whole of it in a few sentences, from the records alone. */
function inShort({ title, runs }: Incident, system: string, { moments, alarm, tried }: ReviewFacts): string {
  const { detectedAt, detectedBy, resolvedAt, resolvedBy, downMinutes } = moments;
  const begun = alarm
    ? `The alarm ${alarm} fired at ${moment(detectedAt)}: ${title}.`
    : `${detectedBy} saw at ${moment(detectedAt)} that something was wrong with ${system}: ${title}.`;
  const titled = (how: string) =>
    [...new Set(tried.filter((one) => one.ended === how).map(({ what }) => `"${what}"`))].join(', ');
  const [done, failed] = [titled('done'), titled('failed')];
  const looked = Object.keys(runs).length > 0 && tried.length === 0 ? 'The automation looked, and changed nothing.' : '';
  const over =
    resolvedAt && downMinutes !== null
      ? `It was resolved at ${moment(resolvedAt)} by ${resolvedBy}, after a downtime of ${minutes(downMinutes)}.`
      : 'It is not over yet.';
  return [
    begun,
    done && `The automation carried out ${done}.`,
    failed && `${done ? 'It' : 'The automation'} tried ${failed}, which did not help.`,
    looked,
    over,
  ]
    .filter(Boolean)
    .join(' ');
}

function ended(incident: Incident, { moments }: ReviewFacts): Block[] {
  if (!('resolution' in incident)) return [{ kind: 'text', text: 'It is not over yet.' }];
  const { resolvedBy } = moments;
  return [
    { kind: 'text', text: sentence(`Resolved at ${moment(incident.resolvedAt)} by ${resolvedBy}: ${incident.resolution}`) },
  ];
}

function actionBlocks(actions: readonly ActionItem[]): Block[] {
  return actions.length === 0 ? [{ kind: 'open', question: QUESTIONS.actions }] : [actionsTable(actions)];
}

function related({ reopened, earlier, beside }: ReviewFacts): Section[] {
  const blocks: Block[] = [
    ...(reopened > 0
      ? [
          {
            kind: 'text' as const,
            text: `It fired again just after its end ${reopened === 1 ? 'once' : `${reopened} times`}: what had been done did not last.`,
          },
        ]
      : []),
    ...under('Earlier ones like it', listed(earlier)),
    ...under(
      'Open at the same time',
      listed(beside.map(({ severity, title, incident, why }) => `${severity} ${title} (${incident}): ${why}`)),
    ),
  ];
  return blocks.length > 0 ? [{ title: 'Related incidents', blocks }] : [];
}

const runbookOf = ({ runbook }: Incident) => (runbook ? ` (${runbook})` : '');
const under = (text: string, blocks: readonly Block[]): Block[] =>
  blocks.length > 0 ? [{ kind: 'heading', text }, ...blocks] : [];
const listed = (items: readonly string[]): Block[] => (items.length > 0 ? [{ kind: 'list', items }] : []);
/** Apart from what a person has answered above it. */
const recorded = (items: readonly string[]): Block[] =>
  items.length > 0 ? [{ kind: 'text', text: 'From the records:' }, ...listed(items)] : [];
