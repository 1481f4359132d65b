import { html } from 'hono/html';
import { spoken } from '../../../runbooks/language/duration.ts';
import { clockTime } from '../views/moment.ts';
import type { StepView } from '../views/step.ts';
import { stepAnchor } from '../views/timeline.ts';
import { findForm, having } from './find.ts';
import type { Html } from './layout.ts';
import { cut, type Room } from './room.ts';

/** As much of an evidence as its card shows; the text file has all of it. */
const EVIDENCE = 6_000;
const FACT = 800;

/**
 * Every step with its facts, and the text behind them folded away: a pass over the diagnosis at a time. Where there is not room for
 * all, the latest steps go first, and the text behind a step goes before the step.
 * @param find what somebody looks for: the folds are open then
 */
export function stepsSection(id: string, steps: readonly StepView[], find: string, room: Room): Html {
  const found = having(steps, find);
  const cards = new Map<StepView, Html>();
  for (const step of found.toReversed()) {
    const card = room.first(
      () => stepCard(step, id, EVIDENCE, find !== ''),
      () => stepCard(step, id, 0, false),
    );
    if (card) cards.set(step, card);
  }
  const left = found.length - cards.size;
  const passes = Map.groupBy(
    cards.size < found.length ? found.filter((step) => cards.has(step)) : found,
    ({ run, pass }) => `${run}-${pass}`,
  );
  return html`<h2 id="steps">Steps, facts and evidence</h2>
    ${steps.length === 0 ? '' : findForm(id, find, found.length, steps.length)}
    <div data-live="steps">${steps.length === 0 ? html`<p class="empty">No step has been taken yet.</p>` : ''}
    ${left > 0 ? html`<p class="more">${left} earlier steps are left out here: <a href="/incidents/${id}/evidence.txt">all of them as text</a></p>` : ''}
    ${[...passes].map(([name, mine]) => passFold(name, mine, cards, passes.size === 1 || find !== ''))}</div>`;
}

function passFold(name: string, steps: readonly StepView[], cards: ReadonlyMap<StepView, Html>, open: boolean): Html {
  const [run, pass] = name.split('-');
  const checks = steps.filter(({ kind }) => kind === 'check');
  const failed = steps.filter(({ status }) => status === 'failed' || status === 'doubt').length;
  const parts = [counted(steps, 'look'), counted(steps, 'act'), counted(steps, 'check'), failed > 0 ? `${failed} failed` : ''];
  return html`<details class="pass" id="pass-${name}"${open ? html` open` : ''}>
    <summary>Run ${run}, pass ${pass} <span class="meta">${parts.filter(Boolean).join(', ')}</span></summary>
    <div class="steps">
      ${steps.filter(({ kind }) => kind !== 'check').map((step) => cards.get(step))}
      ${checks.length > 0 ? html`<details class="pass" id="checks-${name}"${open && checks.length === steps.length ? html` open` : ''}><summary>Checks <span class="meta">${checks.length}</span></summary><div class="steps">${checks.map((step) => cards.get(step))}</div></details>` : ''}
    </div>
  </details>`;
}

function counted(steps: readonly StepView[], kind: StepView['kind']): string {
  const number = steps.filter((step) => step.kind === kind).length;
  return number === 0 ? '' : `${number} ${kind}${number > 1 ? 's' : ''}`;
}

const STATUS: Record<StepView['status'], string> = { started: 'under way', done: 'done', failed: 'failed', doubt: 'in doubt' };
const KINDS: Record<StepView['kind'], string> = { look: 'look', check: 'check', act: 'act' };

/** @param most characters of the text behind it; the text file has all of it */
function stepCard(step: StepView, incident: string, most: number, open: boolean): Html {
  const { kind, title, host, status, startedAt, tookMs, says, error, because, command, parameters, facts, evidence, undo } = step;
  const id = stepAnchor(step);
  return html`<details class="step status-${status}" id="${id}"${open ? html` open` : ''}>
    <summary>
      <span class="kind kind-${kind}">${KINDS[kind]}</span>
      <span class="title">${cut(title, FACT)}${host === '-' ? '' : html` <span class="host">${cut(host, FACT)}</span>`}</span>
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
    ${evidence && most > 0 ? html`<details class="evidence" id="${id}-evidence"${open ? html` open` : ''}><summary>Evidence</summary><pre tabindex="0">${evidence.slice(0, most).toWellFormed()}</pre></details>` : ''}
    ${evidence.length > most ? html`<p class="more">${evidence.length - most} characters of evidence are left out here: <a href="/incidents/${incident}/evidence.txt">all of it as text</a></p>` : ''}
  </details>`;
}

function factPairs(facts: unknown): Html[] {
  if (facts === null || facts === undefined) return [];
  if (typeof facts !== 'object') return [pair('Fact', written(facts))];
  return Object.entries(facts).map(([name, value]) => pair(cut(name, FACT), written(value)));
}

function pair(name: string, whole: string): Html {
  const value = cut(whole, FACT);
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
