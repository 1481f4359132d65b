import { html } from 'hono/html';
import { describe } from '../../run-step/step.ts';
import { overSaid, type Plan, type Said, VERDICTS, type Wanted } from '../read/plan.ts';
import type { Form } from './form.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { modeChip } from './parts.ts';

export interface SummaryPage {
  nav: readonly NavItem[];
  plan: Plan;
  wanted: Wanted;
  /** What was sent: it is sent once more, with the confirmation or to go back. */
  form: Form;
}

/** What a run may do, before it is started. Nothing has been kept of it: this page carries all that was typed. */
export function summaryPage({ nav, plan, wanted, form }: SummaryPage): Html {
  const { runbook, mode, acts, gate } = plan;
  return layout({
    title: `Before you run: ${runbook.title}`,
    nav,
    here: '/runbooks',
    content: html`<p class="crumbs"><a href="/runbooks">Runbooks</a> / <a href="/runbooks/${runbook.id}">${runbook.id}</a> / before it runs</p>
      <h1>Before you run: ${runbook.title}</h1>
      <p class="lead">Nothing has been started. It looks first; then this may happen, each act only where what it finds gives a reason for it.</p>
      <p class="chips head"><span class="chip safety-${runbook.safety}">${runbook.safety}</span> ${modeChip(mode)}</p>
      ${wanted.override.length > 0 ? html`<p class="notice bad" role="status">${overSaid(wanted)}</p>` : ''}
      ${confirmation(runbook.id, form)}
      <section aria-labelledby="may"><h2 id="may">What may happen</h2>
        <ol class="plain">${acts.map(plannedAct)}</ol></section>
      <section aria-labelledby="gate"><h2 id="gate">What the gate says now</h2>
        <ul class="plain gate">${gate.map(said)}</ul>
        <p class="help">As far as it is known without looking. Before each act the gate is asked again, with facts: an alarm that has cleared keeps nothing from a run by hand, old facts do.</p></section>
      <section aria-labelledby="given"><h2 id="given">What it is started with</h2>
        <dl class="facts card">${Object.entries(wanted.parameters).map(([name, value]) => pair(name, JSON.stringify(value)))}
          ${pair('Reason', wanted.reason)}${pair('Asked for by', wanted.by)}</dl>
        <p class="help">Whatever is not proven well reaches you first, where your name is a contact's, and <strong>${runbook.escalate.to}</strong>.</p></section>`,
  });
}

function confirmation(id: string, form: Form): Html {
  const kept = Object.entries(form).filter(([name]) => name !== 'how' && name !== 'confirmed');
  return html`<form class="card form" method="post" action="/runbooks/${id}/executions">
    ${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
    <input type="hidden" name="confirmed" value="yes">
    <p class="buttons"><button name="how" value="back">Back</button> <button class="primary" name="how" value="run">Start it</button></p>
  </form>`;
}

function plannedAct({ title, safety, means, where, what, would, byHand, undo, gate }: Plan['acts'][number]): Html {
  const on = where.length > 0 ? where.join(', ') : 'nothing is configured: it will be refused';
  return html`<li class="planned"><strong>${title}</strong> <span class="chip safety-${safety}">${safety}</span>
    <dl class="facts">${pair('Where', on)}${what.length > 0 ? pair('On what', what.join(', ')) : ''}
      ${pair('It', means)}${pair('Afterwards', undo)}</dl>
    <ul class="gate">${gate.map(said)}</ul>
    <details><summary>The command</summary><pre tabindex="0">${would ? describe(would) : byHand}</pre></details></li>`;
}

const said = ({ is, says }: Said): Html => html`<li><span class="chip gate-${is}">${VERDICTS[is]}</span> ${says}</li>`;

const pair = (title: string, value: string): Html => html`<div><dt>${title}</dt><dd>${value}</dd></div>`;
