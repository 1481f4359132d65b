import { html } from 'hono/html';
import type { System } from '../../../runbooks/language/system.ts';
import type { Clock } from '../../incident/clock.ts';
import type { AutomationModes } from '../read/automation.ts';
import type { Board } from '../read/board.ts';
import type { Rejected } from '../rejected.ts';
import type { IncidentView } from '../views/incident.ts';
import { ago, took } from '../views/moment.ts';
import type { NextPage } from '../views/paging.ts';
import type { Form } from './form.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { modeChip, nameField, nextPageLine, problemNotice, severityPill, statusChips, time } from './parts.ts';
import { cut, Room } from './room.ts';

/** What the rows may weigh: the rest of the page is its notices and the form. The past gets what the open ones leave. */
const ROOM = 75_000;
/** Names that are longer would fill the page; the incident's own page has them whole. */
const TITLE = 160;

export interface IncidentsPage {
  nav: readonly NavItem[];
  board: Board;
  /** The incident after which the past that is shown begins. */
  before: string | undefined;
  systems: readonly System[];
  settings: AutomationModes['settings'];
  clock: Clock;
  /** The name that was typed last. */
  name: string;
  /** Tells this form from the next, so that sent twice it declares one incident. */
  request: string;
  problem?: Rejected | undefined;
  typed?: Form | undefined;
}

export function incidentsPage(page: IncidentsPage): Html {
  const { openCount } = page.board;
  const restricted = page.settings.filter(({ scope, mode }) => scope === 'all' && mode !== 'auto');
  const stormy = page.settings.filter(({ scope, mode }) => scope.startsWith('storm:') && mode === 'observe');
  return layout({
    title: openCount > 0 ? `${openCount} open` : 'Incidents',
    nav: page.nav,
    here: '/',
    pollMs: 4_000,
    clock: page.clock,
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
      <div data-live="incidents">${lists(page.board, page.before)}</div>
      ${declareForm(page)}`,
  });
}

function lists({ now, open, openCount, openFrom, past, pastGoesOn }: Board, before: string | undefined): Html {
  const room = new Room(ROOM);
  const openRows = room.fit(open, ({ incident, due }) => row(incident, now, due));
  const pastRows = room.fit(past, (incident) => row(incident, now, null));
  const next = openFrom + openRows.shown.length;
  const last = past[pastRows.shown.length - 1];
  return html`<section aria-labelledby="open">
      <h2 id="open">Open <span class="count">${openCount}</span></h2>
      ${openCount > 0 ? html`<ul class="incidents">${openRows.shown}</ul>` : html`<p class="empty">Nothing is wrong that Firebreak knows of.</p>`}
      ${next < openCount || openFrom > 0 ? html`<p class="more">${openFrom + 1} to ${next} of ${openCount}${openFrom > 0 ? html` <a href="/">The worst</a>` : ''}${next < openCount ? html` <a href="/?from=${next}">The next ones</a>` : ''}</p>` : ''}
    </section>
    <section aria-labelledby="past">
      <h2 id="past">Past</h2>
      ${past.length > 0 ? html`<ul class="incidents past">${pastRows.shown}</ul>` : html`<p class="empty">None${before ? ' before that' : ' yet'}.</p>`}
      ${last && (pastGoesOn || pastRows.left > 0) ? html`<p class="more">The latest ${pastRows.shown.length}${before ? ' before that' : ''}. <a href="/?before=${encodeURIComponent(last.id)}#past">Earlier ones</a></p>` : ''}
      ${before ? html`<p class="more"><a href="/#past">The latest of all</a></p>` : ''}
    </section>`;
}

function row(incident: IncidentView, now: string, due: NextPage | null): Html {
  const { id, title, severity, system, target, openedAt, resolvedAt, seen } = incident;
  const length = resolvedAt ? `took ${took(openedAt, resolvedAt)}` : '';
  const about = [system.toUpperCase(), cut(target, TITLE), seen > 1 ? `seen ${seen} times` : '', length];
  return html`<li class="incident">
    ${severityPill(severity)}
    <div class="what">
      <a href="/incidents/${id}">${cut(title, TITLE)}</a>
      <p class="meta">${about.filter(Boolean).join(' · ')}</p>
      ${due ? html`<p class="due">${nextPageLine(due, now)}</p>` : ''}
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
