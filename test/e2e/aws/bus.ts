import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Place } from './place.ts';
import { WHERE } from './place.ts';
import type { stateChange } from './signals.ts';

const Rule = z.object({ State: z.string(), EventPattern: z.string() });
const Tested = z.object({ Result: z.boolean() });
const Targets = z.object({ Targets: z.array(z.object({ Arn: z.string() })) });
const Put = z.object({ FailedEntryCount: z.number() });
/** The source of the events that set off the stand-in. */
const STAND_IN = 'firebreak.drill';

/** The deployed rule for alarms, and a stand-in for CloudWatch, which says nothing on the emulator's bus. */
export interface Bus {
  /** What the emulator thinks of the deployed rule and an event. */
  ruleTakes(event: object): Promise<boolean>;
  /** Whether it is on, and leads to the signals' queue and nowhere else. */
  ruleLeadsToQueue(): Promise<boolean>;
  /** Brings an event to the signals' queue through the bus, word for word, by a rule of its own. */
  send(event: ReturnType<typeof stateChange>): Promise<void>;
}

export function busOf({ cli: { aws }, names }: Pick<Place, 'cli' | 'names'>): Bus {
  const queue = `arn:aws:sqs:${WHERE.region}:${WHERE.account}:${names.signalsQueue}`;
  const deployed = async () => Rule.parse(await aws('events', 'describe-rule', '--name', names.signalsTopic));
  return {
    ruleTakes: async (event) => {
      const { EventPattern } = await deployed();
      const asked = ['--event-pattern', EventPattern, '--event', JSON.stringify(event)];
      return Tested.parse(await aws('events', 'test-event-pattern', ...asked)).Result;
    },
    ruleLeadsToQueue: async () => {
      const { State } = await deployed();
      const { Targets: targets } = Targets.parse(await aws('events', 'list-targets-by-rule', '--rule', names.signalsTopic));
      return (
        State === 'ENABLED' &&
        isDeepStrictEqual(
          targets.map(({ Arn }) => Arn),
          [queue],
        )
      );
    },
    send: async (event) => {
      const pattern = JSON.stringify({ source: [STAND_IN] });
      await aws('events', 'put-rule', '--name', 'stand-in', '--event-pattern', pattern);
      const targets = JSON.stringify([{ Id: 'queue', Arn: queue, Input: JSON.stringify(event) }]);
      await aws('events', 'put-targets', '--rule', 'stand-in', '--targets', targets);
      const entry = { Source: STAND_IN, DetailType: 'an alarm', Detail: '{}' };
      const { FailedEntryCount } = Put.parse(await aws('events', 'put-events', '--entries', JSON.stringify([entry])));
      if (FailedEntryCount > 0) throw new Error('the bus took no event');
    },
  };
}
