import { html } from 'hono/html';
import type { Fault, Rejected } from '../rejected.ts';
import { type Field, fieldsOf, helpOf } from '../views/field.ts';
import type { RunbookView } from '../views/runbook.ts';
import type { Form } from './form.ts';
import { guardFields, overridesOf } from './guard-fields.ts';
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
  const beside = new Set([...fields.map((field) => `parameters.${field.name}`), 'reason', 'by']);
  const elsewhere = problem?.faults.some((fault) => !beside.has(fault.field));
  const reason = faults.get('reason');
  return html`<section aria-labelledby="start"><h2 id="start">Run it by hand</h2>
    ${elsewhere ? problemNotice(problem) : problem ? html`<p class="notice bad" role="alert">It was not started: see below.</p>` : ''}
    <form class="card form" method="post" action="/runbooks/${runbook.id}/executions" novalidate>
      <input type="hidden" name="request" value="${request}">
      <div class="fields">${fields.map((field) => parameterField(field, typed, faults.get(`parameters.${field.name}`)))}</div>
      <div class="${reason ? 'faulty' : ''}"><label for="start-reason">Reason</label>
        <input id="start-reason" name="reason" required maxlength="1000" value="${typed.reason ?? ''}"${told('start-reason', reason)}>
        ${faultOf('start-reason', reason)}
        <p class="help" id="start-reason-help">It stands in the timeline, for whoever reads it later.</p></div>
      <div class="${faults.has('by') ? 'faulty' : ''}">${nameField('start-by', typed.by ?? name, faults.get('by')?.expected)}</div>
      ${overrides(typed)}
      <p class="buttons">
        <button name="how" value="rehearse">Rehearse: change nothing</button>
        <button class="primary" name="how" value="run">${runbook.safety === 'observe' ? 'Run it' : 'Run it: first see what may happen'}</button>
      </p>
      <p class="help">Either way it looks first. A run acts only where facts give a reason, and ${runbook.safety === 'destructive' ? 'asks a person before anything that can be lost' : 'passes the gate before every act'}.</p>
    </form>
  </section>`;
}

/** Folded, because it is for the rare case in which a person knows better than a count or a sign. */
function overrides(typed: Form): Html {
  return html`<details class="over"${overridesOf(typed).length > 0 ? html` open` : ''}><summary>Go over a guard</summary>
    ${guardFields('start-over', typed)}</details>`;
}

function told(id: string, fault: Fault | undefined): Html {
  return html` aria-describedby="${id}-help${fault ? ` ${id}-fault` : ''}"${fault ? html` aria-invalid="true"` : ''}`;
}

function faultOf(id: string, fault: Fault | undefined): Html | '' {
  return fault ? html`<p class="fault" id="${id}-fault">Expected ${fault.expected}</p>` : '';
}

function parameterField(field: Field, typed: Form, fault: Fault | undefined): Html {
  const { name, label, kind, standard, choices, step } = field;
  const id = `parameter-${name}`;
  const value = typed[`parameters.${name}`] ?? standard;
  const described = told(id, fault);
  const numeric = html`<input id="${id}" name="parameters.${name}" inputmode="decimal" value="${value}" placeholder="${standard}" data-step="${step}"${described}>`;
  const input =
    kind === 'choice'
      ? html`<select id="${id}" name="parameters.${name}"${described}>${choices.map(
          (choice) => html`<option value="${choice}"${choice === value ? html` selected` : ''}>${choice}</option>`,
        )}</select>`
      : kind === 'number'
        ? numeric
        : html`<input id="${id}" name="parameters.${name}" value="${value}"${described}>`;
  return html`<div class="${fault ? 'faulty' : ''}">
    <label for="${id}">${label}</label>${input}
    ${faultOf(id, fault)}
    <p class="help" id="${id}-help">${helpOf(field)}</p>
  </div>`;
}
