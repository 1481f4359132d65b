import { html } from 'hono/html';
import { type System, titleOf } from '../../../runbooks/language/system.ts';
import { stillOpen } from '../../review/words.ts';
import type { WholeIncident } from '../read/incident.ts';
import type { ReviewView, WholeReview } from '../read/review.ts';
import type { Rejected } from '../rejected.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { nameField, problemNotice, severityPill, time } from './parts.ts';
import { documentHtml } from './review-document.ts';
import { cut, Room } from './room.ts';

/** What the rows may weigh, and what those that are to be written may take of it before the finished ones. */
const ROOM = 85_000;
const OPEN_ROOM = 65_000;
/** Names that are longer would fill the page; the review itself has them whole. */
const TITLE = 160;

/**
 * All reviews: what is still to be written first, by when it is due.
 * @param from how many of those are passed over
 */
export function reviewsPage(
  nav: readonly NavItem[],
  reviews: readonly ReviewView[],
  systems: readonly System[],
  now: string,
  from = 0,
): Html {
  const row = (review: ReviewView) => reviewRow(review, systems, now);
  const room = new Room(ROOM);
  const drafts = reviews.filter(({ state }) => state === 'draft');
  const finished = reviews.filter(({ state }) => state === 'finished');
  const open = room.part(OPEN_ROOM).fit(drafts.slice(from), row).shown;
  const past = room.fit(finished, row);
  const next = from + open.length;
  return layout({
    title: 'Reviews',
    nav,
    here: '/reviews',
    content: html`<h1>Reviews</h1>
      <p class="lead">What came of the incidents of the two highest severities: what happened, why, and what is done so that it does not come back.</p>
      <section aria-labelledby="open"><h2 id="open">To be written <span class="count">${drafts.length}</span></h2>
        ${drafts.length === 0 ? html`<p class="empty">Nothing is to be written.</p>` : html`<ul class="incidents">${open}</ul>`}
        ${open.length < drafts.length ? html`<p class="more">${Math.min(from + 1, drafts.length)} to ${next} of ${drafts.length}${from > 0 ? html` <a href="/reviews">The first</a>` : ''}${next < drafts.length ? html` <a href="/reviews?from=${next}">The next ones</a>` : ''}</p>` : ''}
      </section>
      ${
        finished.length === 0
          ? ''
          : html`<section aria-labelledby="finished"><h2 id="finished">Finished</h2><ul class="incidents past">${past.shown}</ul>
        ${past.left > 0 ? html`<p class="more">${past.left} that were finished earlier are left out here: <a href="/api/reviews">all of them as JSON</a></p>` : ''}</section>`
      }`,
  });
}

function reviewRow(review: ReviewView, systems: readonly System[], now: string): Html {
  const { incidentId, severity, title, due, finishedAt } = review;
  const system = systems.find(({ id }) => id === review.system);
  const about = `${system?.title ?? review.system} · ${titleOf(system?.roles ?? [], review.owner)}`;
  const late = due !== null && finishedAt === null && due <= now;
  const when = finishedAt ? html`finished ${time(finishedAt)}` : due ? html`due ${time(due)}` : 'due when the incident is over';
  return html`<li class="incident">${severityPill(severity)}
    <div class="what"><a href="/reviews/${incidentId}">${cut(title, TITLE)}</a> <span class="meta">${about} · ${when}</span></div>
    <span class="chips">${late ? html`<span class="chip status-open">overdue</span>` : ''}</span></li>`;
}

/** One review as it is read, and as it is sent. */
export function reviewPage(nav: readonly NavItem[], { incident, review, document }: WholeReview): Html {
  const file = `/reviews/${incident.id}.md`;
  return layout({
    title: `Review: ${cut(document.title, TITLE)}`,
    nav,
    here: '/reviews',
    content: html`<p class="crumbs"><a href="/reviews">Reviews</a> / <a href="/incidents/${incident.id}">${incident.id}</a></p>
      <h1>Review: ${cut(document.title, TITLE)}</h1>
      <p class="buttons"><a class="review-link" href="/reviews/${incident.id}/edit">${review.state === 'draft' ? 'Edit' : 'Edit, or open it again'}</a>
        <a class="review-link" href="${file}" download>Export as Markdown</a></p>
      ${document.open === 0 ? '' : html`<p class="notice asks">${stillOpen(document.open)}.</p>`}
      <article class="review">${documentHtml(document, file)}</article>`,
  });
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
