import { html } from 'hono/html';
import { type Occasion, type RunbookRecord, SHOWN } from '../read/record.ts';
import type { RunbookView } from '../views/runbook.ts';
import type { Html } from './layout.ts';
import { nameField, severityPill, time } from './parts.ts';
import { cut, Room } from './room.ts';

const ROOM = 35_000;
const NAME = 200;
const SAYS = 1_000;

const ENDED: Record<NonNullable<Occasion['ended']>, string> = {
  resolved: 'resolved by it',
  looked: 'only looked',
  rehearsed: 'rehearsed',
  escalated: 'handed to a person',
  interrupted: 'interrupted',
};

/** What the runbook did in its latest runs and what it would have done, and, where it only looks, the form that promotes it. */
export function recordSection(runbook: RunbookView, record: RunbookRecord, name: string): Html {
  const { shown, left } = new Room(ROOM).fit(record.occasions, line);
  return html`<section aria-labelledby="record"><h2 id="record">What it has done</h2>
    <p>${helped(record)}</p>
    <p class="meta">${summary(record)}</p>
    <ul class="modes">${shown}</ul>
    ${left > 0 ? html`<p class="more">${left} more of its latest runs are left out here: <a href="/api/runbooks/${runbook.id}">all of them as JSON</a></p>` : ''}
    ${runbook.mode === 'observe' && runbook.acts.length > 0 ? promotion(runbook, record, name) : ''}
  </section>`;
}

/** How often it has spared people the work: of the runs that ended, those after which nobody was needed. */
export function helped({ resolved, escalated }: Pick<RunbookRecord, 'resolved' | 'escalated'>): string {
  const of = resolved + escalated;
  return of === 0
    ? 'No run of it has ended yet that could have helped.'
    : `It helped ${resolved} of ${of} times: nobody else was needed.`;
}

/** In a sentence, for whoever decides what it may do. */
export function summary({ runs, since, resolved, escalated, heldBack }: Omit<RunbookRecord, 'occasions'>): string {
  if (runs === 0 || since === null) return 'it has not run yet.';
  const times = runs === 1 ? 'one run' : `${runs} runs`;
  return `${times} since ${since.slice(0, 10)}: ${resolved} resolved by it, ${escalated} handed to a person. In ${heldBack} of the last ${Math.min(runs, SHOWN)} it would have acted, and was held back.`;
}

function line({ incident, title, severity, target, at, ended, rehearsal, did, wouldHave, resolved }: Occasion): Html {
  return html`<li>${severityPill(severity)} <a href="/incidents/${incident}">${cut(title, NAME)}${target ? ` on ${cut(target, NAME)}` : ''}</a>
    <span class="meta">${time(at)} · ${ended ? ENDED[ended] : 'under way'}${rehearsal ? ' · rehearsal' : ''}</span>
    ${did.length > 0 ? html`<p>Did: ${cut(did.join(', '), SAYS)}</p>` : ''}
    ${wouldHave.length > 0 ? html`<p>Would have done: ${cut(wouldHave.join(', '), SAYS)}</p>` : ''}
    ${resolved ? html`<p class="meta">The incident ended ${time(resolved.at)}, by ${resolved.by}: ${cut(resolved.how, NAME)}</p>` : ''}</li>`;
}

/** Nobody reads twenty runs and then looks for the switch on another page. */
function promotion({ id }: RunbookView, record: RunbookRecord, name: string): Html {
  return html`<form class="card form" method="post" action="/automation">
    <h3>Promote it</h3>
    <p>${record.heldBack === 0 ? 'Nothing is known of what it would have done: rehearse it first.' : 'What stands above is written down with it.'}</p>
    <input type="hidden" name="scope" value="${id}"><input type="hidden" name="minutes" value="">
    <label for="promote-reason">Reason</label><input id="promote-reason" name="reason" required maxlength="1000">
    ${nameField('promote-by', name)}
    <p class="buttons"><button name="mode" value="ask">Let it ask before each act</button>
      <button class="primary" name="mode" value="auto">Let it act by itself</button></p>
  </form>`;
}
