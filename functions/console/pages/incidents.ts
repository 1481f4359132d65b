import { html } from 'hono/html';
import type { System } from '../../../runbooks/language/system.ts';
import type { AutomationModes } from '../read/automation.ts';
import type { Rejected } from '../rejected.ts';
import type { IncidentView } from '../views/incident.ts';
import { ago, took } from '../views/moment.ts';
import type { Form } from './form.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { modeChip, nameField, problemNotice, severityPill, statusChips, time } from './parts.ts';

/** How many of the past are listed; the API has all. */
const PAST_SHOWN = 50;

export interface IncidentsPage {
  nav: readonly NavItem[];
  incidents: readonly IncidentView[];
  systems: readonly System[];
  settings: AutomationModes['settings'];
  now: string;
  /** The name that was typed last. */
  name: string;
  /** Tells this form from the next, so that sent twice it declares one incident. */
  request: string;
  problem?: Rejected | undefined;
  typed?: Form | undefined;
}

export function incidentsPage(page: IncidentsPage): Html {
  const open = page.incidents.filter(({ status }) => status === 'open' || status === 'acknowledged');
  const past = page.incidents.filter((incident) => !open.includes(incident));
  const restricted = page.settings.filter(({ scope, mode }) => scope === 'all' && mode !== 'auto');
  const stormy = page.settings.filter(({ scope, mode }) => scope.startsWith('storm:') && mode === 'observe');
  return layout({
    title: open.length > 0 ? `${open.length} open` : 'Incidents',
    nav: page.nav,
    here: '/',
    pollMs: 4_000,
    content: html`<h1>Incidents</h1>
      ${problemNotice(page.problem)}
      ${restricted.map(
        ({ mode, reason, by }) =>
          html`<p class="notice asks">Everything is in the mode ${modeChip(mode)} (${by.name}${reason ? `: ${reason}` : ''}). <a href="/automation">Change it</a></p>`,
      )}
      ${stormy.map(
        ({ scope, until }) =>
          html`<p class="notice asks">${scope.replace('storm:', '').toUpperCase()} has many incidents at once: automation only looks${until ? html` until ${time(until)}` : ''}, and one page listed them. <a href="/automation">Lift it</a></p>`,
      )}
      <div data-live="incidents">
        <section aria-labelledby="open">
          <h2 id="open">Open <span class="count">${open.length}</span></h2>
          ${
            open.length > 0
              ? html`<ul class="incidents">${open.map((incident) => row(incident, page.now))}</ul>`
              : html`<p class="empty">Nothing is wrong that Firebreak knows of.</p>`
          }
        </section>
        <section aria-labelledby="past">
          <h2 id="past">Past <span class="count">${past.length}</span></h2>
          ${past.length > 0 ? html`<ul class="incidents past">${past.slice(0, PAST_SHOWN).map((incident) => row(incident, page.now))}</ul>` : html`<p class="empty">None yet.</p>`}
        </section>
      </div>
      ${declareForm(page)}`,
  });
}

function row(incident: IncidentView, now: string): Html {
  const { id, title, severity, system, target, openedAt, resolvedAt, seen } = incident;
  const length = resolvedAt ? `took ${took(openedAt, resolvedAt)}` : '';
  return html`<li class="incident">
    ${severityPill(severity)}
    <div class="what">
      <a href="/incidents/${id}">${title}</a>
      <p class="meta">${[system.toUpperCase(), target, seen > 1 ? `seen ${seen} times` : '', length].filter(Boolean).join(' · ')}</p>
    </div>
    <p class="chips">${statusChips(incident)}</p>
    <p class="when">${time(openedAt, ago(openedAt, now))}</p>
  </li>`;
}

function declareForm({ systems, name, request, problem, typed = {} }: IncidentsPage): Html {
  return html`<details class="card form" id="declare"${problem ? html` open` : ''}>
    <summary>Declare an incident</summary>
    <form method="post" action="/incidents">
      <p class="meta">Something is wrong that no alarm has said: this opens an incident and pages the first responder.</p>
      <input type="hidden" name="request" value="${request}">
      <label for="declare-title">What is wrong</label>
      <input id="declare-title" name="title" required maxlength="200" value="${typed.title ?? ''}">
      <label for="declare-place">System and severity</label>
      <select id="declare-place" name="place" required>
        <option value="">Choose how bad it is</option>
        ${systems.map(
          (system) =>
            html`<optgroup label="${system.title}">${system.severities.map(
              (severity) =>
                html`<option value="${system.id} ${severity.name}"${typed.place === `${system.id} ${severity.name}` ? html` selected` : ''}>${system.title} · ${severity.name}: ${severity.means}</option>`,
            )}</optgroup>`,
        )}
      </select>
      <label for="declare-target">Which host (if it is one)</label>
      <input id="declare-target" name="target" maxlength="200" value="${typed.target ?? ''}">
      ${nameField('declare-by', name)}
      <p class="buttons"><button class="primary">Declare it and page</button></p>
    </form>
  </details>`;
}
