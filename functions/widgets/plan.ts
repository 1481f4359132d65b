import { html } from 'hono/html';
import { knownRunbook } from '../console/commands/start-by-hand.ts';
import { overSaid, type Plan, planOf, type Said, VERDICTS, type Wanted } from '../console/read/plan.ts';
import { describe } from '../run-step/step.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Typing } from './fields.ts';
import { button, type Drawing, type Html } from './frame.ts';

/** As much as a question of CloudWatch's has place for: the plan itself stands beneath it. */
const MOST_OF_A_QUESTION = 900;

/**
 * What a run may do, on which targets, what asks first and what the gate says now, before it is started. Its button carries all that was
 * typed: the fields went with the form.
 */
export async function planView(
  around: Surroundings,
  drawing: Drawing,
  wanted: Wanted,
  id: string,
  typing: Typing,
): Promise<Html> {
  const plan = await planOf(around, knownRunbook(around, id), wanted);
  const { runbook, mode, acts, gate } = plan;
  const call = { view: 'runbook', runbook: runbook.id, action: 'run', given: { ...typing } } as const;
  return html`<h2>Before you run: ${runbook.title}</h2>
    <p>Nothing has been started. It looks first; then this may happen, each act only where what it finds gives a reason for it.</p>
    <p><span class="chip">${runbook.safety}</span> <span class="chip">mode: ${mode}</span></p>
    ${wanted.override.length > 0 ? html`<p class="notice bad">${overSaid(wanted)}</p>` : ''}
    <p class="buttons">${button(drawing, { title: 'Start it', confirmation: question(plan), primary: true, call })} ${button(drawing, { title: 'Back to the form', call: { view: 'runbook', runbook: runbook.id, given: { ...typing } } })}</p>
    <h3>What may happen</h3><ol>${acts.map(planned)}</ol>
    <h3>What the gate says now</h3><ul>${gate.map(said)}</ul>
    <p class="meta">As far as it is known without looking. Before each act the gate is asked again, with facts.</p>
    <h3>What it is started with</h3>
    <ul>${Object.entries(wanted.parameters).map(([name, value]) => html`<li>${name}: <code>${JSON.stringify(value)}</code></li>`)}
      <li>Reason: ${wanted.reason}</li><li>Asked for by: ${wanted.by}</li></ul>
    <p class="meta">Whatever is not proven well reaches you first, where your name is a contact's, and ${runbook.escalate.to}.</p>`;
}

type Act = Plan['acts'][number];

function planned({ title, safety, means, what, where, would, byHand, undo, gate }: Act): Html {
  return html`<li><strong>${title}</strong> <span class="chip">${safety}</span>
    <p>Where: ${placesOf(where)}${what.length > 0 ? html` · on what: ${what.join(', ')}` : ''}</p>
    <p>It ${means}. Afterwards: ${undo}</p>
    <ul>${gate.map(said)}</ul>
    <details><summary>The command</summary><pre>${would ? describe(would) : byHand}</pre></details></li>`;
}

const placesOf = (where: readonly string[]) => where.join(', ') || 'nothing is configured: it will be refused';
const said = ({ is, says }: Said): Html => html`<li><span class="chip">${VERDICTS[is]}</span> ${says}</li>`;

/** The plan in a few lines, as CloudWatch asks: what, where, what asks or stops it. */
function question({ runbook, mode, acts, gate }: Plan): string {
  const heard = (all: readonly Said[]) => all.filter(({ is }) => is !== 'free').map(({ says }) => says);
  const each = acts.map((act) => [`${act.title} on ${placesOf(act.where)}`, ...heard(act.gate)].join(', '));
  const text = [
    `Start "${runbook.title}" in mode ${mode}? It looks first, then it may: ${each.join('; ')}.`,
    ...heard(gate),
  ].join(' · ');
  return text.length > MOST_OF_A_QUESTION ? `${text.slice(0, MOST_OF_A_QUESTION)} …` : text;
}
