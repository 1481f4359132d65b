import { printableMarks } from '../../printable.ts';
import type { WholeIncident } from '../read/incident.ts';
import { moment } from './moment.ts';
import type { StepView } from './step.ts';
import { timelineLines } from './timeline.ts';

/** `2026-10-04 03:14:20`, in UTC. */
const second = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

/** The whole story as plain text, a line an event, for a mail, a ticket or a chat. Times are in UTC. */
export function timelineText({ incident, timeline }: Pick<WholeIncident, 'incident' | 'timeline'>): string {
  const lines = timelineLines(timeline, incident.seen).map(({ at, title, host, says, took }) => {
    const more = says.map((line) => inset(line, '    '));
    return [`${second(at)}  ${flat(`${title}${host ? ` (${host})` : ''}`)}${took ? `  ${took}` : ''}`, ...more].join('\n');
  });
  return text([head(incident), ...lines]);
}

/** All facts and the text behind them, what people were asked, and the pages as they were sent. Times are in UTC. */
export function evidenceText({ incident, steps, approvals, pages }: WholeIncident): string {
  return text([
    head(incident),
    ...steps.map(stepText),
    ...approvals.map(({ question, items, decision, decidedBy, askedAt }) =>
      section(
        `Asked at ${second(askedAt)}: ${question}`,
        `${decision ?? 'not answered'}${decidedBy ? ` by ${decidedBy.name}` : ''}`,
        items.map((item) => `- ${item}`).join('\n'),
      ),
    ),
    ...pages.map(({ role, subject, message, sentAt }) =>
      section(`Page to ${role}, ${sentAt ? `sent ${second(sentAt)}` : 'not sent yet'}: ${subject}`, message),
    ),
  ]);
}

/** What a person looks for in a step: its title, what it says, its facts and the text behind them. */
export function searchable({ title, host, says, error, because, command, parameters, facts, evidence }: StepView): string {
  return [title, host, says, error ?? '', because ?? '', command ?? '', written(parameters), written(facts), evidence].join('\n');
}

function stepText(step: StepView): string {
  const { kind, title, host, run, pass, status, startedAt, says, error, because, command, parameters, facts, evidence } = step;
  return section(
    `${kind} "${title}"${host === '-' ? '' : ` on ${host}`}: ${status} (run ${run}, pass ${pass}, ${second(startedAt)})`,
    because ? `because ${because}` : '',
    command ? `${command} ${written(parameters)}` : '',
    says,
    error && error !== says ? `error: ${error}` : '',
    written(facts),
    evidence,
  );
}

const head = ({ id, severity, title, system, openedAt, status }: WholeIncident['incident']): string =>
  `${severity} ${flat(title)}\n${system.toUpperCase()}, incident ${id}, opened ${moment(openedAt)}, ${status}. Times are in UTC.\n`;

/** Only its title begins at the edge: nothing that was said or written by a host can look like another section. */
const section = (title: string, ...lines: string[]): string =>
  [`== ${flat(title)}`, ...lines.filter(Boolean).map((line) => inset(line, '  ')), ''].join('\n');

const flat = (words: string): string => printableMarks(words).replace(/\s*\n\s*/g, ' ');
const inset = (words: string, by: string): string => printableMarks(words).replace(/^/gm, by);

/** Facts as JSON; nothing for none. */
const written = (value: unknown): string => {
  const said = value === null || value === undefined ? '' : JSON.stringify(value);
  return said === '{}' ? '' : said;
};

const text = (parts: readonly string[]): string => printableMarks(`${parts.join('\n')}\n`);
