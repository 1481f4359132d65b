import { html } from 'hono/html';
import { OVERRIDES, spokenOverride } from '../incident/override.ts';
import type { Html } from './frame.ts';

/** What was typed, by the names of the fields: it comes back with whatever was wrong with it. */
export type Typing = Readonly<Record<string, string>>;

/** Who does it. CloudWatch lets in whom IAM allows, and tells no widget who that is. */
export function nameField(typing: Typing): Html {
  return textField(
    'by',
    'Your name',
    typing,
    'AWS does not tell a widget who you are: the name is written down as given, unverified.',
  );
}

export function reasonField(typing: Typing, help = 'It stands in the timeline, for whoever reads it later.'): Html {
  return textField('reason', 'Reason', typing, help);
}

export function textField(name: string, label: string, typing: Typing, help = '', standard = ''): Html {
  return html`<label for="fb-${name}">${label}</label>
    <input id="fb-${name}" name="${name}" maxlength="1000" autocomplete="off" value="${typing[name] ?? standard}">
    ${help === '' ? '' : html`<p class="meta">${help}</p>`}`;
}

export function choiceField(
  name: string,
  label: string,
  typing: Typing,
  options: readonly (readonly [value: string, title: string])[],
  standard = '',
): Html {
  const chosen = typing[name] ?? standard;
  return html`<label for="fb-${name}">${label}</label>
    <select id="fb-${name}" name="${name}">${options.map(
      ([value, title]) => html`<option value="${value}"${value === chosen ? html` selected` : ''}>${title}</option>`,
    )}</select>`;
}

/** What of the gate a run may go over. A choice and no ticks: CloudWatch gives each field one value. */
export function guardField(typing: Typing): Html {
  const each = OVERRIDES.map((one) => [one, `goes over ${spokenOverride([one])}`] as const);
  const all = [OVERRIDES.join(','), `goes over ${spokenOverride(OVERRIDES)}`] as const;
  return choiceField('override', 'A run', typing, [['', 'asks the whole gate'], ...each, all]);
}
