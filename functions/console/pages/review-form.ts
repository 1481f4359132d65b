import { html } from 'hono/html';
import { type System, takersOf } from '../../../runbooks/language/system.ts';
import { ACTION_KINDS, type Answers, type Review } from '../../incident/review.ts';
import { QUESTIONS } from '../../review/document.ts';
import { kindTitle } from '../../review/tables.ts';
import type { Fault, Rejected } from '../rejected.ts';
import type { Form } from './form.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { nameField, problemNotice } from './parts.ts';
import { rowsOf, typedIn, type Words } from './review-fields.ts';

export interface ReviewForm {
  nav: readonly NavItem[];
  review: Review;
  title: string;
  system: Pick<System, 'roles' | 'updates'>;
  name: string;
  problem?: Rejected | undefined;
  typed?: Form | undefined;
}

/** So many rows are empty, for what is still to be added; storing it gives as many again. */
const EMPTY_ROWS = 3;

/** The answers as a person writes them. What was typed comes back with what is wrong with it, or with what somebody else has stored. */
export function reviewForm({ nav, review, title, system, name, problem, typed }: ReviewForm): Html {
  const { answers, incidentId: id } = review;
  const faults = problem?.status === 400 ? problem.faults : [];
  const overtaken = problem?.status === 409 && problem.faults[0].field === 'version';
  const words = typed ? typedIn(typed) : typedIn(formOf(review));
  const area = (field: keyof Words, label: string, stored: string) => {
    const fault = faultOf(faults, field);
    return html`<div class="${fault ? 'faulty' : ''}"><label for="rv-${field}">${label}</label>
      <textarea id="rv-${field}" name="${field}" rows="4" maxlength="8000"${told(field, fault)}>${words[field]}</textarea>
      ${faultLine(field, fault)}${overtaken && stored !== words[field] ? html`<p class="help">Stored meanwhile: ${stored || 'nothing'}</p>` : ''}</div>`;
  };
  const line = (field: keyof Words, label: string, placeholder: string) => {
    const fault = faultOf(faults, field);
    return html`<div class="${fault ? 'faulty' : ''}"><label for="rv-${field}">${label}</label>
      <input id="rv-${field}" name="${field}" value="${words[field]}" placeholder="${placeholder}"${told(field, fault)}>${faultLine(field, fault)}</div>`;
  };
  return layout({
    title: `Edit the review: ${title}`,
    nav,
    here: '/reviews',
    content: html`<p class="crumbs"><a href="/reviews">Reviews</a> / <a href="/reviews/${id}">${id}</a></p>
      <h1>Review: ${title}</h1>
      ${problemNotice(problem)}
      ${overtaken ? html`<p class="notice asks">What you typed is below, and what is stored now beside it where it differs. Saved again, yours takes its place.</p>` : ''}
      <p class="lead">What the records know is in <a href="/reviews/${id}">the document</a> already. An empty line begins a paragraph; lines that begin with a dash are a list.</p>
      <form class="card form review-form" method="post" action="/reviews/${id}/edit">
        <input type="hidden" name="version" value="${review.version}">
        ${area('summary', QUESTIONS.summary, answers.summary)}
        ${area('impact', QUESTIONS.impact, answers.impact)}
        <div class="fields">${line('feltFrom', 'Users felt it from, in UTC, if not from its detection', '2026-10-04T03:12:00Z')}
          ${line('feltUntil', 'Users felt it until, in UTC, if not until its resolution', '2026-10-04T03:31:00Z')}</div>
        ${area('rootCause', QUESTIONS.rootCause, answers.rootCause)}
        ${area('whyNotSooner', QUESTIONS.whyNotSooner, answers.whyNotSooner)}
        ${area('whatSlowed', QUESTIONS.whatSlowed, answers.whatSlowed)}
        ${area('resolution', QUESTIONS.resolution, answers.resolution)}
        ${actionRows(words, faults)}
        ${area('learnings', QUESTIONS.learnings, answers.learnings)}
        ${area('briefing', QUESTIONS.briefing, answers.briefing)}
        ${area('runbookLines', QUESTIONS.runbookLines, answers.runbookLines)}
        <div class="fields"><div><label for="rv-owner">Written by</label>
          <select id="rv-owner" name="owner">${takersOf(system).map((role) => html`<option value="${role.name}"${role.name === words.owner ? html` selected` : ''}>${role.title}</option>`)}</select></div>
          ${line('due', 'Due, in UTC', '48 hours after its end')}
          <div>${nameField('rv-by', name)}</div></div>
        <p class="buttons"><button class="primary" name="state" value="${review.state}">Save</button>
          ${review.state === 'draft' ? html`<button class="good" name="state" value="finished">Save and finish</button>` : html`<button name="state" value="draft">Save and open it again</button>`}</p>
      </form>`,
  });
}

function actionRows(words: Words, faults: readonly Fault[]): Html {
  const fault = faultOf(faults, 'actions');
  const rows = [...words.actions, ...Array.from({ length: EMPTY_ROWS }, () => ({ what: '', kind: '', owner: '', due: '' }))];
  return html`<fieldset class="${fault ? 'faulty' : ''}"><legend>${QUESTIONS.actions}</legend>${faultLine('actions', fault)}
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

const faultOf = (faults: readonly Fault[], field: string) => faults.find((fault) => fault.field === field);
const told = (field: string, fault: Fault | undefined): Html | '' =>
  fault ? html` aria-invalid="true" aria-describedby="rv-${field}-fault"` : '';
const faultLine = (field: string, fault: Fault | undefined): Html | '' =>
  fault ? html`<p class="fault" id="rv-${field}-fault">Expected ${fault.expected}</p>` : '';

/** A stored review as its form would send it. */
function formOf({ answers, owner, due }: Review): Form {
  const { actions, feltFrom, feltUntil, ...texts }: Answers = answers;
  return { ...texts, feltFrom: feltFrom ?? '', feltUntil: feltUntil ?? '', owner, due: due ?? '', ...rowsOf(actions) };
}
