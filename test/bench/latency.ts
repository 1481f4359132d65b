import * as z from 'zod';
import { resolve } from '../../functions/console/commands/resolve.ts';
import { names } from '../../runbooks/language/names.ts';
import diskSpaceLow from '../../runbooks/sira/disk-space-low.ts';
import { type Percentiles, percentiles } from './percentiles.ts';
import type { Call } from './recorder.ts';
import { atRest, stopRuns } from './rest.ts';
import { type SkippingClock, skippingClock } from './skipping-clock.ts';
import { onStage, type Stage } from './stage.ts';

const ALARM = 'sira-DiskSpaceLow';
/** Enough for every cached answer, every window of the breaker and every lease to be over when the next alarm comes. */
const BETWEEN_ALARMS_MS = 2 * 3_600_000;
/** What Systems Manager answers: which command it took, and when it reached it, to the millisecond. */
const Sent = z.object({ output: z.object({ Command: z.object({ DocumentName: z.string(), RequestedDateTime: z.date() }) }) });

/**
 * From the moment an alarm changes its state until the first command that looks has reached Systems Manager, in
 * milliseconds. The system is well: what is found then does not matter.
 */
export function alarmToFirstLook(alarms: number): Promise<Percentiles> {
  return measured(alarms, () => true);
}

/** From the alarm until the first command that changes something: the whole diagnosis and the gate are in between. */
export function alarmToFirstAct(alarms: number): Promise<Percentiles> {
  const acts = diskSpaceLow.acts.map(({ command }) => names().document(command.name));
  return measured(alarms, (document) => acts.includes(document), 'disk-full-logs');
}

async function measured(alarms: number, wanted: (document: string) => boolean, fault?: string): Promise<Percentiles> {
  const clock = skippingClock();
  const isWanted = (call: Call) => wanted(sent(call)?.DocumentName ?? '') && sent(call) !== undefined;
  return onStage(clock, async (stage) => {
    const took: number[] = [];
    for (let made = 0; made < alarms; made += 1) {
      if (fault) stage.simulation.switchOn(fault);
      const first = stage.recorded.next(isWanted);
      const raisedAt = clock.now().getTime();
      stage.alarm(ALARM, 'ALARM');
      took.push((sent(await first)?.RequestedDateTime.getTime() ?? Number.NaN) - raisedAt);
      if (fault) stage.simulation.switchOff(fault);
      await over(stage, clock);
    }
    return percentiles(took);
  });
}

function sent({ service, operation, answer }: Call) {
  return service === 'ssm' && operation === 'SendCommand' ? Sent.safeParse(answer).data?.output.Command : undefined;
}

/** Ends the run and its incident, so that the next alarm finds the house as the first one found it: warm, and at rest. */
async function over(stage: Stage, clock: SkippingClock): Promise<void> {
  await stopRuns(stage);
  stage.alarm(ALARM, 'OK');
  await stage.recorded.next(({ service, operation }) => service === 'dynamodb' && operation === 'UpdateItem');
  await atRest(stage);
  await stage.watch();
  await resolve(stage.around)((await stage.openIncident()).id, { by: 'benchmark' });
  stage.recorded.forget();
  clock.skip(BETWEEN_ALARMS_MS);
}
