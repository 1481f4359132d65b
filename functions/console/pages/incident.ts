import { html } from 'hono/html';
import type { System } from '../../../runbooks/language/system.ts';
import { type Clock, iso } from '../../incident/clock.ts';
import { isAtWork } from '../../incident/incident.ts';
import { relatedTo } from '../../incident/related.ts';
import type { WholeIncident } from '../read/incident.ts';
import type { Rejected } from '../rejected.ts';
import type { IncidentView } from '../views/incident.ts';
import { took } from '../views/moment.ts';
import { approvalsSection } from './approvals.ts';
import { commandForms, undoForms } from './command-forms.ts';
import { graph } from './graph.ts';
import { impactSection } from './impact.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { nameField, nextPageLine, problemNotice, severityPill, statusChips, time } from './parts.ts';
import { reviewLink } from './reviews.ts';
import { stepsSection } from './steps.ts';
import { timelineSection } from './timeline.ts';

export interface IncidentPage {
  nav: readonly NavItem[];
  whole: WholeIncident;
  /** `undefined` where it is registered no more. */
  system: System | undefined;
  dashboards: Readonly<Record<string, string>>;
  clock: Clock;
  name: string;
  problem?: Rejected | undefined;
}

/** One incident: what happens now, what a person can do, and the whole story. The script brings the parts up to date. */
export function incidentPage({ nav, whole, system, dashboards, clock, name, problem }: IncidentPage): Html {
  const { incident, happening, timeline, impact, steps, approvals, pages, runbook, nextPage } = whole;
  const live = incident.status === 'open' || incident.status === 'acknowledged';
  return layout({
    title: `${incident.severity} ${incident.title}`,
    nav,
    here: '/',
    pollMs: live ? 2_000 : 15_000,
    clock,
    content: html`<p class="crumbs"><a href="/">Incidents</a> / ${incident.id}</p>
      <h1>${incident.title}</h1>
      ${problemNotice(problem)}
      <div class="chips head" data-live="chips">${severityPill(incident.severity)} ${statusChips(incident)}</div>
      <section class="card happening tone-${happening.tone}" aria-label="What happens now" aria-live="polite" data-live="happening">
        <p class="now">${happening.now}</p>
        <p class="next">${happening.next}</p>
        ${happening.paging === '' ? '' : html`<p class="next">${happening.paging}</p>`}
      </section>
      <div data-live="due">${nextPage ? html`<p class="due">${nextPageLine(nextPage, iso(clock.now()))}</p>` : ''}</div>
      <section aria-label="Impact" data-live="impact">${impactSection(impact)}</section>
      <section aria-label="Approvals" data-live="approvals">${approvalsSection(approvals, name)}</section>
      <section aria-label="What you can do" data-live="actions">${live ? actions(incident, name) : incident.status === 'resolved' ? closing(incident, name) : ''}</section>
      <section aria-label="What else you can do">${live ? commandForms(incident, system, name) : ''}${undoForms(incident, steps, name)}</section>
      <section aria-labelledby="graph" data-live="graph">${runbook ? html`<h2 id="graph">The runbook</h2>${graph(runbook.graph, 'Where the run stands, step by step', !isAtWork(incident))}` : ''}</section>
      <section aria-labelledby="timeline" data-live="timeline">${timelineSection(timeline, incident.seen)}</section>
      ${noteForm(incident, name)}
      <section aria-labelledby="steps" data-live="steps">${stepsSection(steps)}</section>
      <section aria-label="Review" data-live="review">${reviewLink(incident.id, whole.review, name)}</section>
      <section aria-label="Status page" data-live="status">${statusPage(whole.statusDraft)}</section>
      <section aria-label="Pages sent" data-live="pages">${pagesSent(pages)}</section>
      <section aria-labelledby="about" data-live="about">${about(incident, system?.title ?? '', dashboards, iso(clock.now()))}${beside(timeline)}</section>`,
  });
}

