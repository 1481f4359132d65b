import { html } from 'hono/html';
import type { Html } from '../console/pages/layout.ts';
import { severityPill, statusChips, time } from '../console/pages/parts.ts';
import { incidentView } from '../console/views/incident.ts';
import { moment, took } from '../console/views/moment.ts';
import { oneLine } from '../escalate/wording.ts';
import type { Incident } from '../incident/incident.ts';
import type { Approval } from '../incident/records.ts';
import { askedOf, isMine, type Moot, type Standing, whoHasIt } from './standing.ts';
import { wordsFor } from './words.ts';

/** What stands around every page, and what a page must know beside the incident. */
export interface Frame {
  /** The system's title. */
  system: string;
  /** The role's title. */
  role: string;
  /** Where the console shows the incident, if there is one. */
  console: string | undefined;
  /** ISO time. */
  now: string;
}

/** What the incident is, what is asked, and the one button; where there is nothing left to do, why. */
export function asks(standing: Standing, moot: Moot | undefined, frame: Frame): Html {
  const { link, incident, approval } = standing;
  const words = wordsFor(askedOf(link.action));
  return page(
    `${incident.severity} ${oneLine(incident.title)}`,
    html`${about(standing, frame)}
      ${approval && !moot ? question(approval) : ''}
      ${
        moot
          ? html`<p class="notice asks" role="status">${moot.says}</p>`
          : html`<form class="card form" method="post">
              <p>${words.does}</p>
              <p class="buttons"><button class="${words.tone}">${words.button}</button></p>
              <p class="meta">This link is yours alone, ${oneLine(link.contact)}: it works once, until ${moment(link.until)}. Opening it has changed nothing.</p>
            </form>`
      }
      ${toTheConsole(frame)}`,
  );
}

/** What is so now that the button was pressed. */
export function done(standing: Standing, frame: Frame): Html {
  const { link, incident } = standing;
  const { acknowledgedBy } = incident;
  const somebodyElse = link.action === 'acknowledge' && acknowledgedBy && !isMine(acknowledgedBy.name, link);
  const now = somebodyElse ? whoHasIt(incident, link) : wordsFor(askedOf(link.action)).done;
  return page(
    'Done',
    html`<div class="notice good" role="status"><strong>Done.</strong> <p>${now}</p></div>
    ${about(standing, frame)}${toTheConsole(frame)}`,
  );
}

/** Nothing was changed, because somebody or something was first. */
export function late(standing: Standing, says: string, frame: Frame): Html {
  return page(
    'Nothing was changed',
    html`<div class="notice asks" role="alert"><strong>This changed nothing.</strong> <p>${says}</p></div>
    ${about(standing, frame)}${toTheConsole(frame)}`,
  );
}

/** Two came by one link at once, or somebody died over it. Says nothing of the incident, which the other answer shows. */
export const busy = (): Html =>
  page(
    'Under way',
    html`<h1>It is under way</h1>
    <p class="lead">Somebody pressed this button a moment ago, and it has not come to its end. Open the link again in a minute: if it was done, the link does not work any more; if it was not, the button is there again.</p>`,
  );

/** The same for every link that does nothing, whatever is wrong with it. */
export const refused = (): Html =>
  page(
    'This link does nothing',
    html`<h1>This link does nothing</h1>
    <p class="lead">It did nothing now. It may have been used before, its time may be over, or it did not come whole.</p>
    <p class="lead">If you pressed its button twice, the first time counted. Otherwise take a link of the newest message about the incident: it says what else you can do, too.</p>`,
  );

/** Nothing is known, so nothing is said but what to do instead. */
export const outage = (): Html =>
  page(
    'This did not work',
    html`<h1>This did not work</h1>
    <p class="lead">Firebreak could not do this now, and does not know more. The link still works: open it again in a minute, and it shows what is so.</p>
    <p class="lead">Do not wait for it if it is urgent. Use the console or the commands at the end of the message that you came from, or call whoever is named there as next.</p>`,
  );

function about({ link, incident, approval }: Standing, { system, role, now }: Frame): Html {
  const pair = (title: string, value: Html | string) => html`<div><dt>${title}</dt><dd>${value}</dd></div>`;
  return html`<h1>${oneLine(incident.title)}</h1>
    <div class="chips head">${severityPill(incident.severity)} ${statusChips(incidentView(incident, undefined))}</div>
    <dl class="facts card">
      ${pair('System', oneLine(incident.target ? `${system}, ${incident.target}` : system))}
      ${pair('Since', html`${time(incident.openedAt)} (${lasted(incident, now)})`)}
      ${pair('Who has it', whoHasIt(incident, link))}
      ${pair('You are', link.contact === role ? role : `${oneLine(link.contact)}, ${role}`)}
      ${approval ? pair('Asked at', time(approval.askedAt)) : ''}
    </dl>`;
}

function question({ question: text, items, until, notBy }: Approval): Html {
  return html`<section class="card ask" aria-label="The question">
    <h3>${oneLine(text)}</h3>
    ${items.length > 0 ? html`<p>This would go:</p><ul class="items">${items.map((item) => html`<li><code>${oneLine(item)}</code></li>`)}</ul>` : ''}
    ${notBy === null ? '' : html`<p>Somebody else than ${oneLine(notBy)} must say yes: they started it.</p>`}
    <p class="meta">Answer by ${moment(until)}. Silence is a no.</p>
  </section>`;
}

const lasted = ({ openedAt, resolvedAt }: Incident, now: string) => took(openedAt, resolvedAt ?? now);

const toTheConsole = ({ console }: Frame): Html | '' =>
  console === undefined ? '' : html`<p class="meta"><a href="${console}" rel="noreferrer">The incident in the console</a></p>`;

/** No script, nothing inline, and nothing of another site. The files lie beside `/l/`, wherever that is. */
function page(title: string, content: Html): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex, nofollow">
    <title>${title} · Firebreak</title>
    <link rel="icon" href="../assets/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="../assets/console.css">
  </head>
  <body class="link">
    <header class="top"><span class="brand"><img src="../assets/icon.svg" alt="" width="24" height="24">Firebreak</span></header>
    <main id="main">${content}</main>
  </body>
</html>`;
}
