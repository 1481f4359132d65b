import { html } from 'hono/html';
import type { System } from '../../../runbooks/language/system.ts';
import type { Earlier } from '../../escalate/earlier.ts';
import { type Clock, iso } from '../../incident/clock.ts';
import { isAtWork, isLive } from '../../incident/incident.ts';
import type { WholeIncident } from '../read/incident.ts';
import type { Rejected } from '../rejected.ts';
import type { IncidentView } from '../views/incident.ts';
import { type Button, offered } from '../views/offered.ts';
import { about, beside, likeIt, pagesSent, statusPage } from './about.ts';
import { approvalsSection } from './approvals.ts';
import { commandForms, undoForms } from './command-forms.ts';
import { graph } from './graph.ts';
import { impactSection } from './impact.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { nameField, nextPageCountdown, problemNotice, severityPill, statusChips } from './parts.ts';
import { reviewLink } from './reviews.ts';
import { cut, MOST_OF_A_PAGE, Room, weightOf } from './room.ts';
import { stepsSection } from './steps.ts';
import { timelineSection } from './timeline.ts';

export interface IncidentPage {
  nav: readonly NavItem[];
  whole: WholeIncident;
  /** Those before it that were like it. */
  earlier: readonly Earlier[];
  /** `undefined` where it is registered no more. */
  system: System | undefined;
  dashboards: Readonly<Record<string, string>>;
  clock: Clock;
  name: string;
  problem?: Rejected | undefined;
  /** What somebody looks for in the evidence; empty for nothing. */
  find: string;
}

/** What the frame of the page, the form for notes and the headings weigh, and what each part says of what it leaves out. */
const FRAME = 10_500;
const TITLE = 300;
const SENTENCE = 600;

/** One incident: what happens now, what a person can do, and the whole story. The script brings the parts up to date. */
export function incidentPage({ nav, whole, earlier, system, dashboards, clock, name, problem, find }: IncidentPage): Html {
  const { incident, happening, timeline, impact, steps, approvals, pages, runbook, nextPage } = whole;
  const live = isLive(incident);
  const title = cut(incident.title, TITLE);
  const head = html`<p class="crumbs"><a href="/">Incidents</a> / ${incident.id}</p>
      <h1>${title}</h1>
      ${problemNotice(problem)}
      <div class="chips head" data-live="chips">${severityPill(incident.severity)} ${statusChips(incident)}</div>
      <div data-live="happening"><div class="card happening tone-${happening.tone}">
        <section aria-label="What happens now" aria-live="polite">
          <p class="now">${cut(happening.now, SENTENCE)}</p>
          <p class="next">${cut(happening.next, SENTENCE)}</p>
          ${happening.paging === '' ? '' : html`<p class="next">${cut(happening.paging, SENTENCE)}</p>`}
        </section>
        ${nextPage ? html`<p class="due">${nextPageCountdown(nextPage, iso(clock.now()))}</p>` : ''}
      </div></div>
      <section aria-label="Impact" data-live="impact">${impactSection(impact)}</section>`;
  const buttons = live ? actions(incident, name) : incident.status === 'resolved' ? closing(incident, name) : '';
  const more = live ? commandForms(incident, system, name) : '';
  const drawn = runbook
    ? html`<h2 id="graph">The runbook</h2>${graph(runbook.graph, 'Where the run stands, step by step', !isAtWork(incident))}`
    : '';
  const facts = about(incident, system?.title ?? '', dashboards, iso(clock.now()));
  const status = statusPage(whole.statusDraft);
  const review = reviewLink(incident.id, whole.review, name);
  // What can grow shares what the rest leaves: what a person must answer first, then what may be taken back, then the story.
  const room = new Room(MOST_OF_A_PAGE - FRAME - weightOf(head, buttons, more, drawn, facts, status, review));
  const questions = approvalsSection(incident.id, approvals, name, room.part(20_000));
  const undos = undoForms(incident, steps, name, room.part(8_000));
  const related = html`${beside(timeline, room.part(4_000))}${likeIt(earlier)}`;
  const story = timelineSection(incident.id, timeline, incident.seen, room.part(25_000));
  const sent = pagesSent(incident.id, pages, room.part(10_000));
  const found = stepsSection(incident.id, steps, find, room);
  return layout({
    title: `${incident.severity} ${title}`,
    nav,
    here: '/',
    pollMs: live ? 2_000 : 15_000,
    clock,
    content: html`${head}
      <section aria-label="Approvals" data-live="approvals">${questions}</section>
      <section aria-label="What you can do" data-live="actions">${buttons}</section>
      <section aria-label="What else you can do" data-live="more">${more}${undos}</section>
      <section aria-label="The runbook" data-live="graph">${drawn}</section>
      <section aria-labelledby="timeline" data-live="timeline">${story}</section>
      ${noteForm(incident, name)}
      <section aria-labelledby="steps">${found}</section>
      <section aria-label="Review" data-live="review">${review}</section>
      <section aria-label="Status page" data-live="status">${status}</section>
      <section aria-label="Pages sent" data-live="pages">${sent}</section>
      <section aria-labelledby="about" data-live="about">${facts}${related}</section>`,
  });
}

const TITLES: Readonly<Record<Button, string>> = {
  acknowledge: 'Acknowledge',
  'take-over': 'Take over',
  stop: 'Stop the automation',
  'run-again': 'Run again',
  'escalate-now': 'Escalate now',
  resolve: 'Resolve',
  close: 'Close',
};
const KINDS: Readonly<Partial<Record<Button, string>>> = { acknowledge: 'primary', resolve: 'good' };

function actions(incident: IncidentView, name: string): Html {
  const { id } = incident;
  return html`<form class="card form actions" method="post" action="/incidents/${id}/acknowledge">
    <div class="fields">
      <div>${nameField('act-by', name)}</div>
      <div><label for="act-reason">Reason (optional)</label><input id="act-reason" name="reason" maxlength="1000"></div>
    </div>
    <p class="buttons">
      ${offered(incident).map(
        (path) => html`<button class="${KINDS[path] ?? ''}" formaction="/incidents/${id}/${path}">${TITLES[path]}</button>
      `,
      )}
    </p>
  </form>`;
}

/** Closed, it is final: until then an alarm that fires again soon opens it again. */
function closing({ id }: IncidentView, name: string): Html {
  return html`<form class="card form" method="post" action="/incidents/${id}/close">
    <div class="fields">
      <div>${nameField('close-by', name)}</div>
      <div><label for="close-reason">Reason (optional)</label><input id="close-reason" name="reason" maxlength="1000"></div>
    </div>
    <p class="buttons"><button>Close</button></p>
  </form>`;
}

function noteForm({ id }: IncidentView, name: string): Html {
  return html`<details class="card form" id="note">
    <summary>Add a note</summary>
    <form method="post" action="/incidents/${id}/notes">
      <label for="note-text">Note</label>
      <textarea id="note-text" name="text" required maxlength="4000" rows="3"></textarea>
      ${nameField('note-by', name)}
      <p class="buttons"><button>Add the note</button></p>
    </form>
  </details>`;
}

/** A run by hand writes its incident with its first state, a moment after it was started. */
export function startingPage(nav: readonly NavItem[], id: string): Html {
  return layout({
    title: 'Starting',
    nav,
    here: '/',
    reloadSeconds: 1,
    content: html`<h1>The run is starting</h1><p class="empty">Its incident ${id} is being opened. This page looks again by itself.</p>`,
  });
}
