import { html } from 'hono/html';
import type { Block } from '../../review/block.ts';
import type { ReviewDocument } from '../../review/document.ts';
import type { WholeIncident } from '../read/incident.ts';
import type { ReviewView, WholeReview } from '../read/review.ts';
import type { Rejected } from '../rejected.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { nameField, problemNotice, severityPill, time } from './parts.ts';

/** All reviews: what is still to be written first, by when it is due. */
export function reviewsPage(nav: readonly NavItem[], reviews: readonly ReviewView[], now: string): Html {
  const [open, finished] = [
    reviews.filter(({ state }) => state === 'draft'),
    reviews.filter(({ state }) => state === 'finished'),
  ];
  return layout({
    title: 'Reviews',
    nav,
    here: '/reviews',
    content: html`<h1>Reviews</h1>
      <p class="lead">What came of the incidents of the two highest severities: what happened, why, and what is done so that it does not come back.</p>
      <section aria-labelledby="open"><h2 id="open">To be written <span class="count">${open.length}</span></h2>
        ${open.length === 0 ? html`<p class="empty">Nothing is to be written.</p>` : html`<ul class="incidents">${open.map((review) => row(review, now))}</ul>`}
      </section>
      ${finished.length === 0 ? '' : html`<section aria-labelledby="finished"><h2 id="finished">Finished</h2><ul class="incidents past">${finished.map((review) => row(review, now))}</ul></section>`}`,
  });
}

function row({ incidentId, severity, title, system, owner, due, finishedAt }: ReviewView, now: string): Html {
  const late = due !== null && finishedAt === null && due <= now;
  const when = finishedAt ? html`finished ${time(finishedAt)}` : due ? html`due ${time(due)}` : 'due when the incident is over';
  return html`<li class="incident">${severityPill(severity)}
    <div class="what"><a href="/reviews/${incidentId}">${title}</a> <span class="meta">${system} · ${owner} · ${when}</span></div>
    <span class="chips">${late ? html`<span class="chip status-open">overdue</span>` : ''}</span></li>`;
}

/** One review as it is read, and as it is sent. */
export function reviewPage(nav: readonly NavItem[], { incident, review, document }: WholeReview): Html {
  return layout({
    title: `Review: ${document.title}`,
    nav,
    here: '/reviews',
    content: html`<p class="crumbs"><a href="/reviews">Reviews</a> / <a href="/incidents/${incident.id}">${incident.id}</a></p>
      <h1>Review: ${document.title}</h1>
      <p class="buttons"><a class="review-link" href="/reviews/${incident.id}/edit">${review.state === 'draft' ? 'Edit' : 'Edit, or open it again'}</a>
        <a class="review-link" href="/reviews/${incident.id}.md" download>Export as Markdown</a></p>
      ${document.open === 0 ? '' : html`<p class="notice asks">${openSaid(document)}</p>`}
      <article class="review">${documentHtml(document)}</article>`,
  });
}

const openSaid = ({ open }: ReviewDocument) => (open === 1 ? 'One question is still open.' : `${open} questions are still open.`);

function documentHtml({ head, sections }: ReviewDocument): Html {
  return html`<dl class="facts card">${head.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    ${sections.map(({ title, blocks }) => html`<section><h2>${title}</h2>${blocks.map(blockHtml)}</section>`)}`;
}

function blockHtml(block: Block): Html {
  switch (block.kind) {
    case 'text':
      return html`<p>${block.text}</p>`;
    case 'heading':
      return html`<h3>${block.text}</h3>`;
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li>${item}</li>`)}</ul>`;
    case 'table':
      return html`<div class="scrolls" tabindex="0" role="region" aria-label="${block.head.filter(Boolean).join(', ')}"><table><thead><tr>${block.head.map((cell) => (cell === '' ? html`<td></td>` : html`<th scope="col">${cell}</th>`))}</tr></thead>
        <tbody>${block.rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
    case 'open':
      return html`<p class="notice asks"><strong>Open question:</strong> ${block.question}</p>`;
  }
}

/** Where nobody has begun it: a button does, because a page that is only looked at changes nothing. */
export function noReviewPage(nav: readonly NavItem[], id: string, title: string, name: string, problem?: Rejected): Html {
  return layout({
    title: 'No review yet',
    nav,
    here: '/reviews',
    content: html`<p class="crumbs"><a href="/reviews">Reviews</a> / <a href="/incidents/${id}">${id}</a></p>
      <h1>No review yet: ${title}</h1>
      ${problemNotice(problem)}
      <p class="lead">A draft begins with all that the records know. It can be opened while the incident still runs.</p>
      ${beginForm(id, name)}`,
  });
}

function beginForm(id: string, name: string): Html {
  return html`<form class="card form" method="post" action="/reviews/${id}/begin">
    ${nameField('review-by', name)}<p class="buttons"><button>Open a draft</button></p></form>`;
}

/** What the page of an incident says of its review. */
export function reviewLink(id: string, review: WholeIncident['review'], name: string): Html | '' {
  if (!review) return '';
  if (review.state === 'wanted')
    return html`<details class="step" id="review"><summary><span class="kind">review</span><span class="title">A review follows this incident</span><span class="state">not begun</span></summary>
      ${beginForm(id, name)}</details>`;
  const stands = review.state === 'finished' ? 'finished' : review.due ? html`draft, due ${time(review.due)}` : 'draft';
  return html`<p class="card"><a href="/reviews/${id}">Review of this incident</a> <span class="meta">${stands}</span></p>`;
}
