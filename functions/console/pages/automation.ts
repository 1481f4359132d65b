import { html } from 'hono/html';
import { MODES } from '../../incident/control.ts';
import type { AutomationModes } from '../read/automation.ts';
import type { Rejected } from '../rejected.ts';
import type { Form } from './form.ts';
import { type Html, layout, type NavItem } from './layout.ts';
import { modeChip, nameField, problemNotice, time } from './parts.ts';
import { summary } from './record.ts';
import { Room } from './room.ts';

export interface AutomationPage {
  nav: readonly NavItem[];
  modes: AutomationModes;
  name: string;
  problem?: Rejected | undefined;
  typed?: Form | undefined;
}

/** How long a setting lasts, as the form offers it, in minutes. What nobody remembers to take back ends by itself. */
const LENGTHS = [
  { value: '60', title: 'for an hour' },
  { value: '240', title: 'for four hours' },
  { value: '1440', title: 'for a day' },
  { value: '10080', title: 'for a week' },
  { value: '', title: 'until somebody changes it' },
] as const;

const MEANS = {
  observe: 'only look, and say what it would have done',
  ask: 'ask a person before each act',
  auto: 'act by itself, within its limits',
} as const;

/** Of what was set: a setting's reason can be long. */
const ROOM = 60_000;

/** The big red button. */
export function automationPage({ nav, modes, name, problem, typed = {} }: AutomationPage): Html {
  const { automation, settings, scopes, defaultMode } = modes;
  const set = new Room(ROOM).fit(settings, settingLine);
  return layout({
    title: 'Automation',
    nav,
    here: '/automation',
    content: html`<h1>Automation</h1>
      ${problemNotice(problem)}
      <p class="lead">The strictest setting counts. A change takes effect before the next act of every run.</p>
      <form class="card form" method="post" action="/automation">
        <div class="fields">
          <div><label for="mode-scope">For</label>
            <select id="mode-scope" name="scope">${scopes.map((scope) => html`<option value="${scope}"${scope === typed.scope ? html` selected` : ''}>${scope === 'all' ? 'everything' : scope}</option>`)}</select></div>
          <div><label for="mode-length">How long</label>
            <select id="mode-length" name="minutes">${LENGTHS.map(({ value, title }) => html`<option value="${value}"${value === typed.minutes ? html` selected` : ''}>${title}</option>`)}</select></div>
        </div>
        <fieldset><legend>It may</legend>${MODES.map(
          (mode) =>
            html`<label class="radio"><input type="radio" name="mode" value="${mode}" required${mode === (typed.mode ?? 'observe') ? html` checked` : ''}> <strong>${mode}</strong> ${MEANS[mode]}</label>`,
        )}</fieldset>
        <label for="mode-reason">Reason</label><input id="mode-reason" name="reason" required maxlength="1000" value="${typed.reason ?? ''}">
        ${nameField('mode-by', name)}
        <p class="buttons"><button class="primary">Set the mode</button></p>
      </form>
      <section aria-labelledby="in-force"><h2 id="in-force">In force now</h2>
        <p class="meta">A runbook that nobody has promoted or restricted is in the mode ${defaultMode}.</p>
        ${automation.length === 0 ? html`<p class="empty">No runbook is registered.</p>` : ''}
        <ul class="modes">${automation.map(
          ({ runbook, title, mode }) => html`<li><a href="/runbooks/${runbook}">${title}</a> ${modeChip(mode)}</li>`,
        )}</ul>
      </section>
      <section aria-labelledby="settings"><h2 id="settings">What was set</h2>
        ${settings.length === 0 ? html`<p class="empty">Nothing was set by hand.</p>` : ''}
        <ul class="modes">${set.shown}</ul>
        ${set.left > 0 ? html`<p class="more">And ${set.left} more: <a href="/api/automation">all of them as JSON</a></p>` : ''}
      </section>`,
  });
}

function settingLine({ scope, mode, by, at, until, reason, promotion }: AutomationModes['settings'][number]): Html {
  return html`<li><strong>${scope === 'all' ? 'everything' : scope}</strong> ${modeChip(mode)}
    <span class="meta">by ${by.name}, ${time(at)}${until ? html`, until ${time(until)}` : ''}${reason ? `: ${reason}` : ''}</span>
    ${promotion ? html`<p class="meta">Before, ${promotion.from}. Known then: ${summary(promotion)}</p>` : ''}</li>`;
}
