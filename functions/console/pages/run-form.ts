import { html } from 'hono/html';
import type { Fault, Rejected } from '../rejected.ts';
import { type Field, fieldsOf } from '../views/field.ts';
import type { RunbookView } from '../views/runbook.ts';
import type { Form } from './form.ts';
import type { Html } from './layout.ts';
import { nameField, problemNotice } from './parts.ts';

export interface RunForm {
  runbook: RunbookView;
  name: string;
  /** Sent twice, it starts one run. */
  request: string;
  /** What was typed, when the form comes back with an error. */
  typed?: Form | undefined;
  problem?: Rejected | undefined;
}

/** The form to run or rehearse a runbook, made from what its parameters are. */
export function runForm({ runbook, name, request, typed = {}, problem }: RunForm): Html {
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
