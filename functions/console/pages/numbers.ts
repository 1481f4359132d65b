import { html } from 'hono/html';
import type { System } from '../../../runbooks/language/system.ts';
import {
  FIGURES,
  type Figure,
  type Figures,
  type Minutes,
  PAGE_FIGURES,
  type PageFigure,
} from '../../incident/numbers/figures.ts';
import { type Asking, NO_RUNBOOK, type Scope, WINDOWS } from '../read/numbers.ts';
import type { Group, NumbersView } from '../views/numbers.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { listAddress } from './numbers-address.ts';
import { whatCounts } from './numbers-words.ts';
import { time } from './parts.ts';
import { cut, Room, weightOf } from './room.ts';

/** What the rows of all tables may weigh, and the longest of them: what no page has room for by its name alone is no row. */
const ROOM = 78_000;
const ROW = 4_000;
const NAME = 200;

export interface NumbersPage {
  nav: readonly NavItem[];
  asking: Asking;
  view: NumbersView;
  systems: readonly System[];
  runbooks: readonly { id: string; title: string }[];
}

export function numbersPage({ nav, asking, view, systems, runbooks }: NumbersPage): Html {
  const titleOf = (id: string) => systems.find((system) => system.id === id)?.title ?? id;
  const name = ({ system = '', severity, runbook }: Scope) => {
    if (severity !== undefined) return `${titleOf(system)} ${severity}`;
    if (runbook === undefined) return titleOf(system);
    const known = runbooks.find(({ id }) => id === runbook)?.title ?? runbook;
    return runbook === NO_RUNBOOK ? `${titleOf(system)}: no runbook` : `${titleOf(system)}: ${known}`;
  };
  const room = new Room(ROOM);
  const table = (caption: string, of: string, groups: readonly Group[]) =>
    figuresTable(
      caption,
      of,
      room,
      groups.map((group) => row(name(group.scope), group.figures, (figure) => listAddress(figure, asking, group.scope))),
    );
  const everything = row('All of them', view.all, (figure) => listAddress(figure, asking));
  return layout({
    title: 'Numbers',
    nav,
    here: '/numbers',
    content: html`<h1>Numbers</h1>
      ${filters(asking, systems, runbooks)}
      <p class="lead">Incidents that were opened from ${time(view.since)} until ${time(view.until)}. Each figure leads to what it counts.</p>
      ${view.shortened ? html`<p class="notice asks">There is more in ${asking.days} days than is read for one page: the window was shortened to ${view.days.toFixed(1)} days, which are complete. Choose fewer days, or ask the table itself.</p>` : ''}
      ${figuresTable('By system', 'System', room, [everything, ...view.bySystem.map(({ scope, figures }) => row(name(scope), figures, (figure) => listAddress(figure, asking, scope)))])}
      ${table('By severity', 'Severity', view.bySeverity)}
      ${table('By runbook', 'Runbook', view.byRunbook)}
      ${people(view, asking, room)}
      ${whatCounts()}`,
  });
}

function filters(asking: Asking, systems: readonly System[], runbooks: readonly { id: string; title: string }[]): Html {
  const severities = [...new Set(systems.flatMap((system) => system.severities.map(({ name }) => name)))];
  const select = (field: 'system' | 'severity' | 'runbook', label: string, options: readonly (readonly [string, string])[]) =>
    html`<label>${label} <select name="${field}"><option value="">All</option>${options.map(
      ([value, shown]) => html`<option value="${value}"${asking[field] === value ? html` selected` : ''}>${shown}</option>`,
    )}</select></label>`;
  return html`<form method="get" action="/numbers" class="filters" aria-label="What is counted">
    <label>Days <select name="days">${WINDOWS.map((days) => html`<option value="${days}"${asking.days === days ? html` selected` : ''}>${days}</option>`)}</select></label>
    ${select(
      'system',
      'System',
      systems.map(({ id, title }) => [id, title] as const),
    )}
    ${select(
      'severity',
      'Severity',
      severities.map((severity) => [severity, severity] as const),
    )}
    ${select('runbook', 'Runbook', [...runbooks.map(({ id }) => [id, id] as const), [NO_RUNBOOK, 'No runbook'] as const])}
    <button>Show</button>
  </form>`;
}

/** The rows that there is room for. */
function fitting(rows: readonly Html[], room: Room): { shown: readonly Html[]; rest: Html | '' } {
  const shown = rows.filter((one) => weightOf(one) <= ROW && room.takes(one));
  const left = rows.length - shown.length;
  const rest = html`<p class="more">${left} more ${left === 1 ? 'row is' : 'rows are'} left out here: choose a system above, or ask <a href="/api/numbers">the API</a></p>`;
  return { shown, rest: left > 0 ? rest : '' };
}

function figuresTable(caption: string, of: string, room: Room, rows: readonly Html[]): Html {
  const { shown, rest } = fitting(rows, room);
  return html`<div class="scrolls" tabindex="0" role="region" aria-label="${caption}"><table class="numbers">
    <caption>${caption}</caption>
    <thead><tr><th scope="col">${of}</th>${Object.values(FIGURES).map(({ title }) => html`<th scope="col">${title}</th>`)}<th scope="col">MTTA, minutes</th><th scope="col">MTTR, minutes</th></tr></thead>
    <tbody>${rows.length > 0 ? shown : html`<tr><td colspan="${figures.length + 3}">No incident.</td></tr>`}</tbody>
  </table></div>${rest}`;
}

function row(name: string, { counts, share, toAcknowledge, toResolve }: Figures, address: (figure: Figure) => string): Html {
  const percent = share === null ? '' : ` (${Math.round(share * 100)} %)`;
  const count = (figure: Figure) =>
    html`<td><a href="${address(figure)}">${counts[figure]}</a>${figure === 'without-person' ? percent : ''}</td>`;
  return html`<tr><th scope="row">${cut(name, NAME)}</th>${figures.map(count)}<td>${minutes(toAcknowledge, address('acknowledged'))}</td><td>${minutes(toResolve, address('resolved'))}</td></tr>`;
}

const figures = Object.keys(FIGURES) as Figure[];
const pageFigures = Object.keys(PAGE_FIGURES) as PageFigure[];

function minutes({ mean, median }: Minutes, address: string): Html {
  if (mean === null || median === null) return html`–`;
  return html`<a href="${address}">mean ${mean.toFixed(1)}, median ${median.toFixed(1)}</a>`;
}

function people({ byPerson, days }: NumbersView, asking: Asking, room: Room): Html {
  const rows = byPerson.map(
    ({ person, name, counts, perWeek }) =>
      html`<tr><th scope="row">${cut(name, NAME)}</th>${pageFigures.map((figure) => {
        const address = listAddress(figure, asking, { person });
        return html`<td><a href="${address}">${counts[figure]}</a></td><td><a href="${address}">${perWeek[figure].toFixed(1)}</a></td>`;
      })}</tr>`,
  );
  const { shown, rest } = fitting(rows, room);
  return html`<div class="scrolls" tabindex="0" role="region" aria-label="Pages by person"><table class="numbers">
    <caption>Pages by person, over ${days.toFixed(1)} days</caption>
    <thead><tr><th scope="col">Person</th>${pageFigures.map((figure) => html`<th scope="col">${PAGE_FIGURES[figure].title}</th><th scope="col">a week</th>`)}</tr></thead>
    <tbody>${byPerson.length === 0 ? html`<tr><td colspan="5">Nobody was paged.</td></tr>` : shown}</tbody>
  </table></div>${rest}`;
}
