import { html } from 'hono/html';
import { OVERRIDES, type Override } from '../../incident/override.ts';
import type { Form } from './form.ts';
import type { Html } from './layout.ts';

const OFFERED: Readonly<Record<Override, string>> = {
  breaker: 'Go over the breaker: act although its budget is used up. The act is counted all the same',
  deployment: 'Go over the deployment guard: act without asking although something is, or may be, being deployed',
};

/** What of the gate a person may go over, one box each. */
export function guardFields(id: string, typed: Form): Html {
  const ticked = overridesOf(typed);
  return html`${OVERRIDES.map(
    (
      one,
    ) => html`<p class="tick"><input type="checkbox" id="${id}-${one}" name="override.${one}" value="yes"${ticked.includes(one) ? html` checked` : ''}>
      <label for="${id}-${one}">${OFFERED[one]}</label></p>`,
  )}
  <p class="help">For this run alone, for the reason given, in your name. Every other rule of the gate holds.</p>`;
}

/** Each has a field of its own, which is there when it is ticked. */
export function overridesOf(form: Form): Override[] {
  return OVERRIDES.filter((one) => form[`override.${one}`] !== undefined);
}
