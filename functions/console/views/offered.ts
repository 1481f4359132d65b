import { isAtWork, isLive } from '../../incident/incident.ts';
import type { IncidentView } from './incident.ts';

/** What one button does to an incident, in the order in which the buttons stand. */
const BUTTONS = ['acknowledge', 'take-over', 'stop', 'run-again', 'escalate-now', 'resolve', 'close'] as const;
export type Button = (typeof BUTTONS)[number];

type Offered = Pick<IncidentView, 'status' | 'automation' | 'stop' | 'runbook' | 'run' | 'ladder'>;

/** Which commands make sense for an incident as it is now: the console and the dashboard offer the same. */
export function offered(incident: Offered): Button[] {
  const { status, automation, stop, runbook, run, ladder } = incident;
  const live = isLive(incident);
  const makesSense: Readonly<Record<Button, boolean>> = {
    acknowledge: status === 'open',
    'take-over': live && automation !== 'taken-over',
    stop: live && isAtWork(incident) && !stop,
    'run-again': live && !isAtWork(incident) && (runbook !== null || run > 0),
    'escalate-now': live && ladder !== null && !ladder.over,
    resolve: live,
    // While somebody may still be paged it is no time to put it away.
    close: live ? Boolean(ladder?.over) : status === 'resolved',
  };
  return BUTTONS.filter((one) => makesSense[one]);
}
