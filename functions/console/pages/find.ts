import { html } from 'hono/html';
import { searchable } from '../views/as-text.ts';
import type { StepView } from '../views/step.ts';
import type { Html } from './layout.ts';
import { cut } from './room.ts';

/** So many lines of one evidence are shown of those that have what is looked for. */
const LINES = 40;

/**
 * What an incident's evidence is searched with. It is a form, so that it works without a script; the script finds while one types, in
 * what is on the page.
 */
export function findForm(id: string, find: string, found: number, of: number): Html {
  return html`<search><form class="find" method="get" action="/incidents/${id}#steps" data-find>
      <label class="find-label" for="find">Find in facts and evidence</label>
      <input id="find" name="find" type="search" class="find-field" maxlength="200" value="${find}">
      <button>Find</button>
      <p class="meta found" role="status" data-found>${find ? html`${found} of ${of} steps have it. <a href="/incidents/${id}#steps">Show all</a>` : ''}</p>
    </form></search>
    <p class="meta">As plain text: <a href="/incidents/${id}/timeline.txt">the timeline</a>, <a href="/incidents/${id}/evidence.txt">all facts and evidence</a></p>`;
}

/** The steps that have it anywhere, each with those lines of its evidence that do. Capitals make no difference. */
export function having(steps: readonly StepView[], find: string): StepView[] {
  const wanted = find.toLowerCase();
  if (wanted === '') return [...steps];
  const has = (text: string) => text.toLowerCase().includes(wanted);
  return steps
    .filter((step) => has(searchable(step)))
    .map((step) => {
      const lines = step.evidence.split('\n').filter(has);
      const more = lines.length > LINES ? [`… and ${lines.length - LINES} more lines`] : [];
      return { ...step, evidence: [...lines.slice(0, LINES).map((line) => cut(line, 500)), ...more].join('\n') };
    });
}
