import { html } from 'hono/html';
import type { WholeIncident } from '../console/read/incident.ts';
import { clockTime, moment } from '../console/views/moment.ts';
import { STATE_WORDS } from '../console/views/progress.ts';
import type { StepView } from '../console/views/step.ts';
import { timelineLines } from '../console/views/timeline.ts';
import type { Html } from './frame.ts';

/** A widget is looked at, not studied: the console's JSON has all of it. */
const MOST_LINES = 60;
const MOST_STEPS = 40;
const MOST_OF_A_TEXT = 1_500;

/** Where the run stands. */
export function progressList({ runbook }: WholeIncident): Html | '' {
  if (!runbook) return '';
  return html`<h3>Where the run stands</h3>
    <ol>${runbook.states.map(({ title, state, says }) => html`<li>${title}: <strong>${STATE_WORDS[state]}</strong>${says === '' ? '' : html` <span class="meta">${says}</span>`}</li>`)}</ol>`;
}

/** The story, the earliest first; of a long one its end. @param most how many lines */
export function timelineList({ timeline, incident }: WholeIncident, most = MOST_LINES): Html {
  const lines = timelineLines(timeline, incident.seen);
  const left = Math.max(0, lines.length - most);
  return html`<h3>Timeline</h3>
    ${left > 0 ? html`<p class="meta">${left} earlier lines are left out.</p>` : ''}
    ${lines
      .slice(left)
      .map(
        ({ at, title, host, says, took }) =>
          html`<div class="row"><span class="meta">${clockTime(at)}</span> <strong>${title}</strong>${host ? ` ${host}` : ''}${says.map((line) => html`<p>${cut(line)}</p>`)}${took ? html`<p class="took">${took}</p>` : ''}</div>`,
      )}`;
}

/** What users feel, beside the same an hour earlier. */
export function impactList({ impact }: WholeIncident): Html | '' {
  if (!impact) return '';
  return html`<h3>Impact</h3><ul>${impact.rows.map(
    ({ title, now, before }) =>
      html`<li>${title}: <strong>${now}</strong> <span class="meta">an hour earlier: ${before}</span></li>`,
  )}</ul>`;
}

const STATUS: Record<StepView['status'], string> = { started: 'under way', done: 'done', failed: 'failed', doubt: 'in doubt' };

/** Every step of the latest run with its facts, and the text behind it folded away. */
export function stepsList({ steps, incident }: WholeIncident): Html | '' {
  const own = steps.filter(({ run }) => run === incident.run).slice(-MOST_STEPS);
  if (own.length === 0) return '';
  return html`<h3>Steps, facts and evidence</h3>${own.map(step)}`;
}

function step({ title, host, status, says, error, because, facts, evidence }: StepView): Html {
  const told = [because && `because ${because}`, says, error !== says && error].filter(
    (part) => typeof part === 'string' && part !== '',
  );
  return html`<details class="row"><summary>${title}${host === '-' ? '' : ` ${host}`}: ${STATUS[status]}</summary>
    ${told.map((line) => html`<p>${cut(String(line))}</p>`)}
    ${facts === null || facts === undefined ? '' : html`<pre>${cut(JSON.stringify(facts, undefined, 1))}</pre>`}
    ${evidence === '' ? '' : html`<details><summary>Evidence</summary><pre>${cut(evidence)}</pre></details>`}
  </details>`;
}

/** Who was asked, and when. */
export function pagesList({ pages }: WholeIncident): Html | '' {
  if (pages.length === 0) return '';
  return html`<h3>Pages</h3><ul>${pages.map(
    ({ role, contact, subject, sentAt }) =>
      html`<li>${contact?.name ?? role}: ${cut(subject)} <span class="meta">${sentAt ? moment(sentAt) : 'due, not sent yet'}</span></li>`,
  )}</ul>`;
}

const cut = (text: string) =>
  text.length > MOST_OF_A_TEXT ? `${text.slice(0, MOST_OF_A_TEXT)} … (${text.length} characters in all)` : text;
