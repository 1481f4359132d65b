import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from 'vitest';
import { declare } from '../../../functions/console/commands/declare.ts';
import { resolve } from '../../../functions/console/commands/resolve.ts';
import type { Whole } from '../../local/whole.ts';
import { passed, stage } from './replaying.ts';

/** Who is due within a quarter of an hour. */
const PAGED = ['oncall', 'lead'];

/** One death: at which call of the ladder's looks, from 1, and whether the call was made. */
interface Death {
  at: number;
  when: 'before' | 'after';
}

interface Mortal {
  system: Whole;
  /** What the looks called since it was last asked, in their order: `sns Publish`. */
  calls: string[];
  plan(death: Death | undefined): void;
}

/** The responder, where the function that looks at a ladder can be made to die at any of its calls. */
async function mortal(): Promise<Mortal> {
  const looks = new AsyncLocalStorage<{ die(): void }>();
  const calls: string[] = [];
  let planned: Death | undefined;
  const system = await stage({
    at: '2026-11-04T10:00:00Z',
    watcher: async (service, operation, call) => {
      const current = looks.getStore();
      if (!current) return call();
      calls.push(`${service} ${operation}`);
      const mine = calls.length;
      const dead = () => {
        current.die();
        return new Promise<never>(() => {});
      };
      if (planned?.at === mine && planned.when === 'before') return dead();
      const answer = await call();
      return planned?.at === mine && planned.when === 'after' ? dead() : answer;
    },
    invocation: (call, of) => {
      if (of !== 'firebreak-escalate') return call();
      const { promise, reject } = Promise.withResolvers<never>();
      const die = () => reject(Object.assign(new Error('the runtime has ended'), { name: 'Runtime.ExitError' }));
      return Promise.race([looks.run({ die }, call), promise]);
    },
  });
  return {
    system,
    calls,
    plan: (death) => {
      calls.length = 0;
      planned = death;
    },
  };
}

/** A P0 of which nobody hears for a quarter of an hour. @returns what reached each of those who are due by then, and what the looks called */
async function play(
  { system, plan, calls }: Mortal,
  death: Death | undefined,
  n: number,
): Promise<{ came: Map<string, { contact: string; message: string }[]>; sequence: string[] }> {
  plan(death);
  const before = system.aws.inbox().length;
  const given = { by: 'Ada', system: 'sira', severity: 'P0', title: `Broken ${n}` };
  const { id } = await system.clock.during(declare(system.around)(given, `crash-${n}`));
  await passed(system, 17);
  const inbox = system.aws.inbox().slice(before);
  const records = await system.around.store.people.pages(id);
  expect(records.filter(({ by, sentAt }) => by === 'page' && sentAt)).toHaveLength(2);
  const sequence = [...calls];
  await system.clock.during(resolve(system.around)(id, { by: 'Grace' }));
  // Until what waited for its next rung has looked, and ended.
  await passed(system, 20);
  const came = Map.groupBy(
    inbox
      .filter(({ message, role }) => message.includes(`Broken ${n}`) && PAGED.includes(role ?? ''))
      .map(({ contact, message }) => ({ contact, message })),
    ({ contact }) => contact,
  );
  return { came, sequence };
}

it('a look that dies before or after any of its calls leaves no due page unsent, and sends one twice only where it died between the two', async () => {
  const crashing = await mortal();
  const { came: clean, sequence } = await play(crashing, undefined, 0);
  expect([...clean.keys()].sort()).toEqual(['lead@example.com', 'oncall@example.com']);
  expect(sequence.filter((call) => call === 'sns Publish')).toHaveLength(2);
  let n = 0;
  for (const [index, call] of sequence.entries())
    for (const when of ['before', 'after'] as const) {
      n += 1;
      const { came, sequence: now } = await play(crashing, { at: index + 1, when }, n);
      const where = `died ${when} call ${index + 1}, ${call}, of ${now.slice(0, index + 3).join(', ')}`;
      expect([...came.keys()].sort(), where).toEqual(['lead@example.com', 'oncall@example.com']);
      const twice = [...came.values()].filter((messages) => messages.length > 1);
      // Between the send and its record: after the one, before the other.
      const between =
        (call === 'sns Publish' && when === 'after') || (sequence[index - 1] === 'sns Publish' && when === 'before');
      expect(twice.length, where).toBe(between ? 1 : 0);
      for (const messages of twice) expect(JSON.stringify(messages.at(-1)), where).toContain('(This may be a repeat.)');
    }
}, 900_000);
