import { html } from 'hono/html';
import { type Clock, iso } from '../../incident/clock.ts';
import type { Change } from '../read/changes.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { countdown, time } from './parts.ts';
import { cut, Room } from './room.ts';

const ROOM = 80_000;
const REASON = 300;

const STATES: Record<Change['state'], Html> = {
  planned: html`The auditor takes it back by itself when its time is up; a person can do it before, on the incident's page.`,
  due: html`Its run or the auditor takes it back by itself; what can't be taken back reaches a person.`,
  'under way': html`It is being taken back.`,
};

/** What is changed for a time only, or was left half done, and is still to be taken back. */
export function changesPage(nav: readonly NavItem[], changes: readonly Change[], clock: Clock): Html {
  const now = iso(clock.now());
  const { shown, left } = new Room(ROOM).fit(changes, (change) => card(change, now));
  return layout({
    title: changes.length > 0 ? `${changes.length} to take back` : 'Changes',
    nav,
    here: '/changes',
    pollMs: 4_000,
    clock,
    content: html`<h1>Changes to be taken back</h1>
      <p class="lead">What a runbook has changed for a time only, and what it left half done. Each is written down before it is made, with how it is undone.</p>
      <section aria-label="What is to be taken back" data-live="changes">
        ${changes.length === 0 ? html`<p class="empty">Nothing is to be taken back.</p>` : html`<ul class="changes">${shown}</ul>`}
        ${left > 0 ? html`<p class="more">And ${left} more, which are due later: <a href="/api/changes">all of them as JSON</a></p>` : ''}
      </section>`,
  });
}

function card({ incident, title, because, host, since, until, undo, state }: Change, now: string): Html {
  return html`<li class="card">
    <p><strong>${cut(title, REASON)}</strong> <span class="host">${cut(host, REASON)}</span> <span class="chip">${state}</span></p>
    <p class="meta">since ${time(since)}, because ${cut(because, REASON)}</p>
    <p>${until === null ? 'Left half done: as soon as its run is over' : html`Until ${time(until)}, ${countdown(until, now)}`}, by <code>${undo}</code>. ${STATES[state]}</p>
    <p><a href="/incidents/${encodeURIComponent(incident)}">Incident ${incident}</a></p>
  </li>`;
}
