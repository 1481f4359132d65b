import { absent } from '../console/rejected.ts';
import type { Approval } from '../incident/records.ts';
import type { Surroundings } from '../surroundings.ts';

export interface Question {
  approval: Approval;
  /** How safe the act is; nothing where its runbook or its act is registered no more. */
  safety: string | undefined;
}

/**
 * A question to a person, with how safe what it asks for is: the runbook says that, and no record repeats it.
 * @param address as `approvalAddress` makes it
 * @throws {Rejected} 404 when there is no such question
 */
export async function question({ store, runbooks }: Surroundings, address: string): Promise<Question> {
  const [incidentId = '', approvalId = '', ...more] = address.split('.');
  const found =
    incidentId === '' || more.length > 0
      ? undefined
      : (await store.people.approvals(incidentId)).find(({ id }) => id === approvalId);
  if (!found) throw absent('approval', '<incident id>.<approval id>', `there is no question ${address.slice(0, 160)}`);
  const incident = await store.incidents.get(incidentId);
  const runbook = runbooks.find(({ id }) => id === incident?.runs[String(found.run)]?.runbook);
  return { approval: found, safety: runbook?.acts.find(({ key }) => key === found.step)?.safety };
}

/**
 * Why a yes can't be given on the dashboard, which knows no one's name; nothing where it can. What nobody can tell the safety of is
 * taken for the worst. A no can be given by anybody: it lets nothing happen.
 */
export function onlyElsewhere({ approval, safety }: Question): string | undefined {
  if (safety === undefined) return 'Its runbook has changed, so that nobody can tell here what may be lost by it.';
  if (safety === 'destructive') return 'It can lose something that someone may want back, and nobody tells a widget who you are.';
  return approval.notBy ? 'Somebody else than whoever started the run must say it, and a name proves nothing here.' : undefined;
}
