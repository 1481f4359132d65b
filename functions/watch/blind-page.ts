import type { System } from '../../runbooks/language/system.ts';
import { commandsFor, type Place, whereIs } from '../escalate/link.ts';
import { headOf } from '../escalate/page.ts';
import type { PageText } from '../escalate/send-page.ts';
import { block, cut, firstLines, oneLine } from '../escalate/wording.ts';
import type { Incident } from '../incident/incident.ts';

/** How an alarm came to say nothing any more, and since when: ISO 8601 in UTC, `null` where nobody knows. */
export interface Blindness {
  how: 'no-data' | 'gone';
  since: string | null;
}

/** Only then a name goes into a line that is pasted into a shell. */
const HARMLESS = /^[\w.:/-]+$/;

/** Says that the monitoring is blind, and not that the service is well. */
export function blindPage(
  place: Place,
  incident: Incident,
  system: Pick<System, 'title'>,
  alarm: string,
  { how, since }: Blindness,
): PageText {
  const head = headOf(incident, system);
  const name = cut(oneLine(alarm), 100);
  const when = since ? ` since ${since.slice(11, 16)} UTC` : '';
  const short = how === 'gone' ? 'Its alarm was deleted' : `Its alarm has had no data${when}`;
  const why =
    how === 'gone'
      ? `The alarm ${name} does not exist any more: it was deleted or renamed while its incident is open.`
      : `The alarm ${name} has had no data${when}: what it measures has stopped sending it.`;
  const look = `aws cloudwatch describe-alarms --region ${place.config.region} --alarm-names ${alarm}`;
  return {
    subject: cut(`${oneLine(`${incident.severity} ${system.title}`)}: monitoring is blind: ${oneLine(incident.title)}`, 99),
    message: [
      ...firstLines(head, short, `Please look: ${whereIs(place, incident.id)}`),
      '',
      block('Why you', [why, 'That is no recovery: nobody sees any more whether the service is well. Please look yourself.']),
      block('What comes next', [
        'The incident stays open. It does not close by itself while the alarm says nothing: resolve it when you have seen that all is well.',
        ...commandsFor(place, incident.id),
      ]),
      block('By hand', HARMLESS.test(alarm) ? [look] : []),
    ]
      .filter((part) => part !== null)
      .join('\n'),
  };
}
