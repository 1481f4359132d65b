import { html } from 'hono/html';
import { knownRunbook } from '../console/commands/start-by-hand.ts';
import { modeOf } from '../console/read/automation.ts';
import type { Rejected } from '../console/rejected.ts';
import { type Field, fieldsOf, helpOf } from '../console/views/field.ts';
import { type RunbookView, runbookView as viewOf } from '../console/views/runbook.ts';
import type { Surroundings } from '../surroundings.ts';
import { choiceField, guardField, nameField, reasonField, type Typing, textField } from './fields.ts';
import { button, type Drawing, type Html } from './frame.ts';

/**
 * One runbook: what it does, and the form to rehearse or run it.
 * @param problem what was wrong with what was typed: said beside its field
 * @throws {Rejected} 404 when there is no such runbook
 */
export async function runbookView(
  around: Surroundings,
  drawing: Drawing,
  id: string,
  typing: Typing,
  problem: Rejected | undefined,
): Promise<Html> {
  const known = knownRunbook(around, id);
  const runbook = viewOf(known, await modeOf(around, id), around.config.settingsOf(known.system.id));
  const { title, symptom, safety, mode } = runbook;
  const { acts } = runbook;
  const press = (action: 'rehearse' | 'run', name: string, confirmation: string) =>
    button(drawing, { title: name, confirmation, primary: action === 'run', call: { view: 'runbook', runbook: id, action } });
  const plan = button(drawing, {
    title: 'Run it: first see what may happen',
    primary: true,
    call: { view: 'plan', runbook: id },
  });
  return html`<h2>${title}</h2><p>${symptom}</p>
    <p><span class="chip">${safety}</span> <span class="chip">mode: ${mode}</span></p>
    ${fieldsOf(runbook).map((field) => parameter(field, typing, problem))}
    ${acts.length > 0 ? guardField(typing) : ''}${reasonField(typing)}${nameField(typing)}
    <p class="buttons">${press('rehearse', 'Rehearse: change nothing', `Rehearse "${title}"? It looks, and changes nothing.`)} ${acts.length === 0 ? press('run', 'Run it', `Run "${title}"? It only looks.`) : plan}</p>
    <p class="meta">Either way it looks first, and passes the gate before every act; what can lose something asks a person.</p>
    ${whatItDoes(runbook)}`;
}

function parameter(field: Field, typing: Typing, problem: Rejected | undefined): Html {
  const name = `parameters.${field.name}`;
  const fault = problem?.faults.find((one) => one.field === name);
  const input =
    field.kind === 'choice'
      ? choiceField(
          name,
          field.label,
          typing,
          field.choices.map((choice) => [choice, choice] as const),
          field.standard,
        )
      : textField(name, field.label, typing, helpOf(field), field.standard);
  return html`${input}${fault ? html`<p class="fault">Expected ${fault.expected}</p>` : ''}`;
}

function whatItDoes({ looks, acts, verify, escalatesTo }: RunbookView): Html {
  return html`<details><summary>What it does</summary>
    <p>It looks:</p><ul>${looks.map(({ title }) => html`<li>${title}</li>`)}</ul>
    ${acts.length > 0 ? html`<p>Then it acts, where there is a reason:</p><ol>${acts.map(({ title, safety }) => html`<li>${title} <span class="chip">${safety}</span></li>`)}</ol>` : ''}
    ${verify ? html`<p>Then it checks: ${verify.title}, ${verify.times} times in a row.</p>` : ''}
    <p>Whatever is not proven well reaches <strong>${escalatesTo}</strong>.</p>
  </details>`;
}
