import { html, raw } from 'hono/html';
import { type Clock, iso } from '../../incident/clock.ts';
import { printableMarks } from '../../printable.ts';

/** A piece of a page. Whatever is put into it is escaped; only pieces of pages are not. */
export type Html = ReturnType<typeof html>;

export interface NavItem {
  href: string;
  title: string;
}

export const NAV: readonly NavItem[] = [
  { href: '/', title: 'Incidents' },
  { href: '/runbooks', title: 'Runbooks' },
  { href: '/automation', title: 'Automation' },
  { href: '/changes', title: 'Changes' },
  { href: '/maintenance', title: 'Maintenance' },
  { href: '/reviews', title: 'Reviews' },
  { href: '/numbers', title: 'Numbers' },
];

export interface Layout {
  title: string;
  nav: readonly NavItem[];
  /** The place of the navigation that this page belongs to. */
  here: string;
  content: Html;
  /** How often the script looks again, in milliseconds; never, if not said. */
  pollMs?: number;
  /** Without a script, the page is loaded again after so many seconds. */
  reloadSeconds?: number;
  /** What time it is and how fast it passes, where the page counts down. */
  clock?: Clock | undefined;
}

/** The frame of every page. Nothing in it is inline, so that the browser can be told to run nothing that is. */
export function layout({ title, nav, here, content, pollMs, reloadSeconds, clock }: Layout): Html {
  const time = clock && html` data-now="${iso(clock.now())}" data-speed="${clock.speed ?? 1}"`;
  const reload = html`<meta http-equiv="refresh" content="${reloadSeconds ?? 0}">`;
  const page = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title} · Firebreak</title>
    <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/assets/console.css">
    <script src="/assets/console.js" defer></script>
    ${reloadSeconds ? reload : ''}
  </head>
  <body>
    <a class="skip" href="#main">Skip to the content</a>
    <header class="top">
      <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="24" height="24">Firebreak</a>
      <nav aria-label="Main">
        ${nav.map(
          (item) => html`<a href="${item.href}"${item.href === here ? html` aria-current="page"` : ''}>${item.title}</a>`,
        )}
      </nav>
    </header>
    <main id="main"${pollMs ? html` data-poll="${pollMs}"` : ''}${time ?? ''} tabindex="-1">
      ${pollMs ? html`<p class="notice stale" data-stale hidden>Firebreak does not answer: what you see may be old.</p>` : ''}
      ${content}
    </main>
  </body>
</html>`;
  return page instanceof Promise ? page.then(asShown) : asShown(page);
}

/** Nothing that others wrote turns the direction of the writing beside it, or hides in it. */
const asShown = (page: string) => raw(printableMarks(page));
