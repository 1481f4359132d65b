import { html } from 'hono/html';
import type { GraphNode, GraphStage } from '../views/graph.ts';
import { STATE_WORDS } from '../views/progress.ts';
import type { Html } from './layout.ts';
import { cut } from './room.ts';

/** As much of what a step says as the graph has place for: the timeline has all of it. */
const SAYS = 140;

/**
 * A runbook as a graph: a list of its stages in their order, which the style sheet draws as boxes with arrows between them. Whoever
 * hears it instead is told how the steps of each stage belong together, and how each of them stands.
 * @param over whether the run has ended: what is ahead then is not to come any more
 */
export function graph(stages: readonly GraphStage[], label: string, over = false): Html {
  return html`<ol class="graph" aria-label="${label}">${stages.map(
    ({ how, title, nodes }) => html`<li class="stage ${how}">
      <p class="how">${title}</p>
      ${how === 'in-turn' ? html`<ol class="nodes">${nodes.map((node) => drawn(node, over))}</ol>` : html`<ul class="nodes">${nodes.map((node) => drawn(node, over))}</ul>`}
    </li>`,
  )}</ol>`;
}

function drawn({ kind, title, state, says, anchor }: GraphNode, over: boolean): Html {
  const current = state === 'now' || state === 'waiting';
  const stands = state === 'ahead' && over && kind !== 'undo' ? 'not reached' : state && STATE_WORDS[state];
  return html`<li class="node of-${kind}${state ? ` is-${state}` : ''}"${current ? html` aria-current="step"` : ''}>
    <span class="name">${anchor ? html`<a href="#${anchor}">${title}</a>` : title}</span>
    ${stands ? html`<span class="stands">${stands}</span>` : ''}
    ${says ? html`<span class="tells">${cut(says, SAYS)}</span>` : ''}
  </li>`;
}