function actions(incident: IncidentView, name: string): Html {
  const { id, status, automation, stop, runbook, run } = incident;
  const atWork = automation === 'running' || automation === 'awaiting-approval';
  const button = (path: string, title: string, kind = '') =>
    html`<button class="${kind}" formaction="/incidents/${id}/${path}">${title}</button>`;
  return html`<form class="card form actions" method="post" action="/incidents/${id}/acknowledge">
    <div class="fields">
      <div>${nameField('act-by', name)}</div>
      <div><label for="act-reason">Reason (optional)</label><input id="act-reason" name="reason" maxlength="1000"></div>
    </div>
    <p class="buttons">
      ${status === 'open' ? button('acknowledge', 'Acknowledge', 'primary') : ''}
      ${automation === 'taken-over' ? '' : button('take-over', 'Take over')}
      ${atWork && !stop ? button('stop', 'Stop the automation') : ''}
      ${!atWork && (runbook || run > 0) ? button('run-again', 'Run again') : ''}
      ${incident.ladder && !incident.ladder.over ? button('escalate-now', 'Escalate now') : ''}
      ${button('resolve', 'Resolve', 'good')}
      ${incident.ladder?.over ? button('close', 'Close') : ''}
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

function pagesSent(pages: WholeIncident['pages']): Html | '' {
  if (pages.length === 0) return '';
  return html`<h2>Pages sent</h2>
    ${pages.map(
      (page) => html`<details class="step" id="page-${page.generation}-${page.rung}-${page.role}">
        <summary><span class="kind">${page.role}</span><span class="title">${page.subject}</span>
          <span class="state">${page.sentAt ? time(page.sentAt) : 'due, not sent yet'}</span></summary>
        <pre tabindex="0">${page.message}</pre>
      </details>`,
    )}`;
}

function statusPage(draft: WholeIncident['statusDraft']): Html | '' {
  if (!draft) return '';
  return html`<details class="step" id="status-draft">
    <summary><span class="kind">draft</span><span class="title">Text for the status page</span><span class="state">a person publishes it</span></summary>
    <pre tabindex="0">${draft.join('\n')}</pre>
  </details>`;
}

function about(incident: IncidentView, systemTitle: string, dashboards: Readonly<Record<string, string>>, now: string): Html {
  const {
    snoozed,
    responder,
    reopened,
    system,
    target,
    alert,
    runbook,
    openedAt,
    openedBy,
    acknowledgedAt,
    acknowledgedBy,
    resolvedAt,
    seen,
  } = incident;
  const pair = (title: string, value: Html | string) => html`<div><dt>${title}</dt><dd>${value}</dd></div>`;
  return html`<h2 id="about">About it</h2>
    <dl class="facts card">
      ${pair('System', systemTitle || system)}
      ${target ? pair('What is ill', target) : ''}
      ${alert ? pair('Alert', alert) : ''}
      ${pair('Runbook', runbook ? html`<a href="/runbooks/${runbook}">${runbook}</a>` : 'none knows it')}
      ${pair('Opened', html`${time(openedAt)} by ${openedBy.name}`)}
      ${acknowledgedAt && acknowledgedBy ? pair('Acknowledged', html`${time(acknowledgedAt)} by ${acknowledgedBy.name}, after ${took(openedAt, acknowledgedAt)}`) : ''}
      ${responder ? pair('With', responder) : ''}
      ${snoozed ? pair('Quiet', html`until ${time(snoozed.until)}, as ${snoozed.by.name} asked`) : ''}
      ${reopened > 0 ? pair('Fired again after its end', reopened === 1 ? 'once' : `${reopened} times`) : ''}
      ${pair(resolvedAt ? 'Lasted' : 'Open for', took(openedAt, resolvedAt ?? now))}
      ${seen > 0 ? pair('Signals counted', String(seen)) : ''}
      ${Object.entries(dashboards).map(([title, url]) => pair(title, /^https?:/.test(url) ? html`<a href="${url}" rel="noreferrer">${url}</a>` : url))}
    </dl>`;
}

/** Other incidents of the system that were open at the same time: one cause may be behind all of them. */
function beside(timeline: WholeIncident['timeline']): Html | '' {
  const others = relatedTo(timeline);
  if (others.length === 0) return '';
  return html`<h2 id="beside">Beside it</h2>
    <ul class="beside">${others.map(
      ({ incident, severity, title, why }) =>
        html`<li>${severityPill(severity)} <a href="/incidents/${incident}">${title}</a> <span class="meta">${why}</span></li>`,
    )}</ul>`;
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
