import { type Role, titleOf } from '../../runbooks/language/system.ts';
import { moment, soon, took } from '../console/views/moment.ts';
import { between } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import type { TimelineEvent } from '../incident/timeline.ts';
import type { Moments } from './moments.ts';
import { QUICK_MS, sentence } from './words.ts';

/**
 * What the records know of why nobody was alerted sooner: how long the way was from the fault to the alarm, from there to us, and from
 * there to a person. A sentence each; empty where each was quick.
 */
export function notSooner(
  { origin, signal, openedAt, openedBy }: Incident,
  events: readonly TimelineEvent[],
  { downFrom, detectedAt }: Moments,
  roles: readonly Role[],
): string[] {
  const late = between(downFrom, detectedAt);
  const way = signal ? between(signal.eventAt, openedAt) : 0;
  const [paged] = events.filter((event) => event.type === 'page-sent' && !event.notice);
  const untilPaged = paged ? between(openedAt, paged.at) : 0;
  const raised = events.filter((event) => event.type === 'severity-raised');
  const absent = events.filter((event) => event.type === 'nobody-on-call');
  const held = events.filter((event) => event.type === 'held-back');
  return [
    ...(origin === 'declared' ? [`No alarm said it: ${openedBy.name} declared it at ${moment(openedAt)}`] : []),
    ...(late >= QUICK_MS ? [`Users felt it ${took(downFrom, detectedAt)} before the first alarm`] : []),
    ...(signal
      ? [
          `The alarm fired at ${soon(signal.eventAt)} and was here ${way < 1_000 ? 'at once' : `after ${took(signal.eventAt, openedAt)}`}`,
        ]
      : []),
    ...raised.map(({ at, from, to }) => `It was taken for ${from} until ${soon(at)}, and for ${to} from then on`),
    ...(paged && untilPaged >= QUICK_MS ? [`The first person was paged ${took(openedAt, paged.at)} after it was opened`] : []),
    ...(paged || events.some(({ type }) => type === 'ticket-written') ? [] : ['No person was paged']),
    ...absent.map(({ role }) => `Nobody was on call as ${titleOf(roles, role)}`),
    ...held.map(({ until }) => `Pages were held back until ${soon(until)}: the system was in maintenance`),
  ].map(sentence);
}
