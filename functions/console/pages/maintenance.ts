import { html } from 'hono/html';
import { partsOfKey } from '../../../runbooks/language/signal.ts';
import type { System } from '../../../runbooks/language/system.ts';
import { endOf } from '../../incident/maintenance.ts';
import type { MaintenanceView } from '../read/maintenance.ts';
import type { Rejected } from '../rejected.ts';
import type { Form } from './form.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { nameField, problemNotice, time } from './parts.ts';
import { cut, Room } from './room.ts';

/** Of the windows; what is still to come is first among them. */
const ROOM = 80_000;
const RECORDED = 20;
const NAME = 200;

export interface MaintenancePage {
  nav: readonly NavItem[];
  systems: readonly System[];
  maintenance: readonly MaintenanceView[];
  name: string;
  request: string;
  problem?: Rejected | undefined;
  typed?: Form | undefined;
}

const LENGTHS = [30, 60, 120, 240, 480, 1_440];
const STATES: Record<MaintenanceView['state'], string> = { planned: 'planned', now: 'now', over: 'over' };

/** When a system is worked on: what it would have said is recorded, and nobody is paged. */
export function maintenancePage({ nav, systems, maintenance, name, request, problem, typed = {} }: MaintenancePage): Html {
  const { shown, left } = new Room(ROOM).fit(maintenance, (window) => windowCard(window, name));
  return layout({
    title: 'Maintenance',
    nav,
    here: '/maintenance',
    content: html`<h1>Maintenance</h1>
      ${problemNotice(problem)}
      <p class="lead">While a system is worked on its alarms are recorded, nothing is changed, and nobody is paged. What still fires when it ends opens an incident.</p>
      <form class="card form" method="post" action="/maintenance">
        <input type="hidden" name="request" value="${request}">
        <div class="fields">
          <div><label for="mt-place">For</label><select id="mt-place" name="place">${systems.map((system) => placesOf(system, typed.place))}</select></div>
          <div><label for="mt-target">Only on (optional)</label><input id="mt-target" name="target" maxlength="200" value="${typed.target ?? ''}"></div>
          <div><label for="mt-from">From, in UTC (now, if empty)</label><input id="mt-from" name="from" placeholder="2026-10-04T03:00:00Z" value="${typed.from ?? ''}"></div>
          <div><label for="mt-minutes">How long</label><select id="mt-minutes" name="minutes">${LENGTHS.map((minutes) => html`<option value="${minutes}"${String(minutes) === typed.minutes ? html` selected` : ''}>${minutes < 60 ? `${minutes} minutes` : `${minutes / 60} h`}</option>`)}</select></div>
        </div>
        <label for="mt-reason">Reason</label><input id="mt-reason" name="reason" maxlength="1000" value="${typed.reason ?? ''}">
        ${nameField('mt-by', name)}
        <p class="buttons"><button class="primary">Begin or plan it</button></p>
      </form>
      <section aria-labelledby="windows"><h2 id="windows">Windows</h2>
        ${maintenance.length === 0 ? html`<p class="empty">Nothing is worked on, and nothing is planned.</p>` : ''}
        ${shown}
        ${left > 0 ? html`<p class="more">And ${left} that ended before: <a href="/api/maintenance">all of them as JSON</a></p>` : ''}
      </section>`,
  });
}

function placesOf({ id, title, alerts }: System, chosen = ''): Html {
  const option = (value: string, shown: string) =>
    html`<option value="${value}"${value === chosen ? html` selected` : ''}>${shown}</option>`;
  return html`${option(id, `${title}: all of it`)}${alerts.map((alert) => option(`${id} ${alert.name}`, `${title}: ${alert.name}`))}`;
}

function windowCard(window: MaintenanceView, name: string): Html {
  const { id, system, alert, target, from, state, reason, by, ended, recorded } = window;
  return html`<div class="card form">
    <p><span class="chip">${STATES[state]}</span> <strong>${system}${alert ? ` ${alert}` : ''}${target ? ` on ${target}` : ''}</strong>
      <span class="meta">${time(from)} to ${time(endOf(window))}, by ${by.name}${reason ? `: ${reason}` : ''}${ended ? `; ended by ${ended.by.name}${ended.reason ? `: ${ended.reason}` : ''}` : ''}</span></p>
    ${recorded.length === 0 ? '' : html`<ul class="plain">${recorded.slice(0, RECORDED).map((one) => html`<li>${cut(spoken(one.dedupKey), NAME)}: seen ${one.seen === 1 ? 'once' : `${one.seen} times`}, ${one.last === 'firing' ? 'fires' : 'has cleared'}</li>`)}${recorded.length > RECORDED ? html`<li>and ${recorded.length - RECORDED} more</li>` : ''}</ul>`}
    ${
      state === 'over'
        ? ''
        : html`<form method="post" action="/maintenance/${id}/end"><div class="fields"><div>${nameField(`end-${id}`, name)}</div>
            <div><label for="end-reason-${id}">Reason (optional)</label><input id="end-reason-${id}" name="reason" maxlength="1000"></div></div>
            <p class="buttons"><button>End it now</button></p></form>`
    }
  </div>`;
}

function spoken(key: string): string {
  const { alert, target } = partsOfKey(key);
  return target ? `${alert} on ${target}` : alert;
}
