import { html } from 'hono/html';
import type { Earlier } from '../../escalate/earlier.ts';
import { relatedTo } from '../../incident/related.ts';
import type { WholeIncident } from '../read/incident.ts';
import type { IncidentView } from '../views/incident.ts';
import { took } from '../views/moment.ts';
import type { Html } from './layout.ts';
import { severityPill, time } from './parts.ts';
import { cut, type Room } from './room.ts';

/** As much of a page as its fold shows; the text file has all of it. */
const MESSAGE = 4_000;
const NAME = 300;

/** The latest first to have a place here, in the order in which they were due. */
export function pagesSent(id: string, pages: WholeIncident['pages'], room: Room): Html | '' {
  if (pages.length === 0) return '';
  const { shown, left } = room.fit(pages.toReversed(), (page) => sent(page));
  return html`<h2>Pages sent</h2>
    ${left > 0 ? html`<p class="more">${left} earlier ones are left out here: <a href="/incidents/${id}/evidence.txt">all of them as text</a></p>` : ''}
    ${shown.toReversed()}`;
}

function sent({ generation, rung, role, subject, sentAt, message }: WholeIncident['pages'][number]): Html {
  return html`<details class="step" id="page-${generation}-${rung}-${role}">
      <summary><span class="kind">${cut(role, NAME)}</span><span class="title">${cut(subject, NAME)}</span>
        <span class="state">${sentAt ? time(sentAt) : 'due, not sent yet'}</span></summary>
      <pre tabindex="0">${cut(message, MESSAGE)}</pre>
    </details>`;
}

export function statusPage(draft: WholeIncident['statusDraft']): Html | '' {
  if (!draft) return '';
  return html`<details class="step" id="status-draft">
    <summary><span class="kind">draft</span><span class="title">Text for the status page</span><span class="state">a person publishes it</span></summary>
    <pre tabindex="0">${draft.join('\n')}</pre>
  </details>`;
}

export function about(
  incident: IncidentView,
  systemTitle: string,
  dashboards: Readonly<Record<string, string>>,
  now: string,
): Html {
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
  const pair = (title: string, value: Html | string) =>
    html`<div><dt>${title}</dt><dd>${typeof value === 'string' ? cut(value, NAME) : value}</dd></div>`;
  return html`<h2 id="about">About it</h2>
    <dl class="facts card">
      ${pair('System', systemTitle || system)}
      ${target ? pair('What is ill', target) : ''}
      ${alert ? pair('Alert', alert) : ''}
      ${pair('Runbook', runbook ? html`<a href="/runbooks/${cut(runbook, NAME)}">${cut(runbook, NAME)}</a>` : 'none knows it')}
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
export function beside(timeline: WholeIncident['timeline'], room: Room): Html | '' {
  const others = relatedTo(timeline);
  if (others.length === 0) return '';
  const { shown, left } = room.fit(
    others,
    ({ incident, severity, title, why }) =>
      html`<li>${severityPill(severity)} <a href="/incidents/${incident}">${cut(title, NAME)}</a> <span class="meta">${cut(why, NAME)}</span></li>`,
  );
  return html`<h2 id="beside">Beside it</h2>
    <ul class="beside">${shown}</ul>${left > 0 ? html`<p class="more">And ${left} more: <a href="/">all that is open</a></p>` : ''}`;
}

/** Those before it that were like it, and what ended each: what helped then may help now. */
export function likeIt(earlier: readonly Earlier[]): Html | '' {
  if (earlier.length === 0) return '';
  return html`<h2 id="like-it">Earlier ones like it</h2>
    <ul class="beside">${earlier.map(({ incident, says }) => html`<li><a href="/incidents/${incident}">${says}</a></li>`)}</ul>`;
}
