import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Conflict, Items } from '../../../../functions/aws/table/items.ts';
import type { Store } from '../../../../functions/aws/table/store.ts';
import { allClear, type Claim, lastFiring } from '../../../../functions/incident/claim.ts';
import { dedupKey } from '../../../../runbooks/language/signal.ts';
import { at, candidate, signal, T0 } from './records.ts';

/** Who has an alert: the part of the store's contract on which "one incident, however many alarms" rests. */
export function claimsContract(storeOf: () => Store): void {
  let last = 0;
  /** Signals of an alert that no other test speaks of. */
  const alert = () => {
    last += 1;
    const target = `host-${last}`;
    const say = (said: Parameters<typeof signal>[0] = {}) => signal({ target, ...said });
    const clear = (seconds: number, from = 'arn:one') =>
      storeOf().claims.clear(say({ from, status: 'cleared', eventAt: at(seconds) }));
    const fire = (seconds: number, mine = 'A', from = 'arn:one') =>
      storeOf().claims.fire(say({ from, eventAt: at(seconds) }), candidate(mine));
    return { say, fire, clear, key: dedupKey('sira', 'DiskSpaceLow', target), get: () => storeOf().claims.get(say().dedupKey) };
  };
  const held = (claim: Claim | undefined): Claim => {
    if (!claim) throw new Error('there is no claim');
    return claim;
  };

  describe('a claim', () => {
    it('has one winner of fifty, and counts them all', async () => {
      const { fire, get } = alert();
      const claims = await Promise.all(Array.from({ length: 50 }, (_, n) => fire(0, `MINE${n}`, `arn:${n % 3}`)));
      const winners = new Set(claims.map((claim) => claim?.incidentId));
      expect(winners.size).toBe(1);
      const claim = held(await get());
      expect(claim).toMatchObject({ state: 'opening', seen: 50, severity: 'P1', runbooks: ['sira/disk-space-low'] });
      expect(claim.sources.map(({ id }) => id).sort()).toEqual(['arn:0', 'arn:1', 'arn:2']);
    });

    it('counts repeats, and keeps what the first one claimed', async () => {
      const { fire, say, get } = alert();
      await fire(0);
      await storeOf().claims.fire(say({ eventAt: at(60) }), { ...candidate('B'), severity: 'P0', runbook: null, now: at(60) });
      expect(await get()).toMatchObject({ incidentId: 'A', severity: 'P1', seen: 2, openingSince: T0 });
      expect(lastFiring(held(await get()))).toBe(at(60));
    });

    it('counts a message once, however often the queue delivers it', async () => {
      const { say, fire, clear, get } = alert();
      const once = candidate('A');
      const delivered = (from = 'arn:one') => storeOf().claims.fire(say({ from, eventAt: at(60) }), once);
      await delivered();
      expect(await delivered()).toMatchObject({ incidentId: 'A', state: 'opening', seen: 1 });
      expect(await delivered('arn:two')).toMatchObject({ seen: 2 });
      expect(await fire(61)).toMatchObject({ seen: 3 });
      expect(await delivered()).toBeUndefined();
      await clear(70);
      await clear(70, 'arn:two');
      expect(await delivered()).toBeUndefined();
      expect(await get()).toMatchObject({ seen: 3, sources: [{ status: 'cleared' }, { status: 'cleared' }] });
    });

    it('takes a message again once its incident has let go of the key', async () => {
      const { say, get } = alert();
      const once = candidate('A');
      await storeOf().claims.fire(say(), once);
      await storeOf().claims.release(held(await get()), null);
      expect(await storeOf().claims.fire(say(), once)).toMatchObject({ incidentId: 'A', state: 'opening', seen: 1 });
    });

    it('is opening until its incident is there, then held; to say so twice, or too late, changes nothing', async () => {
      const { fire, key, get } = alert();
      const opening = async () => (await storeOf().claims.opening()).some(({ dedupKey: one }) => one === key);
      await fire(0);
      expect(await opening()).toBe(true);
      await storeOf().claims.opened(key, 'ANOTHER');
      expect(await opening()).toBe(true);
      await storeOf().claims.opened(key, 'A');
      await storeOf().claims.opened(key, 'A');
      expect(await opening()).toBe(false);
      expect((await storeOf().claims.held()).some(({ dedupKey: one }) => one === key)).toBe(true);
      await storeOf().claims.release(held(await get()), null);
      await storeOf().claims.opened(key, 'A');
      expect((await get())?.incidentId).toBeUndefined();
    });

    it('is clear only when every source is', async () => {
      const { fire, clear, get } = alert();
      await fire(0);
      await fire(1, 'A', 'arn:two');
      await clear(10);
      expect(allClear(held(await get()))).toBe(false);
      await clear(11, 'arn:two');
      expect(allClear(held(await get()))).toBe(true);
    });
  });

  describe('a clear that comes first', () => {
    it('leaves a tombstone that claims nothing, and the firing that it overtook changes nothing', async () => {
      const { fire, clear, get } = alert();
      expect((await clear(10))?.incidentId).toBeUndefined();
      expect(await fire(5)).toBeUndefined();
      expect(await get()).toMatchObject({ seen: 0, sources: [{ status: 'cleared', eventAt: at(10) }] });
      expect((await get())?.incidentId).toBeUndefined();
    });

    it('does not keep a newer firing, or one of another source, from opening', async () => {
      const { fire, clear } = alert();
      await clear(10);
      expect(await fire(5, 'A', 'arn:two')).toMatchObject({ incidentId: 'A' });
      expect(await fire(11, 'B')).toMatchObject({ incidentId: 'A', seen: 2 });
    });

    it('does not keep a firing out for ever: a monitor that fires again with its old start is heard', async () => {
      const { clear, say } = alert();
      await clear(10);
      const again = say({ eventAt: at(5), receivedAt: at(10 + 601) });
      expect(await storeOf().claims.fire(again, candidate('A'))).toMatchObject({ incidentId: 'A' });
    });
  });

  it('an older clear does not clear a newer firing', async () => {
    const { fire, clear, get } = alert();
    await fire(10);
    expect(await clear(5)).toBeUndefined();
    expect(allClear(held(await get()))).toBe(false);
  });

  it('no data is no recovery, and nothing where there is no incident', async () => {
    const { fire, say, get } = alert();
    const unknown = (seconds: number) => storeOf().claims.unknown(say({ status: 'unknown', eventAt: at(seconds) }));
    expect(await unknown(0)).toBeUndefined();
    expect(await get()).toBeUndefined();
    await fire(1);
    expect(await unknown(2)).toMatchObject({ incidentId: 'A', seen: 1, sources: [{ status: 'unknown' }] });
    expect(allClear(held(await get()))).toBe(false);
  });

  describe('letting go', () => {
    it('leaves a tombstone of what each source said, and the next firing opens another', async () => {
      const { fire, clear, get } = alert();
      await fire(0);
      await clear(10);
      await storeOf().claims.release(held(await get()), null);
      expect(await fire(5)).toBeUndefined();
      expect(await fire(20, 'B')).toMatchObject({ incidentId: 'B', seen: 1, state: 'opening' });
    });

    it('conflicts with a signal that came since, which would be lost otherwise', async () => {
      const { fire, clear, get } = alert();
      await fire(0);
      await clear(10);
      const read = held(await get());
      await fire(20);
      await expect(storeOf().claims.release(read, null)).rejects.toBeInstanceOf(Conflict);
      expect(await get()).toMatchObject({ incidentId: 'A', seen: 2 });
    });

    it('of one that was asked at its source clears it as of then', async () => {
      const { fire, clear, get } = alert();
      await fire(0);
      await fire(0, 'A', 'arn:two');
      await clear(10, 'arn:two');
      await storeOf().claims.release(held(await get()), at(60));
      const after = held(await get());
      expect(allClear(after)).toBe(true);
      expect(after.sources.map(({ id, eventAt }) => [id, eventAt]).sort()).toEqual([
        ['arn:one', at(60)],
        ['arn:two', at(10)],
      ]);
      expect(await fire(30), 'older than that').toBeUndefined();
      expect(await fire(61, 'B')).toMatchObject({ incidentId: 'B' });
    });
  });

  describe('many sources', () => {
    const long = (n: number) => `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${'sira-DiskSpaceLow-'.repeat(20)}${n}`;

    it('beyond fifty are one that no clear clears, until the claim is let go', async () => {
      const { fire, clear, get } = alert();
      for (let n = 0; n < 60; n += 1)
        expect(await fire(n, `MINE${n}`, long(n))).toMatchObject({ incidentId: 'MINE0', seen: n + 1 });
      expect(await fire(0, 'B', long(59)), 'no order among them').toMatchObject({ seen: 61 });
      const full = held(await get());
      expect(full.sources).toHaveLength(51);
      expect(full.sources.map(({ id }) => id)).toEqual(expect.arrayContaining([long(0), long(49), 'overflow']));
      for (let n = 0; n < 60; n += 1) expect(await clear(100, long(n))).toMatchObject({ incidentId: 'MINE0' });
      expect(held(await get()).sources.filter(({ status }) => status === 'firing')).toMatchObject([{ id: 'overflow' }]);
      await storeOf().claims.release(held(await get()), at(200));
      expect(held(await get()).sources).toHaveLength(50);
      expect(allClear(held(await get()))).toBe(true);
      expect(await fire(300, 'C', long(70))).toMatchObject({ incidentId: 'C', seen: 1 });
    });

    it('that have been clear for more than a day are forgotten with the incident', async () => {
      const { fire, clear, get } = alert();
      const day = 86_400;
      await fire(0, 'A', 'arn:old');
      await clear(10, 'arn:old');
      await fire(20, 'A', 'arn:quiet');
      await fire(day, 'A', 'arn:new');
      await clear(day + 20, 'arn:new');
      await storeOf().claims.release(held(await get()), null);
      expect(
        held(await get())
          .sources.map(({ id }) => id)
          .sort(),
      ).toEqual(['arn:new', 'arn:quiet']);
    });

    it('of which a known one repeats cost one write', async () => {
      const { fire } = alert();
      await fire(0);
      await fire(1, 'A', 'arn:two');
      const get = vi.spyOn(Items.prototype, 'get');
      const update = vi.spyOn(Items.prototype, 'update');
      onTestFinished(() => void vi.restoreAllMocks());
      await fire(2, 'A', 'arn:two');
      expect([get.mock.calls.length, update.mock.calls.length]).toEqual([0, 1]);
    });
  });

  describe('raising', () => {
    it('lets one of two through that saw the same', async () => {
      const { fire, get } = alert();
      const claim = held(await fire(0));
      const both = await Promise.allSettled([
        storeOf().claims.raise(claim, 'P0', claim.runbooks),
        storeOf().claims.raise(claim, 'P1', [...claim.runbooks, 'sira/another']),
      ]);
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(both.find((one) => one.status === 'rejected')?.reason).toBeInstanceOf(Conflict);
      expect((await get())?.severity === 'P0').toBe(both[0]?.status === 'fulfilled');
    });

    it('does not reach an incident that is over', async () => {
      const { fire, get } = alert();
      const claim = held(await fire(0));
      await storeOf().claims.release(held(await get()), T0);
      await expect(storeOf().claims.raise(claim, 'P0', [])).rejects.toBeInstanceOf(Conflict);
    });
  });
}
