import { html } from 'hono/html';
import { spoken } from '../../../runbooks/language/duration.ts';
import type { RunbookRecord } from '../read/record.ts';
import type { Rejected } from '../rejected.ts';
import type { Permissions } from '../views/permissions.ts';
import type { RunbookView } from '../views/runbook.ts';
import type { Form } from './form.ts';
import { graph } from './graph.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { modeChip, severityPill } from './parts.ts';
import { permissionsSection } from './permissions.ts';
import { recordSection } from './record.ts';
import { runForm } from './run-form.ts';

export interface RunbookPage {
  nav: readonly NavItem[];
  runbook: RunbookView;
  record: RunbookRecord;
  permissions: Permissions;
  name: string;
  request: string;
  /** What was typed, when the form comes back with an error. */
  typed?: Form | undefined;
  problem?: Rejected | undefined;
}

/** One runbook: what it does, and a form to run or rehearse it. */
export function runbookPage(page: RunbookPage): Html {
  const { nav, runbook, record, permissions, name } = page;
  return layout({
    title: runbook.title,
    nav,
    here: '/runbooks',
    content: html`<p class="crumbs"><a href="/runbooks">Runbooks</a> / ${runbook.id}</p>
      <h1>${runbook.title}</h1>
      <p class="lead">${runbook.symptom}</p>
      <p class="chips head"><span class="chip safety-${runbook.safety}">${runbook.safety}</span> ${modeChip(runbook.mode)} <span class="chip">owner: ${runbook.owner}</span></p>
      ${runForm(page)}
      ${recordSection(runbook, record, name)}
      <section aria-labelledby="graph"><h2 id="graph">How it goes</h2>${graph(runbook.graph, 'The runbook, step by step')}</section>
      ${whatItDoes(runbook)}
      ${whenItStarts(runbook)}
      ${permissionsSection(permissions)}`,
  });
}

function whatItDoes({ looks, acts, verify, escalatesTo, people }: RunbookView): Html {
  return html`<section aria-labelledby="does"><h2 id="does">What it does</h2>
    <h3>It looks</h3>
    <ul class="plain">${looks.map((look) => html`<li><strong>${look.title}</strong>${look.byHand ? html`<code>${look.byHand}</code>` : ' from outside'}</li>`)}</ul>
    ${acts.length > 0 ? html`<h3>Then it acts, where there is a reason</h3>` : ''}
    <ol class="plain">${acts.map(
      (act) =>
        html`<li><strong>${act.title}</strong> <span class="chip safety-${act.safety}">${act.safety}</span>${act.safety === 'destructive' ? ' asks a person first' : ''}<code>${act.byHand}</code></li>`,
    )}</ol>
    ${
      verify
        ? html`<h3>Then it checks</h3><p>${verify.title}: ${verify.times} good checks in a row, every ${spoken(verify.everySeconds * 1_000)}, within ${spoken(verify.withinSeconds * 1_000)}.</p>`
        : ''
    }
    <p>Whatever is not proven well reaches <strong>${escalatesTo}</strong>.</p>
    ${people.length > 0 ? html`<h3>What stays with people</h3><ul class="plain">${people.map((item) => html`<li>${item}</li>`)}</ul>` : ''}
  </section>`;
}

function whenItStarts({ triggers }: RunbookView): Html {
  return html`<section aria-labelledby="starts"><h2 id="starts">What starts it</h2>
    <ul class="triggers">${triggers.map(({ says, severity }) => html`<li>${severityPill(severity)} ${says}</li>`)}</ul>
    ${triggers.length === 0 ? html`<p class="empty">Only a person.</p>` : ''}
  </section>`;
}
