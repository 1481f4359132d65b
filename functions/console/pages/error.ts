import { html } from 'hono/html';
import type { Rejected } from '../rejected.ts';
import { type Html, layout, type NavItem } from './layout.ts';

/** @param rejected `undefined` for an outage, which is never told as an absence */
export function errorPage(nav: readonly NavItem[], rejected: Rejected | undefined): Html {
  const title = rejected ? (rejected.status === 404 ? 'Not found' : 'That was not done') : 'Something broke';
  const message = rejected?.message ?? 'Firebreak could not do this now: its log says why. Nothing is lost; try again.';
  return layout({
    title,
    nav,
    here: '',
    content: html`<h1>${title}</h1><p class="notice bad" role="alert">${message}</p><p><a href="/">All incidents</a></p>`,
  });
}
