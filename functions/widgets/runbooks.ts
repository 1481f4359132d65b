import { html } from 'hono/html';
import { automationModes } from '../console/read/automation.ts';
import { type RunbookSummary, runbookSummary } from '../console/views/runbook.ts';
import type { Surroundings } from '../surroundings.ts';
import { button, type Drawing, type Html } from './frame.ts';

/** All runbooks, by system, with the way to the form of each. */
export async function runbooksView(around: Surroundings, drawing: Drawing): Promise<Html> {
  const { automation, defaultMode } = await automationModes(around);
  const mode = (id: string) => automation.find((one) => one.runbook === id)?.mode ?? defaultMode;
  const systems = Map.groupBy(
    around.runbooks.map((runbook) => runbookSummary(runbook, mode(runbook.id))),
    ({ system }) => system,
  );
  return html`${[...systems].map(([system, own]) => html`<h3>${system.toUpperCase()}</h3>${own.map((runbook) => row(drawing, runbook))}`)}`;
}

function row(drawing: Drawing, { id, title, symptom, safety, mode }: RunbookSummary): Html {
  return html`<div class="row"><p><strong>${title}</strong> <span class="chip">${safety}</span> <span class="chip">mode: ${mode}</span></p>
    <p class="meta">${symptom}</p>
    <p>${button(drawing, { title: 'Run or rehearse', call: { view: 'runbook', runbook: id } })}</p></div>`;
}
