import { html, raw } from 'hono/html';
import type { Rejected } from '../console/rejected.ts';
import { moment } from '../console/views/moment.ts';
import type { WidgetEvent } from './event.ts';

/** A piece of a widget. Whatever is put into it is escaped; only pieces are not. */
export type Html = ReturnType<typeof html>;

/** What every view is drawn with. */
export interface Drawing {
  /** The function's own ARN: every button calls it. */
  arn: string;
  /** This drawing's own id, which its buttons carry. */
  request: string;
  /** ISO 8601 in UTC. */
  now: string;
}

export interface Button {
  title: string;
  /** What the function is called with. */
  call: Partial<Pick<WidgetEvent, 'view' | 'incident' | 'runbook' | 'approval' | 'action' | 'act' | 'host' | 'given'>>;
  /** What CloudWatch asks before it calls. Whatever changes something has it. */
  confirmation?: string;
  primary?: boolean;
}

/**
 * A button as CloudWatch knows it: an anchor, and what it does in the element right after it. What it shows opens over the dashboard,
 * which goes on being refreshed beneath: a refresh takes no half-filled form away.
 */
export function button({ arn, request, now }: Drawing, { title, call, confirmation, primary = false }: Button): Html {
  const parameters = confirmation === undefined ? call : { ...call, request, shown: now };
  const asks = confirmation === undefined ? '' : html` confirmation="${confirmation}"`;
  return html`<a class="${primary ? 'btn btn-primary' : 'btn'}">${title}</a><cwdb-action action="call" display="popup" endpoint="${arn}"${asks}>${raw(json(parameters))}</cwdb-action>`;
}

/** JSON that is the same whether CloudWatch reads it as text or as HTML. */
function json(value: object): string {
  return JSON.stringify(value).replace(/[<>&'\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Within the dashboard's own look, light or dark: only what it has no style for. A dashboard has many widgets, so all is under `.fb`. */
const STYLE = `.fb{font-size:14px;line-height:1.4}.fb h2{font-size:18px;margin:0 0 6px}.fb h3{font-size:15px;margin:14px 0 4px}.fb p{margin:4px 0}.fb ul,.fb ol{margin:4px 0;padding-left:20px}.fb .row{border-top:1px solid rgba(128,128,128,.35);padding:8px 0}.fb .pill{border-radius:3px;padding:1px 6px;font-weight:700;background:#5f6b7a;color:#fff}.fb .severity-worst{background:#b0084d}.fb .severity-bad{background:#a82a0c}.fb .meta,.fb .took{opacity:.8}.fb .hidden{position:absolute;clip-path:inset(50%)}.fb .chip{border:1px solid rgba(128,128,128,.6);border-radius:3px;padding:0 5px}.fb .notice{border-left:4px solid #0972d3;padding:6px 10px;margin:6px 0;background:rgba(128,128,128,.12)}.fb .bad{border-color:#d91515}.fb .good{border-color:#037f0c}.fb .asks{border-color:#8d6605}.fb pre{white-space:pre-wrap;overflow-wrap:anywhere;max-height:320px;overflow:auto}.fb code{overflow-wrap:anywhere}.fb label{display:block;font-weight:700;margin-top:8px}.fb input,.fb select,.fb textarea{width:100%;max-width:480px;padding:4px}.fb .buttons{margin:10px 0;line-height:2.4}.fb .fault{color:#d91515;font-weight:700}`;

export interface Frame {
  content: Html | '';
  /** What was done by the button that was pressed. */
  done?: string | undefined;
  problem?: Rejected | undefined;
}

/** The frame of every view: what came of the button, and when this was drawn. */
export function frame({ now }: Drawing, { content, done, problem }: Frame): Html {
  return html`<style>${raw(STYLE)}</style><div class="fb">
    ${done === undefined ? '' : html`<p class="notice good" role="status"><strong>${done}</strong></p>`}
    ${problem ? problemNotice(problem) : ''}
    ${content}
    <p class="meta">As of ${moment(now)}; all times are in UTC.</p>
  </div>`;
}

/** What was wrong, naming each field and what was expected there. */
function problemNotice({ faults }: Rejected): Html {
  return html`<div class="notice bad" role="alert"><strong>That was not done.</strong>${faults.map(
    ({ field, expected, message }) =>
      html`<p>${message}.${field === '' ? '' : html` <span class="meta">Field ${field}: expected ${expected}.</span>`}</p>`,
  )}</div>`;
}

/** A way out of the widget, in a tab of its own. */
export const link = (href: string, title: string): Html => html`<a href="${href}" target="_blank" rel="noreferrer">${title}</a>`;
