import { html } from 'hono/html';
import type { ApprovalView } from '../views/approval.ts';
import { moment, soon } from '../views/moment.ts';
import type { Html } from './layout.ts';
import { nameField } from './parts.ts';

/** Questions to people: the open ones with their list and their buttons, then those that were answered. */
export function approvalsSection(approvals: readonly ApprovalView[], name: string): Html | '' {
  if (approvals.length === 0) return '';
  const open = approvals.filter(({ decision }) => !decision);
  const answered = approvals.filter(({ decision }) => decision);
  return html`<h2 id="approvals">Approvals</h2>
    ${open.map((approval, at) => questionForm(approval, name, at))}
    ${answered.length > 0 ? html`<ul class="answered">${answered.map(answeredLine)}</ul>` : ''}`;
}

function questionForm({ id, question, items, until }: ApprovalView, name: string, at: number): Html {
  const [asked = '', ...why] = question.split('? ');
  return html`<form class="card ask form" method="post" action="/approvals/${id}">
    <h3>${asked}?</h3>
    <p class="question">${why.join('? ')}</p>
    ${
      items.length > 0
        ? html`<p>This would go:</p><ul class="items">${items.map((item) => html`<li><code>${item}</code></li>`)}</ul>`
        : ''
    }
    <p class="meta">Answer by ${soon(until)}. Silence is a no.</p>
    <div class="fields">
      <div>${nameField(`approve-by-${at}`, name)}</div>
      <div><label for="approve-reason-${at}">Reason (optional)</label>
      <input id="approve-reason-${at}" name="reason" maxlength="1000"></div>
    </div>
    <p class="buttons">
      <button class="primary" name="decision" value="approve">Approve</button>
      <button name="decision" value="deny">Deny</button>
    </p>
  </form>`;
}

function answeredLine({ title, decision, decidedBy, decidedAt, reason }: ApprovalView): Html {
  const who = decidedBy ? ` by ${decidedBy.name}` : '';
  const when = decidedAt ? ` at ${moment(decidedAt)}` : '';
  return html`<li><strong>${title}</strong>: ${decision}${who}${when}${reason ? `: ${reason}` : ''}</li>`;
}
