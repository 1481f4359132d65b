import type { Incident } from '../incident/incident.ts';
import { climbName } from '../incident/ladder/machine.ts';
import { asError, log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * Starts the execution that climbs the incident's ladder as it stands now. Started before, it is the same one. Whoever has changed
 * the ladder calls it after that is written.
 *
 * Where Step Functions does not take it, whatever is due goes out from here: a page must not wait for another service.
 */
export async function startClimbing(around: Surroundings, incident: Incident): Promise<void> {
  const { id, ladder } = incident;
  if (!ladder || ladder.over) return;
  const { generation, attempt } = ladder;
  const name = climbName(id, ladder);
  try {
    await around.machines.start(around.names.escalationMachine, name, { incidentId: id, generation, attempt });
  } catch (error) {
    log.error(`the escalation ${name} could not be started: what is due is sent without it`, asError(error));
    const { climb } = await import('./climb.ts');
    await climb(around, id, name);
  }
}

/** One more look, now that the incident is over: it closes what was opened for it elsewhere. `watch` makes up for one that is lost. */
export async function lookOnceMore(around: Surroundings, { id, ladder }: Incident): Promise<void> {
  if (!ladder) return;
  const { generation } = ladder;
  const name = climbName(id, { generation, attempt: 0 });
  await around.machines.start(around.names.escalationMachine, name, { incidentId: id, generation, attempt: 0 });
}
