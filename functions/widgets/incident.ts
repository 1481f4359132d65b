import { html } from 'hono/html';
import { executionUrl } from '../aws-console.ts';
import { severityPill, statusChips } from '../console/pages/parts.ts';
import { type WholeIncident, wholeIncident } from '../console/read/incident.ts';
import { openNow } from '../console/read/incidents.ts';
import type { Surroundings } from '../surroundings.ts';
import { questionRow } from './approvals.ts';
import { commands } from './commands.ts';
import type { Typing } from './fields.ts';
import { button, type Drawing, type Html, link } from './frame.ts';
import { impactList, pagesList, progressList, stepsList, timelineList } from './story.ts';

/** Of the story of the worst: its end, which tells how it stands. */
const LAST_LINES = 6;

/**
 * One incident with all that a person in command can do. @param typing what was typed, where something was wrong with it
 * @throws {Rejected} 404 when there is no such incident
 */
export async function incidentView(around: Surroundings, drawing: Drawing, id: string, typing: Typing): Promise<Html> {
  const whole = await wholeIncident(around, id);
  const system = around.systems.find((known) => known.id === whole.incident.system);
  return html`${standing(around, whole)}
    ${impactList(whole)}
    ${whole.approvals.filter(({ decision }) => !decision).map((approval) => questionRow(drawing, approval))}
    ${commands(drawing, whole, system, typing)}
    ${progressList(whole)}
    ${timelineList(whole)}
    ${stepsList(whole)}
    ${pagesList(whole)}`;
}

/** The worst of what is open, for whoever only looks: what happens now, and how it came to that. */
export async function worstView(around: Surroundings, drawing: Drawing): Promise<Html> {
  const [worst] = await openNow(around);
  if (!worst) return html`<p class="notice good">No incident is open.</p>`;
  const whole = await wholeIncident(around, worst.id);
  return html`${standing(around, whole)}
    <p>${button(drawing, { title: 'Open and act', call: { view: 'incident', incident: worst.id }, primary: true })}</p>
    ${impactList(whole)}${progressList(whole)}${timelineList(whole, LAST_LINES)}`;
}

const TONES = { working: '', asks: 'asks', person: 'bad', well: 'good' } as const;

/** What it is, what happens now and what is about to, in a sentence each. */
function standing({ config }: Surroundings, { incident, happening }: WholeIncident): Html {
  const { id, title, severity, system, target, run, runs } = incident;
  const execution = runs.find(({ number }) => number === run)?.execution;
  const steps = execution === undefined ? null : executionUrl(config, execution);
  const page = config.consoleUrl && `${config.consoleUrl}/incidents/${id}`;
  return html`<h2>${severityPill(severity)} ${title}</h2>
    <p>${statusChips(incident)} <span class="meta">${[system.toUpperCase(), target, id].filter(Boolean).join(' · ')}</span></p>
    <div class="notice ${TONES[happening.tone]}"><p><strong>${happening.now}</strong></p><p>${happening.next}</p>${happening.paging === '' ? '' : html`<p>${happening.paging}</p>`}</div>
    <p>${steps ? link(steps, `Run ${run} in Step Functions`) : ''} ${page ? link(page, 'Its page in the console') : ''}</p>`;
}
