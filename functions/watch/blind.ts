import type { Standing } from '../aws/alarms.ts';
import type { Configuration } from '../configuration.ts';
import { sendPage } from '../escalate/send-page.ts';
import type { SourceState } from '../incident/claim.ts';
import { between, iso } from '../incident/clock.ts';
import { idFrom } from '../incident/ids.ts';
import type { Incident } from '../incident/incident.ts';
import { BLIND } from '../incident/rungs.ts';
import { heldByMaintenance } from '../intake/maintained.ts';
import { systemOf } from '../surroundings.ts';
import { type Blindness, blindPage } from './blind-page.ts';
import type { Round } from './round.ts';

/** For so long an alarm may be without data before somebody hears of it: a host that restarts is silent for less. */
const PATIENCE_MS = 5 * 60_000;

/**
 * An alarm without data looks like one that has nothing to say. While its incident is open that is no recovery: nobody sees any
 * more how the service is, and the first responder hears of it. Once for each time that the alarm went blind, which CloudWatch
 * itself remembers; nothing has to be written down to know since when.
 */
export async function blindAlarms({ around, mended, each, unreadable }: Round, open: readonly Incident[]): Promise<void> {
  const { store, alarms, config, clock } = around;
  const claims = [...(await store.claims.held(unreadable)), ...(await store.claims.opening(unreadable))];
  const watched = open.flatMap((incident) => {
    const sources = claims.flatMap((claim) => (claim.incidentId === incident.id ? claim.sources : []));
    return [...new Set(sources.flatMap((source) => alarmHere(source, config)))].map((alarm) => ({ incident, alarm }));
  });
  if (watched.length === 0) return;
  const standing = await alarms.standing([...new Set(watched.map(({ alarm }) => alarm))]);
  await each(
    watched,
    ({ incident, alarm }) => `the alarm ${alarm} of ${incident.id}`,
    async ({ incident, alarm }) => {
      const blindness = blindnessOf(standing.get(alarm), iso(clock.now()));
      // While it is worked on, an alarm without data is no news; one that is blind still afterwards is told of then.
      if (!blindness || (await heldByMaintenance(around, incident)) !== null) return;
      const system = systemOf(around, incident.system);
      const about = idFrom(alarm, blindness.how, blindness.since ?? '');
      const place = { generation: 0, rung: BLIND, role: system.firstResponder, about };
      const text = blindPage(around, incident, system, alarm, blindness);
      if (await sendPage(around, incident, place, text)) mended.push(`paged for ${incident.id}: ${alarm} says nothing any more`);
    },
  );
}

/** The alarm of a source, if it is one that can be asked: one of another account or region is asked by nobody here. */
function alarmHere({ id, alarmName }: SourceState, { account, region }: Pick<Configuration, 'account' | 'region'>): string[] {
  const place = id.split(':');
  return alarmName && place.includes(account) && place.includes(region) ? [alarmName] : [];
}

function blindnessOf(standing: Standing | undefined, now: string): Blindness | undefined {
  if (!standing) return { how: 'gone', since: null };
  const { state, since } = standing;
  if (state !== 'INSUFFICIENT_DATA' || (since !== null && between(since, now) < PATIENCE_MS)) return undefined;
  return { how: 'no-data', since };
}
