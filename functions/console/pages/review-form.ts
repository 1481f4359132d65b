import { html } from 'hono/html';
import { type System, takersOf, titleOf } from '../../../runbooks/language/system.ts';
import type { Answers, Review } from '../../incident/review.ts';
import { QUESTIONS } from '../../review/document.ts';
import type { Rejected } from '../rejected.ts';
import type { Form } from './form.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { nameField, problemNotice } from './parts.ts';
import { actionRows } from './review-actions.ts';
import { faultLine, faultOf, told } from './review-faults.ts';
import { DUE_READ, dueTyped, rowsOf, typedIn, type Words } from './review-fields.ts';

type Field = Exclude<keyof Words, 'actions'>;

export interface ReviewForm {
  nav: readonly NavItem[];
  review: Review;
  title: string;
  system: Pick<System, 'roles' | 'updates'>;
  name: string;
  problem?: Rejected | undefined;
  typed?: Form | undefined;
}

/** The answers as a person writes them. What was typed comes back with what is wrong with it, or with what somebody else has stored. */
export function reviewForm({ nav, review, title, system, name, problem, typed }: ReviewForm): Html {
  const { answers, incidentId: id } = review;
  const faults = problem?.status === 400 ? problem.faults : [];
  const overtaken = problem?.status === 409 && problem.faults[0].field === 'version';
  const stored = typedIn(formOf(review));
  const words = typed ? { ...typedIn(typed), due: dueTyped(typed) ?? stored.due } : stored;
  const meanwhile = (field: Field, shown = stored[field]) =>
    overtaken && stored[field] !== words[field].trim() ? html`<p class="help">Stored meanwhile: ${shown || 'nothing'}</p>` : '';
  const area = (field: Field, label: string) => {
    const fault = faultOf(faults, field);
    return html`<div class="${fault ? 'faulty' : ''}"><label for="rv-${field}">${label}</label>
      <textarea id="rv-${field}" name="${field}" rows="4" maxlength="8000"${told(field, fault)}>${words[field]}</textarea>
      ${faultLine(field, fault)}${meanwhile(field)}</div>`;
  };
  const line = (field: Field, label: string, placeholder: string) => {
    const fault = faultOf(faults, field);
    return html`<div class="${fault ? 'faulty' : ''}"><label for="rv-${field}">${label}</label>
      <input id="rv-${field}" name="${field}" value="${words[field]}" placeholder="${placeholder}"${told(field, fault)}>${faultLine(field, fault)}${meanwhile(field)}</div>`;
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
        <input type="hidden" name="version" value="${review.version}"><input type="hidden" name="${DUE_READ}" value="${stored.due}">
        ${area('summary', QUESTIONS.summary)}
        ${area('impact', QUESTIONS.impact)}
        <div class="fields">${line('feltFrom', 'Users felt it from, in UTC, if not from its detection', '2026-10-04T03:12:00Z')}
          ${line('feltUntil', 'Users felt it until, in UTC, if not until its resolution', '2026-10-04T03:31:00Z')}</div>
        ${area('rootCause', QUESTIONS.rootCause)}
        ${area('whyNotSooner', QUESTIONS.whyNotSooner)}
        ${area('whatSlowed', QUESTIONS.whatSlowed)}
        ${area('resolution', QUESTIONS.resolution)}
        ${actionRows(words, faults, overtaken ? answers.actions : undefined)}
        ${area('learnings', QUESTIONS.learnings)}
        ${area('briefing', QUESTIONS.briefing)}
        ${area('runbookLines', QUESTIONS.runbookLines)}
        <div class="fields"><div><label for="rv-owner">Written by</label>
          <select id="rv-owner" name="owner">${takersOf(system).map((role) => html`<option value="${role.name}"${role.name === words.owner ? html` selected` : ''}>${role.title}</option>`)}</select>${meanwhile('owner', titleOf(system.roles, stored.owner))}</div>
          ${line('due', 'Due, in UTC', '48 hours after its end')}
          <div>${nameField('rv-by', name)}</div></div>
        <p class="buttons"><button class="primary" name="state" value="${review.state}">Save</button>
          ${review.state === 'draft' ? html`<button class="good" name="state" value="finished">Save and finish</button>` : html`<button name="state" value="draft">Save and open it again</button>`}</p>
      </form>`,
  });
}

/** A stored review as its form would send it. */
function formOf({ answers, owner, due }: Review): Form {
  const { actions, feltFrom, feltUntil, ...texts }: Answers = answers;
  return { ...texts, feltFrom: feltFrom ?? '', feltUntil: feltUntil ?? '', owner, due: due ?? '', ...rowsOf(actions) };
}
