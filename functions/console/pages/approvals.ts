import { html } from 'hono/html';
import type { ApprovalView } from '../views/approval.ts';
import { moment, soon } from '../views/moment.ts';
import type { Html } from './layout.ts';
import { nameField } from './parts.ts';
import { cut, type Room } from './room.ts';

const QUESTION = 2_000;
const ITEM = 500;

/** Questions to people: the open ones with their list and their buttons, then those that were answered. */
export function approvalsSection(incident: string, approvals: readonly ApprovalView[], name: string, room: Room): Html | '' {
  if (approvals.length === 0) return '';
  const open = approvals.filter(({ decision }) => !decision);
  const answered = approvals.filter(({ decision }) => decision);
  // One question at a time is asked; what is open is never left out.
  const questions = open.map((approval, at) => questionForm(incident, approval, name, at, room));
  const lines = room.fit(answered.toReversed(), answeredLine);
  return html`<h2 id="approvals">Approvals</h2>
    ${questions}
    ${lines.left > 0 ? html`<p class="more">${lines.left} earlier answers are left out here: <a href="/incidents/${incident}/evidence.txt">all of them as text</a></p>` : ''}
    ${answered.length > 0 ? html`<ul class="answered">${lines.shown.toReversed()}</ul>` : ''}`;
}

function questionForm(
  incident: string,
  { id, question, items, until }: ApprovalView,
  name: string,
  at: number,
  room: Room,
): Html {
  const [asked = '', ...why] = cut(question, QUESTION).split('? ');
  const list = room.fit(items, (item) => html`<li><code>${cut(item, ITEM)}</code></li>`);
  // Named by the question: where the next one comes in its place, whoever is about to press a button of this one loses it.
  return html`<form class="card ask form" id="ask-${id}" method="post" action="/approvals/${id}">
    <h3>${asked}?</h3>
    <p class="question">${why.join('? ')}</p>
    ${
      items.length > 0
        ? html`<p>This would go:</p><ul class="items" tabindex="0">${list.shown}</ul>${list.left > 0 ? html`<p class="notice asks">And ${list.left} more, which do not fit here. Read <a href="/incidents/${incident}/evidence.txt">the whole list</a> before you answer.</p>` : ''}`
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
  return html`<li><strong>${cut(title, ITEM)}</strong>: ${decision}${who}${when}${reason ? `: ${cut(reason, QUESTION)}` : ''}</li>`;
}
