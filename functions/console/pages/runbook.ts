import { html } from 'hono/html';
import { spoken } from '../../../runbooks/language/duration.ts';
import type { RunbookRecord } from '../read/record.ts';
import type { Fault, Rejected } from '../rejected.ts';
import { type Field, fieldsOf } from '../views/field.ts';
import type { RunbookView } from '../views/runbook.ts';
import type { Form } from './form.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { modeChip, nameField, problemNotice, severityPill } from './parts.ts';
import { recordSection } from './record.ts';

export interface RunbookPage {
  nav: readonly NavItem[];
  runbook: RunbookView;
  record: RunbookRecord;
  name: string;
  request: string;
  /** What was typed, when the form comes back with an error. */
  typed?: Form | undefined;
  problem?: Rejected | undefined;
}

/** One runbook: what it does, and a form to run or rehearse it. */
export function runbookPage(page: RunbookPage): Html {
  const { nav, runbook, record, name } = page;
  return layout({
    title: runbook.title,
    nav,
    here: '/runbooks',
    content: html`<p class="crumbs"><a href="/runbooks">Runbooks</a> / ${runbook.id}</p>
      <h1>${runbook.title}</h1>
      <p class="lead">${runbook.symptom}</p>
      <p class="chips head"><span class="chip safety-${runbook.safety}">${runbook.safety}</span> ${modeChip(runbook.mode)} <span class="chip">owner: ${runbook.owner}</span></p>
      ${startForm(page)}
      ${recordSection(runbook, record, name)}
      ${whatItDoes(runbook)}
      ${whenItStarts(runbook)}`,
  });
}

function startForm({ runbook, name, request, typed = {}, problem }: RunbookPage): Html {
  const fields = fieldsOf(runbook);
  const faults = new Map(problem?.faults.map((fault) => [fault.field, fault]));
  const beside = new Set(fields.map((field) => `parameters.${field.name}`));
  const elsewhere = problem?.faults.some((fault) => !beside.has(fault.field));
  return html`<section aria-labelledby="start"><h2 id="start">Run it by hand</h2>
    ${elsewhere ? problemNotice(problem) : problem ? html`<p class="notice bad" role="alert">It was not started: see below.</p>` : ''}
    <form class="card form" method="post" action="/runbooks/${runbook.id}/executions" novalidate>
      <input type="hidden" name="request" value="${request}">
      <div class="fields">${fields.map((field) => parameterField(field, typed, faults.get(`parameters.${field.name}`)))}</div>
      <label for="start-reason">Reason</label>
      <input id="start-reason" name="reason" maxlength="1000" value="${typed.reason ?? ''}" aria-describedby="start-reason-help">
      <p class="help" id="start-reason-help">It stands in the timeline, for whoever reads it later.</p>
      ${nameField('start-by', typed.by ?? name)}
      <p class="buttons">
        <button name="how" value="rehearse">Rehearse: change nothing</button>
        <button class="primary" name="how" value="run">Run it</button>
      </p>
      <p class="help">Either way it looks first. A run acts only where facts give a reason, and ${runbook.safety === 'destructive' ? 'asks a person before anything that can be lost' : 'passes the gate before every act'}.</p>
    </form>
  </section>`;
}

function parameterField(field: Field, typed: Form, fault: Fault | undefined): Html {
  const { name, label, description, kind, standard, choices, min, max, step } = field;
  const id = `parameter-${name}`;
  const value = typed[`parameters.${name}`] ?? standard;
  const told = html` aria-describedby="${id}-help ${fault ? `${id}-fault` : ''}"${fault ? html` aria-invalid="true"` : ''}`;
  const numeric = html`<input id="${id}" name="parameters.${name}" inputmode="decimal" value="${value}" placeholder="${standard}" data-step="${step}"${told}>`;
  const input =
    kind === 'choice'
      ? html`<select id="${id}" name="parameters.${name}"${told}>${choices.map(
          (choice) => html`<option value="${choice}"${choice === value ? html` selected` : ''}>${choice}</option>`,
        )}</select>`
      : kind === 'number'
        ? numeric
        : html`<input id="${id}" name="parameters.${name}" value="${value}"${told}>`;
  const range = [min === null ? '' : `from ${min}`, max === null ? '' : `to ${max}`].filter(Boolean).join(' ');
  const help = [description, range, kind === 'list' ? 'several are parted by commas' : ''].filter(Boolean).join(' · ');
  return html`<div class="${fault ? 'faulty' : ''}">
    <label for="${id}">${label}</label>${input}
    ${fault ? html`<p class="fault" id="${id}-fault">Expected ${fault.expected}</p>` : ''}
    <p class="help" id="${id}-help">${help}</p>
  </div>`;
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
