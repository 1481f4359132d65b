import { AsyncLocalStorage } from 'node:async_hooks';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { resolve } from '../../functions/console/commands/resolve.ts';
import { dedupKey } from '../../runbooks/language/signal.ts';
import { type Whole, whole } from '../local/whole.ts';
import { countedRunbook } from './counted-runbook.ts';
import { pass } from './watching.ts';

const KEY = dedupKey('sira', 'DiskSpaceLow', 'sira-prod-1');

/** At which call of the run a function dies, from 1, and whether it has made the call. */
type Deaths = Map<number, 'before' | 'after'>;

/** A responder in which a function can be made to die at one of its calls. */
async function mortal(fails: boolean): Promise<{ system: Whole; deaths: Deaths; calls(): number }> {
  const deaths: Deaths = new Map();
  let calls = 0;
  const invocation = new AsyncLocalStorage<{ die(): void }>();
  const runbook = countedRunbook(fails);
  const system = await whole({
    registry: { systems: [runbook.system], runbooks: [runbook] },
    monitoring: false,
    // A process that dies neither returns nor throws: its call never comes back, and Lambda says that the runtime has ended.
    watcher: async (_service, _operation, call) => {
      const current = invocation.getStore();
      if (!current) return call();
      calls += 1;
      const mine = calls;
      const dead = () => {
        current.die();
        return new Promise<never>(() => {});
      };
      if (deaths.get(mine) === 'before') return dead();
      const answer = await call();
      return deaths.get(mine) === 'after' ? dead() : answer;
    },
    invocation: (call) => {
      const { promise, reject } = Promise.withResolvers<never>();
      const die = () => reject(Object.assign(new Error('the runtime has ended'), { name: 'Runtime.ExitError' }));
      return Promise.race([invocation.run({ die }, call), promise]);
    },
  });
  return { system, deaths, calls: () => calls };
}

/** From the alarm to the end, and one round of the auditor; then all is as before it, two hours later. */
async function play({ system, deaths, calls }: Awaited<ReturnType<typeof mortal>>, planned: Deaths) {
  const begun = calls();
  deaths.clear();
  for (const [at, when] of planned) deaths.set(begun + at, when);
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  void system.clock.sleep(45_000).then(() => system.alarm('sira-DiskSpaceLow', 'OK'));
  let id = '';
  await system.until(async () => {
    id ||= (await system.around.store.claims.get(KEY))?.incidentId ?? '';
    return id !== '' && system.runs().some(({ name, status }) => name.startsWith(id) && status !== 'RUNNING');
  });
  // The ladder is climbed by an execution of its own, whose tries after a death have their waits.
  await pass(system, 60_000);
  await system.clock.during(system.watch());
  const incident = await system.around.store.incidents.get(id);
  if (!incident) throw new Error('the incident is lost');
  const root = join(system.dataDir, 'simulation', 'hosts', 'sira-prod-1', 'root', 'srv', 'sira');
  const files = (folder: string) => readdirSync(root).includes(folder) && readdirSync(join(root, folder));
  const came = {
    calls: calls() - begun,
    acts: (files('acts') || []).length,
    undone: (files('undone') || []).length,
    status: incident.status,
    automation: incident.automation,
    pages: (await system.around.store.people.pages(incident.id)).filter((page) => page.sentAt).length,
    lock: await system.around.store.controls.lock('sira'),
    debts: await system.around.store.steps.debts(),
  };
  deaths.clear();
  for (const folder of ['acts', 'undone']) rmSync(join(root, folder), { recursive: true, force: true });
  await letGo(system, id);
  return came;
}

/** A person closes what came to one, and so long goes by that the breaker forgets, and what fires next is an incident of its own. */
async function letGo(system: Whole, id: string): Promise<void> {
  await system.clock.during(resolve(system.around)(id, { by: 'Ada', reason: 'the test goes on' }).catch(() => undefined));
  await pass(system, 7_200_000);
}

/**
 * The run again and again, with eight deaths in each: four before a call, four after one, an eighth of the run apart. So each call
 * of the run is met both ways, and what one death left is still there when the next comes.
 *
 * @param fails whether the run's act fails after it has changed something
 * @param clean what comes of it when nobody dies
 */
export async function crashEverywhere(fails: boolean, clean: object): Promise<void> {
  const system = await mortal(fails);
  const undisturbed = await play(system, new Map());
  expect(undisturbed).toMatchObject(clean);
  const { calls } = undisturbed;
  expect(calls).toBeGreaterThan(40);
  const eighth = Math.ceil(calls / 8);
  for (let at = 1; at <= 2 * eighth; at += 1) {
    const whens = ['before', 'after', 'before', 'after', 'before', 'after', 'before', 'after'] as const;
    const deaths: Deaths = new Map(whens.map((when, turn) => [((at + turn * eighth - 1) % (8 * eighth)) + 1, when]));
    const came = await play(system, deaths);
    const where = `${JSON.stringify([...deaths])}: ${JSON.stringify(came)}`;
    expect(came.acts, where).toBeLessThanOrEqual(1);
    expect(came.undone, where).toBeLessThanOrEqual(1);
    expect(came.status === 'resolved' || (came.automation === 'escalated' && came.pages >= 1), where).toBe(true);
    expect(came.lock, where).toBeUndefined();
    expect(came.debts, where).toEqual([]);
  }
}
