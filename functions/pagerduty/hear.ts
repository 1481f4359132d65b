import { acknowledge } from '../console/commands/acknowledge.ts';
import { resolve } from '../console/commands/resolve.ts';
import { Rejected } from '../console/rejected.ts';
import { tellBegan } from '../escalate/climb.ts';
import { startClimbing } from '../escalate/restart.ts';
import { tellAll } from '../events/announce.ts';
import type { Actor } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { beginGeneration } from '../incident/ladder/generation.ts';
import { printable } from '../printable.ts';
import type { Surroundings } from '../surroundings.ts';
import { heardId, ofDedupKey } from './alert.ts';
import type { WebhookEvent } from './webhook-event.ts';

/** What begins the name of whoever acts there. */
export const THERE = 'PagerDuty: ';
const LONGEST_NAME = 150;

/**
 * Does here what a person did in PagerDuty: they have it, or it is over. What happens there by itself (an automatic resolution, an
 * event of an integration, our own among them) does nothing here: only a person's word counts. The one exception is the end of an
 * acknowledgement, which makes more people hear of it, and not fewer.
 *
 * An event of an older climb of the ladder says nothing of this one. One that was heard before does nothing again, and is marked as
 * heard after it was acted on: whoever dies in between is told again, and finds it done.
 *
 * @returns what became of it, for the answer and the log
 */
export async function hear(around: Surroundings, event: WebhookEvent): Promise<string> {
  const command = COMMANDS[event.event_type];
  const ended = event.event_type === 'incident.unacknowledged';
  if (!command && !ended) return 'nothing to do for an event of this type';
  const of = ofDedupKey(event.data.incident_key ?? '');
  const incident = of && (await around.store.incidents.get(of.incidentId));
  if (!of || !incident) return 'no incident of ours';
  if (of.generation !== (incident.ladder?.generation ?? 1)) return 'of an older climb of the ladder';
  if (!command) return nobodyHasIt(around, incident);
  const by = personOf(event);
  if (!by) return 'nobody did it';
  const id = heardId(event.id);
  if (await around.store.people.wasHeard(incident.id, id)) return 'heard before';
  const status = await command(around, incident, by);
  await around.store.people.heard(incident.id, id, iso(around.clock.now()));
  return status;
}

type Hearing = (around: Surroundings, incident: Incident, by: Actor) => Promise<string>;

const COMMANDS: Readonly<Record<string, Hearing>> = {
  'incident.acknowledged': (around, { id, status, acknowledgedBy }, by) =>
    // Who has it already keeps it. Their own event once more is an attempt that did not live to tell all of it.
    status === 'open' || (status === 'acknowledged' && acknowledgedBy?.name === by.name)
      ? done(acknowledge(around)(id, {}, by))
      : Promise.resolve('acknowledged or over already'),
  'incident.resolved': (around, { id }, by) => done(resolve(around)(id, { reason: 'Resolved in PagerDuty' }, by)),
};

/**
 * An acknowledgement that was given there has ended there: nobody has it any more here either, whoever or whatever ended it. One that
 * was given here holds for its own time.
 */
async function nobodyHasIt(around: Surroundings, { id, acknowledgedBy }: Incident): Promise<string> {
  const mine = (one: Incident) => one.status === 'acknowledged' && one.acknowledgedBy.name.startsWith(THERE);
  const at = iso(around.clock.now());
  const why = `The acknowledgement of ${acknowledgedBy?.name ?? 'somebody'} has ended there, and it is not resolved`;
  let ended = false;
  const after = await around.store.incidents.change(id, (one) => {
    ended = mine(one);
    return ended ? beginGeneration(one, at, why) : undefined;
  });
  if (!ended) return 'not acknowledged there';
  await tellBegan(around, after);
  const by = { name: 'PagerDuty', kind: 'monitoring' as const, verified: true };
  const key = `acknowledgement-ended-${after.ladder?.generation ?? 1}`;
  await tellAll(around, after, { v: 1, type: 'acknowledgement-ended', at, key, by, why });
  await startClimbing(around, after);
  return 'done';
}

/** Another may have been faster: what they have done stands, and PagerDuty need not try again. */
async function done(command: Promise<unknown>): Promise<string> {
  try {
    await command;
    return 'done';
  } catch (error) {
    if (error instanceof Rejected) return error.message;
    throw error;
  }
}

function personOf({ agent }: WebhookEvent): Actor | undefined {
  if (agent?.type !== 'user_reference') return undefined;
  const name = printable(agent.summary ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_NAME);
  return { name: `${THERE}${name || 'somebody'}`, kind: 'person', verified: true };
}
