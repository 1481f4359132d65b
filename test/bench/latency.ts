import * as z from 'zod';
import { names } from '../../runbooks/language/names.ts';
import diskSpaceLow from '../../runbooks/sira/disk-space-low.ts';
import { type Percentiles, percentiles } from './percentiles.ts';
import type { Call } from './recorder.ts';
import { endIncident } from './rest.ts';
import { skippingClock } from './skipping-clock.ts';
import { onStage } from './stage.ts';

const ALARM = 'sira-DiskSpaceLow';
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
      await endIncident(stage, clock, ALARM);
    }
    return percentiles(took);
  });
}

function sent({ service, operation, answer }: Call) {
  return service === 'ssm' && operation === 'SendCommand' ? Sent.safeParse(answer).data?.output.Command : undefined;
}
