import { Conflict } from '../aws/table/items.ts';
import { acknowledge } from '../console/commands/acknowledge.ts';
import { answer } from '../console/commands/answer.ts';
import { escalateNow } from '../console/commands/escalate-now.ts';
import type { IncidentCommand } from '../console/commands/given.ts';
import { resolve } from '../console/commands/resolve.ts';
import { stop } from '../console/commands/stop.ts';
import { takeOver } from '../console/commands/take-over.ts';
import { Rejected } from '../console/rejected.ts';
import type { Actor } from '../incident/actor.ts';
import { after, iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { approvalAddress, type IncidentAction, type LinkRecord } from '../incident/records.ts';
import { asError, log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';
import { askedOf, type Moot, moot, type Standing } from './standing.ts';
import { linkOf } from './token.ts';

/** Longer than Lambda lets the function run: who holds a link for so long is lost. */
const HOLD_MS = 40_000;

const COMMANDS: Readonly<Record<IncidentAction, IncidentCommand<Incident>>> = {
  acknowledge,
  'take-over': takeOver,
  'escalate-now': escalateNow,
  resolve,
  stop,
};

/** What became of it. `late` changed nothing, and says why; `busy` means that somebody acts by the same link at this moment. */
export type Pressed =
  | { came: 'refused' }
  | { came: 'busy' }
  | { came: 'done'; standing: Standing }
  | { came: 'late'; standing: Standing; says: string };

/** What a link is about. @returns nothing for one that does nothing, whatever is wrong with it */
export async function standingOf(around: Surroundings, token: string): Promise<Standing | undefined> {
  const link = await linkOf(around, token);
  return link && aboutIt(around, link);
}

/**
 * Does what a link is for, in the name of the person whose link it is.
 *
 * The link is held, then the act is done, then the link is used up. Of two who come at once one acts. Who dies in between leaves a
 * link that works again when the hold is over; the act is one that can be repeated, so what is done already is not done twice, and
 * what is not done is not lost. An outage leaves the link as it was.
 *
 * @param attempt tells one press from another
 * @throws whatever kept it from being done: the link can be used again
 */
export async function press(around: Surroundings, token: string, attempt: string): Promise<Pressed> {
  const link = await linkOf(around, token);
  if (!link) return { came: 'refused' };
  if (!(await held(around, link, attempt))) return (await linkOf(around, token)) ? { came: 'busy' } : { came: 'refused' };
  try {
    const pressed = await act(around, link);
    await usedUp(around, link, attempt, pressed);
    return pressed.outcome;
  } catch (error) {
    await around.store.links
      .letGo(link.hash, attempt)
      .catch((second: unknown) => log.error('a link stays held', asError(second)));
    throw error;
  }
}

async function held({ store, clock }: Surroundings, { hash }: LinkRecord, attempt: string): Promise<boolean> {
  const now = iso(clock.now());
  try {
    await store.links.hold(hash, attempt, now, after(now, HOLD_MS));
    return true;
  } catch (error) {
    if (error instanceof Conflict) return false;
    throw error;
  }
}

interface Acted {
  outcome: Pressed;
  /** Whether there is nothing left that the link could do. */
  over: boolean;
}

async function act(around: Surroundings, link: LinkRecord): Promise<Acted> {
  const before = await aboutIt(around, link);
  if (!before) return { outcome: { came: 'refused' }, over: true };
  const late = moot(before, iso(around.clock.now()));
  if (late) return tooLate(before, late);
  try {
    await carryOut(around, link);
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    // Something came in between: what that was is read anew, and its own words stand where that tells nothing.
    const now = (await aboutIt(around, link)) ?? before;
    return tooLate(now, moot(now, iso(around.clock.now())) ?? { says: `${error.message}.`, forGood: false });
  }
  const standing = (await aboutIt(around, link)) ?? before;
  return { outcome: { came: 'done', standing }, over: true };
}

const tooLate = (standing: Standing, { says, forGood }: Moot): Acted => ({
  outcome: { came: 'late', standing, says },
  over: forGood,
});

async function carryOut(around: Surroundings, { action, contact, incidentId }: LinkRecord): Promise<void> {
  const by: Actor = { name: contact, kind: 'person', verified: true };
  const asked = askedOf(action);
  if (asked.question === undefined) await COMMANDS[asked.kind](around)(incidentId, {}, by);
  else await answer(around)(approvalAddress({ incidentId, id: asked.question }), { decision: asked.kind }, by);
}

/** What was done stays done, and is told as done, also where the link could not be used up: it ends with its hold, and then changes nothing. */
async function usedUp(around: Surroundings, { hash }: LinkRecord, attempt: string, { outcome, over }: Acted): Promise<void> {
  try {
    if (over) await around.store.links.use(hash, attempt, iso(around.clock.now()));
    else await around.store.links.letGo(hash, attempt);
  } catch (error) {
    log.error(`a link was ${outcome.came}, and could not be marked so`, asError(error));
  }
}

async function aboutIt(around: Surroundings, link: LinkRecord): Promise<Standing | undefined> {
  const incident = await around.store.incidents.get(link.incidentId);
  if (!incident) return undefined;
  const { question } = askedOf(link.action);
  if (question === undefined) return { link, incident, approval: undefined };
  const approvals = await around.store.people.approvals(link.incidentId);
  return { link, incident, approval: approvals.find(({ id }) => id === question) };
}
