import { Hono } from 'hono';
import { html } from 'hono/html';
import { carryOut } from '../functions/console/pages/form.ts';
import { type Html, layout, NAV, type NavItem } from '../functions/console/pages/layout.ts';
import { problemNotice, time } from '../functions/console/pages/parts.ts';
import { absent, type Rejected } from '../functions/console/rejected.ts';
import type { Delivered } from './aws/messaging/topics.ts';
import type { Alarm } from './aws/monitoring/alarms.ts';
import { inboxPage } from './inbox.ts';
import type { Fault } from './simulation/fleet.ts';

/** What can be wrong with simulated hosts. */
export interface Faults {
  faults(): readonly Fault[];
  /** The hosts that can be made ill, where there is more than one to choose from. */
  hosts?(): readonly string[];
  /** Idempotent; on the first host if none is named. @throws {RangeError} for a fault or a host that there is not */
  switchOn(id: string, host?: string): void;
  /** Idempotent; on the first host if none is named. @throws {RangeError} for a fault or a host that there is not */
  switchOff(id: string, host?: string): void;
}

/** What local mode has beside the console of the real thing: messages that reached nobody's mailbox, and faults. */
export interface LocalPlaces {
  /** In the order in which they came. */
  notifications(): readonly Delivered[];
  /** Nothing where the hosts are real. */
  simulation?: Faults;
  /** The alarms of the simulated monitoring, if there are any. */
  alarms?(): readonly Alarm[];
}

/** The places of the main navigation that only local mode has. */
export function localNav({ simulation }: Pick<LocalPlaces, 'simulation'>): NavItem[] {
  return [...(simulation ? [{ href: '/faults', title: 'Faults' }] : []), { href: '/inbox', title: 'Inbox' }];
}

/** The routes that only local mode has, to be mounted into the console: they are covered by its checks. */
export function localRoutes(places: LocalPlaces): Hono {
  const app = new Hono();
  app.get('/api/notifications', (c) => c.json({ notifications: places.notifications().map(notification) }));
  app.get('/api/simulation', (c) => c.json({ faults: simulationOf(places).faults() }));
  app.get('/api/alarms', (c) => c.json({ alarms: places.alarms?.() ?? [] }));
  app.post('/api/simulation/faults/:id', (c) => c.json(turn(simulationOf(places), c.req.param('id'), true, c.req.query('host'))));
  app.delete('/api/simulation/faults/:id', (c) =>
    c.json(turn(simulationOf(places), c.req.param('id'), false, c.req.query('host'))),
  );

  app.get('/faults', (c) => c.html(faultsPage(places)));
  app.get('/inbox', (c) => c.html(inboxPage(nav(places), places.notifications())));
  app.post('/faults/:id', (c) =>
    carryOut(
      c,
      async ({ problem }) => faultsPage(places, problem),
      async ({ turn: wanted, host }) => {
        turn(simulationOf(places), c.req.param('id'), wanted === 'on', host || undefined);
        return '/faults';
      },
    ),
  );
  return app;
}

/** @throws {Rejected} 404 where the hosts are real */
function simulationOf({ simulation }: LocalPlaces): Faults {
  if (simulation) return simulation;
  throw absent('path', 'simulated hosts', 'the hosts are real: there are no faults to switch on, and nothing is simulated');
}

/** @throws {Rejected} 404 for a fault or a host that there is not */
function turn(places: Faults, id: string, on: boolean, host?: string): Fault {
  const known = places.faults().map((fault) => fault.id);
  if (!known.includes(id)) throw absent('id', `one of ${known.join(', ')}`, `there is no fault ${id.slice(0, 80)}`);
  const hosts = places.hosts?.() ?? [];
  if (host !== undefined && !hosts.includes(host))
    throw absent('host', `one of ${hosts.join(', ')}`, `there is no host ${host.slice(0, 80)}`);
  if (on) places.switchOn(id, host);
  else places.switchOff(id, host);
  const fault = places.faults().find((one) => one.id === id);
  if (!fault) throw new Error(`the fault ${id} went away`);
  return fault;
}

function notification({ topic, role = '', contact, subject, message, at }: Delivered) {
  return { role, contact, subject, message, at, topic };
}

const nav = (places: LocalPlaces) => [...NAV, ...localNav(places)];

function faultsPage(places: LocalPlaces, problem?: Rejected): Html {
  return layout({
    title: 'Faults',
    nav: nav(places),
    here: '/faults',
    pollMs: 4_000,
    content: html`<h1>Faults</h1>
      <p class="lead">Make the simulated hosts ill. Their monitoring then raises the alarm that belongs to it, and Firebreak answers: follow it under <a href="/">Incidents</a>.</p>
      ${problemNotice(problem)}
      <div data-live="faults"><ul class="faults">${simulationOf(places)
        .faults()
        .map((fault) => faultCard(fault, simulationOf(places).hosts?.() ?? []))}</ul></div>`,
  });
}

function faultCard({ id, title, system, on, since }: Fault, hosts: readonly string[]): Html {
  return html`<li class="card fault-card${on ? ' on' : ''}">
    <div>
      <p><strong>${title}</strong></p>
      <p class="meta"><code>${id}</code> · ${system.toUpperCase()} · ${on ? html`on${since ? html` since ${time(since)}` : ''}` : 'off'}</p>
    </div>
    <form method="post" action="/faults/${encodeURIComponent(id)}">
      ${hosts.length > 1 ? html`<select name="host" aria-label="Host">${hosts.map((host) => html`<option>${host}</option>`)}</select>` : ''}
      <button name="turn" value="${on ? 'off' : 'on'}" aria-label="Switch ${on ? 'off' : 'on'}: ${id}">Switch ${on ? 'off' : 'on'}</button>
    </form>
  </li>`;
}
