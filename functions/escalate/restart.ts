import { storyOf } from '../aws-console.ts';
import type { Incident } from '../incident/incident.ts';
import { climbName } from '../incident/ladder/machine.ts';
import { asError, log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';
import { startExecution } from './execution.ts';

/**
 * Has an incident's ladder climbed as it stands now. Whoever has changed the ladder calls it after that is written; called again it
 * does nothing more.
 *
 * Where Step Functions does not take it, whatever is due goes out from here: a page must not wait for another service.
 */
export async function startClimbing(around: Surroundings, incident: Incident): Promise<void> {
  const { id, ladder } = incident;
  if (!ladder || ladder.over) return;
  try {
    await startExecution(around, incident);
  } catch (error) {
    const name = climbName(id, ladder);
    log.error(`the escalation ${name} could not be started: what is due is sent without it`, asError(error));
    const { climb } = await import('./climb.ts');
    await climb(around, id, name);
  }
}

/**
 * One look at once, beside whatever climbs the ladder: at what a person has done, which those who were paged elsewhere must hear of.
 * Whoever calls it has done their part: should Step Functions not take it, it is looked at from here, and should that fail, it is logged.
 *
 * @param why tells the looks of one generation apart
 */
export async function lookNow(around: Surroundings, { id, ladder }: Incident, why: 'acknowledged' | 'over'): Promise<void> {
  if (!ladder) return;
  const of = { generation: ladder.generation, attempt: 0 };
  const name = `${id}-${of.generation}.${why}`;
  try {
    await around.machines.start(around.names.escalationMachine, name, { incidentId: id, ...of, see: storyOf(around, id) });
  } catch (error) {
    log.error(`the look ${name} could not be started`, asError(error));
    const { climb } = await import('./climb.ts');
    await climb(around, id, name, of).catch((second: unknown) => log.error(`nor made from here: ${name}`, asError(second)));
  }
}
