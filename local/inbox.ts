import { html } from 'hono/html';
import { type Html, layout, type NavItem } from '../functions/console/pages/layout.ts';
import { time } from '../functions/console/pages/parts.ts';
import { cut, Room } from '../functions/console/pages/room.ts';
import type { Delivered } from './aws/messaging/topics.ts';

const ROOM = 90_000;
/** As much of one message as is shown; the API has all of it. */
const MESSAGE = 20_000;

/** Every message that reached somebody, the latest first: its first lines, and the rest as one opens it. */
export function inboxPage(nav: readonly NavItem[], delivered: readonly Delivered[]): Html {
  const messages = delivered.map((message, at) => ({ message, id: `message-${at}` })).reverse();
  const { shown, left } = new Room(ROOM).fit(messages, ({ message, id }) => card(message, id));
  return layout({
    title: 'Inbox',
    nav,
    here: '/inbox',
    pollMs: 4_000,
    content: html`<h1>Inbox</h1>
      <p class="lead">Every message as it would arrive, whoever it is for. Local mode sends none.</p>
      <div data-live="inbox">
        ${messages.length === 0 ? html`<p class="empty">Nobody has been woken.</p>` : ''}
        <ol class="inbox" reversed>${shown}</ol>
        ${left > 0 ? html`<p class="more">And ${left} earlier ones: <a href="/api/notifications">all of them as JSON</a></p>` : ''}
      </div>`,
  });
}

function card({ role = 'no role', contact, subject, message, at }: Delivered, id: string): Html {
  const [head = '', ...rest] = cut(message, MESSAGE).split(/\n\n/);
  return html`<li class="card page">
    <header><strong>${cut(subject, 300)}</strong><span class="meta">${time(at)}</span></header>
    <p class="meta">to ${role} (${contact})</p>
    <pre>${linked(head)}</pre>
    ${rest.length === 0 ? '' : html`<details id="${id}"><summary>The rest of it</summary><pre>${linked(rest.join('\n\n'))}</pre></details>`}
  </li>`;
}

/** What a page's own links lead to: what its reader can do, and the incident. */
const OURS = /https?:\/\/[^\s/]+(\/l\/[\w-]{43}|\/incidents\/[0-9A-Z]+)(?![\w-])/g;

/**
 * A text whose links into Firebreak can be clicked. Each leads to this server, whatever name stands in it: an alarm's own words are
 * in a page, too, and may name a place that looks like ours.
 */
function linked(text: string): Html[] {
  const parts: Html[] = [];
  let from = 0;
  for (const found of text.matchAll(OURS)) {
    const [url, path] = found;
    parts.push(html`${text.slice(from, found.index)}<a href="${path}">${url}</a>`);
    from = found.index + url.length;
  }
  return [...parts, html`${text.slice(from)}`];
}
