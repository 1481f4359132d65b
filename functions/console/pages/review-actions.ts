import { html } from 'hono/html';
import { ACTION_KINDS, type ActionItem } from '../../incident/review.ts';
import { QUESTIONS } from '../../review/document.ts';
import { kindTitle } from '../../review/tables.ts';
import type { Fault } from '../rejected.ts';
import type { Html } from './layout.ts';
import { faultLine, faultOf, told } from './review-faults.ts';
import type { Row, Words } from './review-fields.ts';

/** So many rows are empty, for what is still to be added; storing it gives as many again. */
const EMPTY_ROWS = 3;

/** @param stored what somebody else has stored meanwhile, where somebody has */
export function actionRows({ actions }: Words, faults: readonly Fault[], stored?: readonly ActionItem[]): Html {
  const fault = faultOf(faults, 'actions');
  const rows = [...actions, ...Array.from({ length: EMPTY_ROWS }, () => ({ what: '', kind: '', owner: '', due: '' }))];
  return html`<fieldset class="${fault ? 'faulty' : ''}"><legend>${QUESTIONS.actions}</legend>${faultLine('actions', fault)}${storedActions(actions, stored)}
    <p class="help">A row whose text is empty is left out.</p>
    ${rows.map((row, n) => {
      const part = (name: keyof typeof row, label: string, input: (told: Html | '') => Html) => {
        const field = `actions.${n}.${name}`;
        const wrong = faultOf(faults, field);
        return html`<div class="${wrong ? 'faulty' : ''}"><label for="rv-${field}">${label}</label>${input(told(field, wrong))}${faultLine(field, wrong)}</div>`;
      };
      const input =
        (name: keyof typeof row, placeholder = '') =>
        (described: Html | '') =>
          html`<input id="rv-actions.${n}.${name}" name="actions.${n}.${name}" value="${row[name]}" placeholder="${placeholder}"${described}>`;
      return html`<div class="fields action" role="group" aria-label="Action item ${n + 1}">
        ${part('what', 'What', input('what'))}
        ${part('kind', 'Kind', (described) => html`<select id="rv-actions.${n}.kind" name="actions.${n}.kind"${described}>${ACTION_KINDS.map((kind) => html`<option value="${kind}"${kind === row.kind ? html` selected` : ''}>${kindTitle(kind)}</option>`)}</select>`)}
        ${part('owner', 'Owner', input('owner'))}
        ${part('due', 'Due', input('due', '2026-10-12'))}
      </div>`;
    })}</fieldset>`;
}

function storedActions(typed: readonly Row[], stored: readonly ActionItem[] | undefined): Html | '' {
  if (!stored || isSame(typed, stored)) return '';
  if (stored.length === 0) return html`<p class="help">Stored meanwhile: nothing</p>`;
  return html`<div class="help">Stored meanwhile:<ul>${stored.map(({ what, kind, owner, due }) => html`<li>${what} (${kindTitle(kind)}, ${owner}, ${due})</li>`)}</ul></div>`;
}

const isSame = (typed: readonly Row[], stored: readonly ActionItem[]) =>
  typed.length === stored.length &&
  typed.every(({ what, kind, owner, due }, n) => {
    const other = stored[n];
    return what.trim() === other?.what && kind === other.kind && owner.trim() === other.owner && due.trim() === other.due;
  });
