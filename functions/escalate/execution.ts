import { storyOf } from '../aws-console.ts';
import type { Incident } from '../incident/incident.ts';
import { climbName } from '../incident/ladder/machine.ts';
import type { Surroundings } from '../surroundings.ts';

type Starting = Pick<Surroundings, 'machines' | 'names' | 'config'>;

/** Starts the execution that climbs an incident's ladder as it stands now. Started before, it is the same one. */
export async function startExecution(around: Starting, { id, ladder }: Incident): Promise<void> {
  if (!ladder || ladder.over) return;
  const { generation, attempt } = ladder;
  await around.machines.start(around.names.escalationMachine, climbName(id, ladder), {
    incidentId: id,
    generation,
    attempt,
    see: storyOf(around, id),
  });
}
