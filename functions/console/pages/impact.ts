import { html } from 'hono/html';
import type { ImpactView } from '../views/impact.ts';
import type { Html } from './layout.ts';
import { time } from './parts.ts';

/** What users feel, beside the same an hour earlier: the first question of whoever comes to an incident. */
export function impactSection(impact: ImpactView | null): Html | '' {
  if (!impact) return '';
  return html`<dl class="facts card">
      ${impact.rows.map(
        ({ title, now, before }) =>
          html`<div><dt>${title}</dt><dd>${now} <span class="meta">an hour earlier: ${before}</span></dd></div>`,
      )}
      <div><dt>Measured</dt><dd>${time(impact.at)}${impact.why ? html` <span class="meta">${impact.why}</span>` : ''}</dd></div>
    </dl>`;
}
