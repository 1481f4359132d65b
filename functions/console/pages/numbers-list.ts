import { html } from 'hono/html';
import { FIGURES, PAGE_FIGURES } from '../../incident/numbers/figures.ts';
import type { PageTally, Tally } from '../../incident/numbers/tally.ts';
import type { Counting, Listed, Listing } from '../read/numbers.ts';
import { isPageFigure } from '../read/numbers.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { listAddress, numbersAddress } from './numbers-address.ts';
import { severityPill, time } from './parts.ts';
import { cut, Room } from './room.ts';

/** What the rows may weigh: the rest of the page is small. */
const ROOM = 80_000;
const TITLE = 160;

/** What one figure counts, all of it, a page at a time. */
export function numbersListPage(nav: readonly NavItem[], asking: Listing, { since, until }: Counting, listed: Listed): Html {
  const { figure, from } = asking;
  const title = isPageFigure(figure) ? PAGE_FIGURES[figure].title : FIGURES[figure].title;
  const room = new Room(ROOM);
  const { of, rows, what, head } =
    'pages' in listed
      ? { of: listed.pages.length, rows: room.fit(listed.pages.slice(from), pageRow).shown, what: 'page', head: PAGE_HEAD }
      : {
          of: listed.incidents.length,
          rows: room.fit(listed.incidents.slice(from), incidentRow).shown,
          what: 'incident',
          head: HEAD,
        };
  const next = from + rows.length;
  const narrowed = [asking.system, asking.severity, asking.runbook, asking.person].filter((one) => one !== undefined);
  return layout({
    title,
    nav,
    here: '/numbers',
    content: html`<h1>${title}</h1>
      <p class="lead"><strong>${of} ${what}${of === 1 ? '' : 's'}</strong>${narrowed.length > 0 ? ` (${narrowed.join(', ')})` : ''}, of incidents that were opened from ${time(since)} until ${time(until)}. <a href="${numbersAddress(asking)}">All numbers</a></p>
      <div class="scrolls" tabindex="0" role="region" aria-label="${title}"><table class="numbers">
        <caption>${title}</caption>
        <thead><tr>${head.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
        <tbody>${rows.length > 0 ? rows : html`<tr><td colspan="${head.length}">None.</td></tr>`}</tbody>
      </table></div>
      ${rows.length < of ? html`<p class="more">${Math.min(from + 1, of)} to ${next} of ${of}.${next < of ? html` <a href="${listAddress(figure, asking, { person: asking.person, from: next })}">The next ones</a>` : ''}</p>` : ''}`,
  });
}

const HEAD = ['Incident', 'Opened', 'Over', 'Minutes to acknowledge', 'Minutes to resolve'];
const PAGE_HEAD = ['Sent', 'To', 'At night', 'Page', 'Incident'];

function incidentRow(tally: Tally): Html {
  const { openedAt, resolvedAt, minutesToAcknowledge, minutesToResolve } = tally;
  return html`<tr><th scope="row">${linked(tally)}</th><td>${time(openedAt)}</td><td>${resolvedAt === null ? 'not yet' : time(resolvedAt)}</td><td>${minutes(minutesToAcknowledge)}</td><td>${minutes(minutesToResolve)}</td></tr>`;
}

function pageRow({ incident, at, name, atNight, subject }: PageTally): Html {
  return html`<tr><th scope="row">${time(at)}</th><td>${cut(name, TITLE)}</td><td>${atNight ? 'yes' : 'no'}</td><td>${cut(subject, TITLE)}</td><td>${linked(incident)}</td></tr>`;
}

const linked = ({ id, severity, system, title }: Tally): Html =>
  html`${severityPill(severity)} <a href="/incidents/${encodeURIComponent(id)}">${system.toUpperCase()} ${cut(title, TITLE)}</a>`;

const minutes = (value: number | null) => (value === null ? '–' : value.toFixed(1));
