import { html } from 'hono/html';
import type { RunbookSummary } from '../views/runbook.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { modeChip, severityPill } from './parts.ts';

export function runbooksPage(nav: readonly NavItem[], runbooks: readonly RunbookSummary[]): Html {
  const systems = [...new Set(runbooks.map(({ system }) => system))];
  return layout({
    title: 'Runbooks',
    nav,
    here: '/runbooks',
    content: html`<h1>Runbooks</h1>
      ${runbooks.length === 0 ? html`<p class="empty">No runbook is registered.</p>` : ''}
      ${systems.map(
        (system) => html`<section aria-labelledby="system-${system}">
          <h2 id="system-${system}">${system.toUpperCase()}</h2>
          <ul class="runbooks">${runbooks.filter((runbook) => runbook.system === system).map(card)}</ul>
        </section>`,
      )}`,
  });
}

function card({ id, title, symptom, safety, mode, triggers }: RunbookSummary): Html {
  return html`<li class="card runbook">
    <h3><a href="/runbooks/${id}">${title}</a></h3>
    <p>${symptom}</p>
    <p class="chips"><span class="chip safety-${safety}">${safety}</span> ${modeChip(mode)}</p>
    <ul class="triggers">${triggers.map(({ says, severity }) => html`<li>${severityPill(severity)} ${says}</li>`)}</ul>
  </li>`;
}
