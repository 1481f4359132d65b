import { AsyncLocalStorage } from 'node:async_hooks';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whole } from '../local/whole.ts';
import { countedRunbook } from './counted-runbook.ts';

interface Crash {
  /** Which call of the run, from 1; 0 for none. */
  at: number;
  when: 'before' | 'after';
}

/** Plays the counted runbook, with a function that dies at one of its calls, and tells what came of it. */
async function play(fails: boolean, crash: Crash) {
  let calls = 0;
  const invocation = new AsyncLocalStorage<{ die(): void }>();
  const system = await whole({
    registry: { systems: [countedRunbook(fails).system], runbooks: [countedRunbook(fails)] },
    monitoring: false,
    // A process that dies neither returns nor throws: the call never comes back, and Lambda says that the runtime has ended.
    watcher: async (_service, _operation, call) => {
      calls += 1;
      const mine = calls;
      const dead = () => {
        invocation.getStore()?.die();
        return new Promise<never>(() => {});
      };
      if (mine === crash.at && crash.when === 'before') return dead();
      const answer = await call();
      return mine === crash.at ? dead() : answer;
    },
    invocation: async (call) => {
      const { promise, reject } = Promise.withResolvers<never>();
      const die = () => reject(Object.assign(new Error('the runtime has ended'), { name: 'Runtime.ExitError' }));
      return Promise.race([invocation.run({ die }, call), promise]);
    },
  });
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  const clearLater = async () => {
    await system.clock.sleep(120_000);
    system.alarm('sira-DiskSpaceLow', 'OK');
  };
  void clearLater();
  await system.until(() => system.quiet());
  await system.clock.during(system.watch());
  const root = join(system.dataDir, 'simulation', 'hosts', 'sira-prod-1', 'root', 'srv', 'sira');
  const files = (folder: string) => {
    try {
      return readdirSync(join(root, folder)).length;
    } catch {
      return 0;
    }
  };
  const incident = await system.incident();
  const came = {
    calls,
    acts: files('acts'),
    undone: files('undone'),
    status: incident.status,
    automation: incident.automation,
    pages: (await system.around.store.people.pages(incident.id)).filter((page) => page.sentAt).length,
    lock: await system.around.store.controls.lock('sira'),
    debts: await system.around.store.steps.debts(),
  };
  await system.close();
  return came;
}

describe.each([
  { fails: false, name: 'a run that resolves' },
  { fails: true, name: 'a run that undoes and pages' },
])('$name', ({ fails }) => {
  it('does everything once, whichever call a function dies at', async () => {
    const clean = await play(fails, { at: 0, when: 'before' });
    expect(clean).toMatchObject(
      fails ? { acts: 1, undone: 1, automation: 'escalated', pages: 1 } : { acts: 1, undone: 0, status: 'resolved', pages: 0 },
    );
    for (let at = 1; at <= clean.calls; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const came = await play(fails, { at, when }).catch((e: Error) => { throw new Error(`${when} call ${at}: ${e.message}`); });
        const where = `${when} call ${at}`;
        expect(came.acts, where).toBeLessThanOrEqual(1);
        expect(came.undone, where).toBeLessThanOrEqual(1);
        expect(came.status === 'resolved' || came.automation === 'escalated', where).toBe(true);
        expect(came.automation === 'escalated' ? came.pages : 1, where).toBeGreaterThanOrEqual(1);
        expect(came.lock, where).toBeUndefined();
        expect(came.debts, where).toEqual([]);
      }
    }
  });
});
