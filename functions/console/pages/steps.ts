import { html } from 'hono/html';
import { spoken } from '../../../runbooks/language/duration.ts';
import { clockTime } from '../views/moment.ts';
import type { StepView } from '../views/step.ts';
import { stepAnchor } from '../views/timeline.ts';
import type { Html } from './layout.ts';

/** Every step with its facts, and the text behind them folded away: a pass over the diagnosis at a time. */
export function stepsSection(steps: readonly StepView[]): Html {
  const passes = Map.groupBy(steps, ({ run, pass }) => `${run}-${pass}`);
  return html`<h2 id="steps">Steps, facts and evidence</h2>
    ${steps.length === 0 ? html`<p class="empty">No step has been taken yet.</p>` : ''}
    ${[...passes].map(([name, mine]) => passFold(name, mine, passes.size))}`;
}

function passFold(name: string, steps: readonly StepView[], passes: number): Html {
  const [run, pass] = name.split('-');
  const checks = steps.filter(({ kind }) => kind === 'check');
  const failed = steps.filter(({ status }) => status === 'failed' || status === 'doubt').length;
  const parts = [counted(steps, 'look'), counted(steps, 'act'), counted(steps, 'check'), failed > 0 ? `${failed} failed` : ''];
  return html`<details class="pass" id="pass-${name}"${passes === 1 ? html` open` : ''}>
    <summary>Run ${run}, pass ${pass} <span class="meta">${parts.filter(Boolean).join(', ')}</span></summary>
    <div class="steps">
      ${steps.filter(({ kind }) => kind !== 'check').map(stepCard)}
      ${checks.length > 0 ? html`<details class="pass" id="checks-${name}"><summary>Checks <span class="meta">${checks.length}</span></summary><div class="steps">${checks.map(stepCard)}</div></details>` : ''}
    </div>
  </details>`;
}

function counted(steps: readonly StepView[], kind: StepView['kind']): string {
  const number = steps.filter((step) => step.kind === kind).length;
  return number === 0 ? '' : `${number} ${kind}${number > 1 ? 's' : ''}`;
}

const STATUS: Record<StepView['status'], string> = { started: 'under way', done: 'done', failed: 'failed', doubt: 'in doubt' };
const KINDS: Record<StepView['kind'], string> = { look: 'look', check: 'check', act: 'act' };

function stepCard(step: StepView): Html {
  const { kind, title, host, status, startedAt, tookMs, says, error, because, command, parameters, facts, evidence, undo } = step;
  const id = stepAnchor(step);
  return html`<details class="step status-${status}" id="${id}">
    <summary>
      <span class="kind kind-${kind}">${KINDS[kind]}</span>
      <span class="title">${title}${host === '-' ? '' : html` <span class="host">${host}</span>`}</span>
      <span class="state">${STATUS[status]}</span>
      <span class="took">${tookMs === null ? '' : spoken(tookMs)}</span>
    </summary>
    <dl class="facts">
      ${pair('Began', `${clockTime(startedAt)} UTC`)}
      ${because ? pair('Because', because) : ''}
      ${command ? pair('Command', [command, ...Object.entries(parameters).map(([name, value]) => `${name}=${written(value)}`)].join(' ')) : ''}
      ${says ? pair('Says', says) : ''}
      ${error && error !== says ? pair('Error', error) : ''}
      ${undo?.says ? pair('Undo', undo.says) : ''}
      ${factPairs(facts)}
    </dl>
    ${evidence ? html`<details class="evidence" id="${id}-evidence"><summary>Evidence</summary><pre tabindex="0">${evidence}</pre></details>` : ''}
  </details>`;
}

function factPairs(facts: unknown): Html[] {
  if (facts === null || facts === undefined) return [];
  if (typeof facts !== 'object') return [pair('Fact', written(facts))];
  return Object.entries(facts).map(([name, value]) => pair(name, written(value)));
}

function pair(name: string, value: string): Html {
  return html`<div><dt>${name}</dt><dd>${value.includes('\n') ? html`<pre tabindex="0">${value}</pre>` : value}</dd></div>`;
}

/** A value as a person reads it: lists of words in a line, everything else as JSON. */
function written(value: unknown): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    if (value.every((item) => typeof item !== 'object')) return value.map(String).join(', ');
    return value.map((item) => JSON.stringify(item)).join('\n');
  }
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return String(value);
}
