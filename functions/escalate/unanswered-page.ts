import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import type { Page } from '../incident/records.ts';
import { UNANSWERED } from '../incident/rungs.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { commandsFor, whereIs } from './link.ts';
import { headOf } from './page.ts';
import type { Climbing } from './standing.ts';
import { block, cut, firstLines, firstOf } from './wording.ts';

/** To the operators, once a generation: who was paged, when, and that nobody has it. */
export function unansweredPage(around: Surroundings, incident: Incident, { ladder }: Climbing, pages: readonly Page[]): Page {
  const head = headOf(incident, systemOf(around, incident.system));
  const generation = incident.ladder?.generation ?? 1;
  const mine = pages.filter((page) => page.generation === generation && page.rungs.length > 0);
  const sent = mine.filter(({ by }) => by !== 'nobody');
  const why = sent.length > 0 ? 'Everybody was paged, and nobody has it' : 'Nobody is on call in any of its roles';
  const message = [
    ...firstLines(head, why, `Please find somebody: ${whereIs(around, incident.id)}`),
    '',
    block('Why you', [
      `${why}. The ladder for ${incident.severity} was climbed ${ladder.again.times + 1} times, and pages nobody any more.`,
    ]),
    block(
      'Who was asked',
      mine.map(({ sentAt, role, contact, by }) => {
        const at = sentAt ? `${sentAt.slice(0, 16).replace('T', ' ')} UTC` : 'not sent';
        return `${at} ${by === 'nobody' ? `${role}: nobody is on call` : `${contact?.name ?? 'the team'} (${role})`}`;
      }),
    ),
    block('What comes next', [
      'Nothing, until somebody acknowledges or resolves it, or raises it: that pages everybody once more.',
      ...commandsFor(around, incident.id),
    ]),
  ]
    .filter((part) => part !== null)
    .join('\n');
  return {
    v: 1,
    generation,
    rung: UNANSWERED,
    role: 'operators',
    rungs: [],
    round: 0,
    by: 'page',
    contact: null,
    dueAt: iso(around.clock.now()),
    sentAt: null,
    sending: null,
    subject: cut(`Nobody answered: ${head}`, 99),
    message,
    short: firstOf(message),
    ticket: null,
  };
}
