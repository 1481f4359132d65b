import { describe, expect, it } from 'vitest';
import { Conflict } from '../../../../functions/aws/table/items.ts';
import type { Store } from '../../../../functions/aws/table/store.ts';
import { at, T0 } from './records.ts';

/** Locks, breakers and modes: what keeps runs from each other, and from too much. */
export function controlsContract(storeOf: () => Store): void {
  describe('the lock of a system', () => {
    const lock = (system: string, holder: string, until = at(600)) => ({
      v: 1 as const,
      system,
      holder,
      incidentId: holder,
      until,
    });

    it('has one holder, however many try', async () => {
      const got = await Promise.all(Array.from({ length: 20 }, (_, n) => storeOf().controls.acquire(lock('one', `R${n}`), T0)));
      expect(got.filter(Boolean)).toHaveLength(1);
      expect((await storeOf().controls.lock('one'))?.holder).toBe(`R${got.indexOf(true)}`);
    });

    it('is kept longer by its holder, and let go by nobody else', async () => {
      await storeOf().controls.acquire(lock('two', 'A'), T0);
      expect(await storeOf().controls.acquire(lock('two', 'A', at(900)), at(10))).toBe(true);
      await storeOf().controls.release('two', 'B', at(11));
      expect(await storeOf().controls.lock('two')).toMatchObject({ holder: 'A', until: at(900) });
      await storeOf().controls.release('two', 'A', at(12));
      await storeOf().controls.release('two', 'A', at(12));
      expect(await storeOf().controls.lock('two')).toBeUndefined();
      const { freed } = await storeOf().controls.forGate('two/x', { system: 'two', verb: 'restart', resource: 'x' });
      expect(freed).toEqual({ by: 'A', at: at(12) });
      expect(await storeOf().controls.acquire(lock('two', 'B'), at(20))).toBe(true);
    });

    it("ends by itself when its holder is lost, and then is the next one's", async () => {
      await storeOf().controls.acquire(lock('three', 'A', at(60)), T0);
      expect(await storeOf().controls.acquire(lock('three', 'B'), at(59))).toBe(false);
      expect(await storeOf().controls.acquire(lock('three', 'B'), at(61))).toBe(true);
      await storeOf().controls.release('three', 'A', at(62));
      expect((await storeOf().controls.lock('three'))?.holder, 'the lost one comes back').toBe('B');
    });
  });

  describe('breakers', () => {
    const breaker = (resource: string) => ({ system: 'sira', verb: 'restart', resource });
    const seen = async (name: ReturnType<typeof breaker>) =>
      (await storeOf().controls.forGate('sira/application-down', name)).breaker;

    it('count an act once, however often it is tried', async () => {
      const name = breaker('host/once');
      await storeOf().controls.count(name, 'A', T0, undefined, []);
      const before = await seen(name);
      await storeOf().controls.count(name, 'A', at(1), before, before?.acts ?? []);
      expect((await seen(name))?.acts).toEqual([{ key: 'A', at: T0 }]);
    });

    it('let one of two through that saw the same', async () => {
      const name = breaker('host/race');
      const first = await Promise.allSettled(
        ['A', 'B', 'C'].map((one) => storeOf().controls.count(name, one, T0, undefined, [])),
      );
      expect(first.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const before = await seen(name);
      const kept = before?.acts ?? [];
      const next = await Promise.allSettled(['D', 'E'].map((one) => storeOf().controls.count(name, one, at(1), before, kept)));
      const lost = next.find((one) => one.status === 'rejected');
      expect(lost?.reason).toBeInstanceOf(Conflict);
      expect((await seen(name))?.acts).toHaveLength(2);
    });

    it('are read with modes and lock in one go, each where it belongs', async () => {
      const name = { system: 'four', verb: 'restart', resource: 'host/x' };
      const by = { name: 'Ada', kind: 'person' as const, verified: false };
      const mode = { v: 1 as const, scope: 'four', mode: 'ask' as const, until: null, reason: '', by, at: T0 };
      await storeOf().controls.setMode(mode);
      await storeOf().controls.acquire({ v: 1, system: 'four', holder: 'A', incidentId: 'A', until: at(9) }, T0);
      const storm = { ...mode, scope: 'storm:four', mode: 'observe' as const };
      await storeOf().controls.setMode(storm);
      const state = await storeOf().controls.forGate('four/x', name);
      expect(state).toMatchObject({ modes: [undefined, mode, undefined, storm], lock: { holder: 'A' }, breaker: undefined });
    });
  });
}
