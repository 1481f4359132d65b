import { html } from 'hono/html';
import { NIGHT } from '../../incident/night.ts';
import type { Html } from './layout.ts';

/** What each figure means, on the page that shows it: `docs/numbers.md` says the same at more length. */
export function whatCounts(): Html {
  return html`<section aria-labelledby="what-counts">
    <h2 id="what-counts">What is counted</h2>
    <dl class="what-counts">
      <dt>Incidents</dt>
      <dd>Those that were opened in the window, by an alarm or by a person who declared one, each once however often its alarm spoke. A run by hand counts once it has done more than look, a scheduled one once it was handed to a person. Not counted: rehearsals, runs by hand that only looked, and alarms that were put aside for a maintenance, which open none.</dd>
      <dt>Not over yet, over</dt>
      <dd>As they are now. What is not over yet is in no share and in no MTTR.</dd>
      <dt>Resolved without a person</dt>
      <dd>Automation resolved it, and nobody had it, approved, ran or rated anything; nor was anything handed over. Who was paged meanwhile counts as a page. One that has come back is a failure of the automation, and not among these. The share is of those that are over; one that ended less than a day ago may still come back.</dd>
      <dt>Came back within 24 hours</dt>
      <dd>It was over, and the same alert on the same target was opened again, or opened another incident, within 24 hours. It counts with the one that had ended, whoever had resolved it.</dd>
      <dt>Acknowledged, MTTA</dt>
      <dd>From its opening until a person first said that they have it; of one that had been opened again by then, from that moment. Only incidents that somebody has acknowledged are in it.</dd>
      <dt>MTTR</dt>
      <dd>From its opening until it was over; for one that was opened again, until its last end.</dd>
      <dt>Pages</dt>
      <dd>Each page to a person about one of these incidents, by whichever ways they have; several in one mail are several. Notices, tickets, questions for an approval, and pages to an address that nobody has confirmed are none. Night is from ${NIGHT.from} until ${NIGHT.to} on the clock of the system (its <code>businessHours.timeZone</code>), on every day of the week.</dd>
    </dl>
  </section>`;
}
