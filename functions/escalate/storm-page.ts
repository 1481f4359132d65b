import type { System } from '../../runbooks/language/system.ts';
import { automation } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { STORMY } from '../incident/rungs.ts';
import { STORM, worstFirst } from '../incident/storm.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { type Place, whereIs } from './link.ts';
import { type PageText, sendPage } from './send-page.ts';
import { block, cut, firstLines, oneLine } from './wording.ts';

/**
 * One page that lists incidents which came together, sent to the first responder; then each is marked as listed, and its timeline
 * says so. Repeated after a crash it says that it may be a repeat.
 *
 * @param since when the storm began
 * @param incidents at least one; the page is filed under the worst, which goes on with its ladder for all of them
 */
export async function pageOfStorm(around: Surroundings, since: string, incidents: readonly Incident[]): Promise<void> {
  const [first] = incidents;
  if (!first) return;
  const system = systemOf(around, first.system);
  const [host = first] = incidents.toSorted(worstFirst(system.severities));
  const text = stormPage(around, system, incidents, host.id);
  const role = system.firstResponder;
  await sendPage(around, host, { generation: 0, rung: STORMY, role, about: since }, text);
  const at = iso(around.clock.now());
  for (const { id } of incidents) {
    await around.store.incidents.change(id, (one) => ({ ...one, storm: { since, listed: true } }));
    if (id === host.id) continue;
    const told = { type: 'page-sent' as const, role, subject: text.subject, again: false };
    await around.store.incidents.tell(id, { v: 1, at, key: `storm-${since}`, by: automation, ...told });
  }
}

/**
 * What stands on it: how bad the worst is, how many there are, and each with where it is found.
 * @param host the incident that goes on with its ladder
 */
export function stormPage(
  place: Place,
  { title }: Pick<System, 'title'>,
  incidents: readonly Incident[],
  host: string,
): PageText {
  const worst = incidents.map(({ severity }) => severity).sort()[0] ?? '';
  const head = `${worst} ${title}: ${incidents.length} incident${incidents.length === 1 ? '' : 's'} at once`;
  return {
    subject: cut(`${head}, automation only looks`, 99),
    message: [
      ...firstLines(head, 'automation only looks now', `Please take them: ${whereIs(place, host)}`),
      '',
      block(
        'What there is',
        incidents.map((one) => {
          const target = one.target ? ` on ${one.target}` : '';
          return oneLine(`${one.openedAt.slice(11, 16)} UTC ${one.severity} ${one.title}${target}: ${whereIs(place, one.id)}`);
        }),
      ),
      block('Why one page', [
        `More than ${STORM.more} incidents of ${title} within five minutes have one cause that no runbook sees: look for what they share (network, host, deployment) before you mend any of them.`,
        `They page nobody each for itself; only one that is worse than these does. ${host} goes on for all of them until somebody has it.`,
      ]),
      block('What comes next', [
        `Every runbook of ${title} only looks, until an hour after the last incident or until somebody lifts it (Automation, storm).`,
        'Each incident says what its runbook found and would have done.',
      ]),
    ]
      .filter((part) => part !== null)
      .join('\n'),
  };
}
