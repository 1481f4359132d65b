import { html } from 'hono/html';
import { severityPill, statusChips, time } from '../console/pages/parts.ts';
import type { IncidentView } from '../console/views/incident.ts';
import { ago } from '../console/views/moment.ts';
import { button, type Drawing, type Html } from './frame.ts';

/** How many are listed: whoever has more has one cause, and its storm's page lists them all. */
const MOST = 25;

/** The widget that stands on top of the dashboard. */
export function openView(drawing: Drawing, open: readonly IncidentView[]): Html {
  if (open.length === 0) return html`<p class="notice good">Nothing is wrong that Firebreak knows of.</p>`;
  const more = open.length - MOST;
  return html`<p><strong>${open.length} open</strong></p>
    ${open.slice(0, MOST).map((incident) => row(drawing, incident))}
    ${more > 0 ? html`<p class="meta">And ${more} more that are less bad, or younger.</p>` : ''}`;
}

function row(drawing: Drawing, incident: IncidentView): Html {
  const { id, title, severity, system, target, openedAt, seen, acknowledgedBy } = incident;
  const about = [
    system.toUpperCase(),
    target,
    seen > 1 ? `seen ${seen} times` : '',
    acknowledgedBy ? `${acknowledgedBy.name} has it` : 'nobody has it',
  ];
  return html`<div class="row">
    <p>${severityPill(severity)} <strong>${title}</strong> ${statusChips(incident)}</p>
    <p class="meta">${about.filter(Boolean).join(' · ')} · ${time(openedAt, ago(openedAt, drawing.now))}</p>
    <p>${button(drawing, { title: 'Open', call: { view: 'incident', incident: id } })}</p>
  </div>`;
}
