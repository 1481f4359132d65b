import { sayImpact } from '../../runbooks/language/impact.ts';
import { IMPACT_LOOK } from '../../runbooks/language/impact-look.ts';
import { automation } from '../incident/actor.ts';
import { after, between, iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { asError, log } from '../log.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { measure } from './executors/impact.ts';
import { OUTSIDE } from './look.ts';

/** It is filed where the looks of a run would be: an incident that no runbook answers to has none. */
const PLACE = { run: 0, pass: 1, step: IMPACT_LOOK.key, host: OUTSIDE, title: IMPACT_LOOK.title };

/**
 * Measures what users feel of an incident that no runbook answers to, before its page goes out. A runbook has it among its own looks.
 * It stops nothing: a page without it is better than none. Repeated, it measures nothing again.
 */
export async function assessWithoutRun(around: Surroundings, { id, system }: Pick<Incident, 'id' | 'system'>): Promise<void> {
  const { impact } = systemOf(around, system);
  if (!impact) return;
  try {
    if ((await around.store.steps.looks(id, PLACE.run, PLACE.pass, PLACE.step)).length > 0) return;
    const startedAt = iso(around.clock.now());
    const facts = await measure(around, impact(around.config.settingsOf(system)));
    const endedAt = iso(around.clock.now());
    const [says, evidence] = [sayImpact(facts), null];
    const common = { v: 1 as const, ...PLACE };
    const key = `${PLACE.run}-${PLACE.pass}-${PLACE.step}-${PLACE.host}`;
    await around.store.steps.finishLooks(
      id,
      [
        {
          ...common,
          status: 'done',
          startedAt,
          deadline: after(startedAt, 30_000),
          commandId: null,
          facts,
          endedAt,
          says,
          evidence,
        },
      ],
      [],
      [
        {
          ...common,
          type: 'looked',
          at: endedAt,
          key,
          by: automation,
          ok: true,
          tookMs: between(startedAt, endedAt),
          says,
          evidence,
        },
      ],
    );
  } catch (error) {
    log.warn('the impact could not be assessed', asError(error));
  }
}
