import { clockTime, day, moment, took } from '../console/views/moment.ts';
import type { Line } from '../console/views/timeline.ts';
import { between } from '../incident/clock.ts';
import type { ActionItem } from '../incident/review.ts';
import type { Block } from './block.ts';
import type { ReviewFacts } from './facts.ts';
import { minutes } from './words.ts';

/** The five moments that both pages ask for, with two that explain them, and the total. */
export function momentsTable({ moments }: ReviewFacts): Block {
  const { detectedAt, startedAt, acknowledgedAt, handedOverAt, wellAt, resolvedAt, downFrom, downUntil, downMinutes } = moments;
  const since = (at: string) =>
    at < detectedAt ? `${took(at, detectedAt)} before` : between(detectedAt, at) < 1_000 ? '' : `${took(detectedAt, at)} later`;
  const felt = downFrom !== detectedAt || downUntil !== resolvedAt;
  const known: readonly (readonly [string, string | null, string])[] = [
    ...(felt ? [['Users felt it from', downFrom, 'as people say'] as const] : []),
    ['Detected', detectedAt, moments.detectedBy],
    ['Response started', startedAt, moments.startedBy],
    ['Handed to a person', handedOverAt, 'the automation'],
    ['Acknowledged by a person', acknowledgedAt, moments.acknowledgedBy],
    ['Seen well again', wellAt, 'the first of the good checks'],
    ...(felt ? [['Users felt it until', downUntil, 'as people say'] as const] : []),
    ['Resolved', resolvedAt, moments.resolvedBy],
  ];
  const happened = known
    .flatMap(([title, at, by]) => (at === null ? [] : [{ title, at, by }]))
    .toSorted((a, b) => a.at.localeCompare(b.at));
  const none = (title: string, at: string | null, says: string) => (at === null ? [[title, says, '', '']] : []);
  return {
    kind: 'table',
    head: ['', 'UTC', 'After detection', 'By'],
    rows: [
      ...happened.map(({ title, at, by }) => [title, `${day(at)} ${clockTime(at)}`, since(at), by]),
      ...none('Response started', startedAt, 'not recorded'),
      ...none('Acknowledged by a person', acknowledgedAt, resolvedAt ? 'it was over before' : 'not yet'),
      ...none('Resolved', resolvedAt, 'not yet'),
      [
        'Total downtime',
        downMinutes === null ? 'not over yet' : minutes(downMinutes),
        '',
        felt ? 'as users felt it' : 'from detection to resolution',
      ],
    ],
  };
}

/** The whole story, a line each; the day stands where it changes. */
export function storyTable(story: readonly Line[]): Block {
  const rows = story.map(({ at, title, host, says, took: lasted }, n) => {
    const before = story[n - 1];
    const date = !before || day(before.at) !== day(at) ? `${day(at)} ` : '';
    return [
      `${date}${clockTime(at)}`,
      host ? `${title} (${host})` : title,
      [...says.map((one) => one.replace(/\.$/, '')), lasted ? `took ${lasted}` : ''].filter(Boolean).join('; '),
    ];
  });
  return { kind: 'table', head: ['UTC', 'What', 'Details'], rows };
}

/** What the records know of what users felt. */
export function impactBlocks({ severity, alarm, impact, moments }: ReviewFacts): Block[] {
  const { downMinutes, downFrom, downUntil } = moments;
  const lasted =
    downUntil && downMinutes !== null
      ? `It lasted ${minutes(downMinutes)}, from ${moment(downFrom)} to ${moment(downUntil)}.`
      : `It lasts since ${moment(downFrom)}.`;
  const text = [
    lasted,
    `It was taken for ${severity.name}${severity.means ? ` (${severity.means})` : ''}.`,
    ...(alarm ? [`The alarm was ${alarm}.`] : []),
  ].join(' ');
  if (!impact) return [{ kind: 'text', text }];
  const { first, last } = impact;
  const again = last.at !== first.at;
  const rows = first.rows.map(({ title, now, before }, n) => [title, before, now, ...(again ? [last.rows[n]?.now ?? ''] : [])]);
  const head = ['What users feel', 'An hour before', `At ${moment(first.at)}`, ...(again ? [`At ${moment(last.at)}`] : [])];
  const why = [first.why, again && last.why !== first.why ? last.why : ''].filter(Boolean);
  return [{ kind: 'text', text }, { kind: 'table', head, rows }, ...why.map((one): Block => ({ kind: 'text', text: one }))];
}

export function evidenceList({ evidence }: ReviewFacts): Block[] {
  if (evidence.length === 0) return [];
  const items = evidence.map(({ title, host, says }) => `${title}${host ? ` (${host})` : ''}: ${says}`);
  return [{ kind: 'list', items }];
}

const ENDED: Record<ReviewFacts['tried'][number]['ended'], string> = {
  done: 'done',
  failed: 'failed',
  unknown: 'not known',
  'held back': 'not done',
  'taken back': 'taken back',
  'under way': 'under way',
};

/** What was tried, and what each gave. */
export function triedTable({ tried }: ReviewFacts): Block[] {
  if (tried.length === 0) return [{ kind: 'text', text: 'The automation changed nothing.' }];
  const rows = tried.map(({ at, what, host, because, gave, ended }) => [
    at ? clockTime(at) : '',
    host ? `${what} (${host})` : what,
    because,
    ENDED[ended],
    gave,
  ]);
  return [{ kind: 'table', head: ['UTC', 'What was tried', 'Because', 'It was', 'What it gave'], rows }];
}

const KINDS: Record<ActionItem['kind'], string> = {
  preventive: 'Prevention',
  monitoring: 'Monitoring',
  documentation: 'Documentation',
  process: 'Process',
};

/** A kind as a word of its own. */
export const kindTitle = (kind: ActionItem['kind']): string => KINDS[kind];

/** By kind, as both pages list them; within one by date. */
export function actionsTable(actions: readonly ActionItem[]): Block {
  const order = Object.keys(KINDS);
  const sorted = actions.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.due.localeCompare(b.due));
  return {
    kind: 'table',
    head: ['Kind', 'What', 'Owner', 'Due'],
    rows: sorted.map(({ kind, what, owner, due }) => [KINDS[kind], what, owner, due]),
    written: true,
  };
}
