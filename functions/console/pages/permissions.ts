import { html } from 'hono/html';
import type { Permission, Permissions } from '../views/permissions.ts';
import type { Html } from './layout.ts';
import { Room } from './room.ts';

const ROOM = 25_000;

/** What a runbook may do, and why: folded, because it is read before it is let act, and not at three in the morning. */
export function permissionsSection({ aws, cluster }: Permissions): Html {
  const room = new Room(ROOM);
  const rules = room.fit(cluster, permission);
  const statements = room.fit(aws, permission);
  const left = rules.left + statements.left;
  return html`<section aria-labelledby="may"><h2 id="may">What it may do</h2>
    <p class="meta">From its own steps, and what is not here is denied. The role that is deployed has the same, and with a VPC or a key for the topics what those need.</p>
    ${cluster.length > 0 ? html`<details class="card form" id="may-cluster"><summary>In its cluster: ${cluster.length} rules</summary><ul class="permissions">${rules.shown}</ul></details>` : ''}
    <details class="card form" id="may-aws"><summary>On AWS: ${aws.length} statements</summary><ul class="permissions">${statements.shown}</ul></details>
    ${left > 0 ? html`<p class="more">${left} more are in docs/permissions.md</p>` : ''}
  </section>`;
}

function permission({ actions, on, onlyIf, why }: Permission): Html {
  return html`<li>
    <p>${why}</p>
    <dl class="facts">
      <div><dt>May</dt><dd><code>${actions.join(', ')}</code></dd></div>
      <div><dt>On</dt><dd>${on.map((one) => html`<p><code>${one}</code></p>`)}</dd></div>
      ${onlyIf.length > 0 ? html`<div><dt>Only if</dt><dd>${onlyIf.map((one) => html`<p><code>${one}</code></p>`)}</dd></div>` : ''}
    </dl>
  </li>`;
}
