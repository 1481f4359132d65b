import { html } from 'hono/html';
import type { Mode } from '../../incident/control.ts';
import type { Rejected } from '../rejected.ts';
import type { IncidentView } from '../views/incident.ts';
import { moment, soon, until } from '../views/moment.ts';
import type { NextPage } from '../views/paging.ts';
import type { Html } from './layout.ts';

/** The worst two of any scheme stand out; the name says which it is. */
export function severityPill(severity: string): Html {
  const rank = /^(?:P0|SEV1)$/.test(severity) ? 'worst' : /^(?:P1|SEV2)$/.test(severity) ? 'bad' : 'mild';
  return html`<span class="pill severity-${rank}"><span class="hidden">Severity </span>${severity}</span>`;
}

const STATUS: Record<IncidentView['status'], string> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  closed: 'Closed',
};
const AUTOMATION: Record<IncidentView['automation'], string> = {
  none: 'no automation',
  running: 'automation at work',
  'awaiting-approval': 'waits for an approval',
  succeeded: 'automation did it',
  escalated: 'handed to a person',
  'taken-over': 'taken over',
};

export function statusChips({ status, automation, origin, stop }: IncidentView): Html {
  const asked = stop && automation === 'running' ? html`<span class="chip asks">stopping</span>` : '';
  return html`<span class="chip status-${status}">${STATUS[status]}</span>
    <span class="chip automation-${automation}">${AUTOMATION[automation]}</span>
    ${origin === 'rehearsal' ? html`<span class="chip">rehearsal</span>` : ''}${asked}`;
}

const MODES: Record<Mode, string> = { auto: 'acts by itself', ask: 'asks before each act', observe: 'only looks' };
export const modeChip = (mode: Mode): Html => html`<span class="chip mode-${mode}">${mode}: ${MODES[mode]}</span>`;

export function time(iso: string, shown = moment(iso)): Html {
  return html`<time datetime="${iso}" title="${moment(iso)}">${shown}</time>`;
}

/** How long until then. The script counts on; without it stands what it was when the page was made. */
export function countdown(iso: string, now: string): Html {
  return html`<time datetime="${iso}" title="${moment(iso)}" data-countdown>${until(iso, now)}</time>`;
}

/** Whom the ladder pages next, and when. */
export function nextPageLine({ at, who, by }: NextPage, now: string): Html {
  const what = by === 'ticket' ? html`A ticket for ${who}` : html`${who} ${who === 'everybody' ? 'is asked again' : 'is paged'}`;
  return html`${what} at ${soon(at)}, ${countdown(at, now)}`;
}

/** How long until the next page, where whom it pages is said beside it. Outside of what is read aloud at each change: it ticks. */
export function nextPageCountdown({ at, by }: NextPage, now: string): Html {
  return html`Next ${by} ${countdown(at, now)}`;
}

/** Who does it. Typed once, the browser remembers it. @param expected what a name is, where what was typed is none */
export function nameField(id: string, name: string, expected?: string): Html {
  const faulty = html` aria-invalid="true" aria-describedby="${id}-fault"`;
  return html`<label for="${id}">Your name</label>
    <input id="${id}" name="by" required maxlength="200" autocomplete="name" value="${name}"${expected ? faulty : ''}>
    ${expected ? html`<p class="fault" id="${id}-fault">Expected ${expected}</p>` : ''}`;
}

/** What was wrong with what was sent, at the top of the page that it was sent from. */
export function problemNotice(problem: Rejected | undefined): Html | '' {
  if (!problem) return '';
  return html`<div class="notice bad" role="alert"><strong>That was not done.</strong>
    ${problem.faults.map((fault) => html`<p>${fault.message}</p>`)}</div>`;
}
