import { html } from 'hono/html';
import { severityPill } from '../console/pages/parts.ts';
import { openNow } from '../console/read/incidents.ts';
import { type ApprovalView, approvalView } from '../console/views/approval.ts';
import { moment, soon } from '../console/views/moment.ts';
import { commandsToAnswer } from '../escalate/link.ts';
import type { Surroundings } from '../surroundings.ts';
import { nameField, reasonField, type Typing } from './fields.ts';
import { button, type Drawing, type Html } from './frame.ts';
import { onlyElsewhere, question } from './question.ts';

/** Of so many runs the questions are read: that is a query each, and whoever has more has one cause. */
const MOST = 25;

/** The open questions of all runs, with the way to each. */
export async function approvalsView(around: Surroundings, drawing: Drawing): Promise<Html> {
  const waiting = (await openNow(around)).filter(({ automation }) => automation === 'awaiting-approval');
  const asked = await Promise.all(
    waiting.slice(0, MOST).map(async (incident) => {
      const approvals = await around.store.people.approvals(incident.id);
      return approvals.filter(({ decision }) => !decision).map((approval) => ({ incident, approval: approvalView(approval) }));
    }),
  );
  const open = asked.flat();
  const more = waiting.length - MOST;
  if (open.length === 0 && more <= 0) return html`<p class="notice good">No run waits for an answer.</p>`;
  return html`${open.map(
    ({ incident, approval }) =>
      html`<div class="row"><p>${severityPill(incident.severity)} ${incident.title} <span class="meta">${incident.system.toUpperCase()}</span></p>${questionRow(drawing, approval)}</div>`,
  )}${more > 0 ? html`<p class="meta">And ${more} more runs wait, of incidents that are less bad, or younger.</p>` : ''}`;
}

/** One question in a list. */
export function questionRow(drawing: Drawing, { id, title, until }: ApprovalView): Html {
  return html`<div class="notice asks"><p><strong>May it: ${title}?</strong> <span class="meta">Silence is a no at ${soon(until)}.</span></p>
    <p>${button(drawing, { title: 'Read and answer', call: { view: 'approval', approval: id } })}</p></div>`;
}

/**
 * One question, with all that would go, and its buttons; or why a yes to it can't be given here, and where it can.
 * @throws {Rejected} 404 when there is no such question
 */
export async function askedView(around: Surroundings, drawing: Drawing, address: string, typing: Typing): Promise<Html> {
  const found = await question(around, address);
  const { id, incidentId, question: asks, items, until, decision, decidedBy, decidedAt } = approvalView(found.approval);
  const elsewhere = onlyElsewhere(found);
  const press = (action: 'approve' | 'deny', title: string, confirmation: string) =>
    button(drawing, { title, confirmation, primary: action === 'approve', call: { view: 'approval', approval: id, action } });
  const answer = html`${elsewhere === undefined ? '' : notHere(around, found.approval, elsewhere)}
    ${nameField(typing)}${reasonField(typing)}
    <p class="buttons">${elsewhere === undefined ? press('approve', 'Approve', 'Approve it? What is listed then happens, after a last look.') : ''} ${press('deny', 'Deny', 'Deny it? It is left alone, and a person is paged.')}</p>`;
  return html`<h2>${asks}</h2>
    ${items.length > 0 ? html`<p>This would go:</p><ul>${items.map((item) => html`<li><code>${item}</code></li>`)}</ul>` : ''}
    ${
      decision
        ? html`<p class="notice">It was ${decision}${decidedBy ? ` by ${decidedBy.name}` : ''}${decidedAt ? ` at ${moment(decidedAt)}` : ''}.</p>`
        : html`<p class="meta">Answer by ${soon(until)}. Silence is a no.</p>${answer}`
    }
    <p>${button(drawing, { title: 'Its incident', call: { view: 'incident', incident: incidentId } })}</p>`;
}

function notHere(around: Surroundings, approval: Parameters<typeof commandsToAnswer>[1], why: string): Html {
  const lines = commandsToAnswer(around, approval);
  return html`<div class="notice bad"><p><strong>A yes to this can’t be given on the dashboard.</strong> ${why}</p>
    <p>Say yes by the link in the page that asks, or by ${around.names.approveFunction}, for which IAM lets in fewer people:</p>
    ${lines.length > 0 ? html`<pre>${lines.join('\n')}</pre>` : ''}</div>`;
}
