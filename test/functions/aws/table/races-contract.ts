import { describe, expect, it } from 'vitest';
import { Conflict } from '../../../../functions/aws/table/items.ts';
import type { Store } from '../../../../functions/aws/table/store.ts';
import { dedupKey } from '../../../../runbooks/language/signal.ts';
import { approval, at, candidate, page, signal, startedAct, T0 } from './records.ts';

const ada = { name: 'Ada', kind: 'person' as const, verified: false };

/** What may happen at the same moment, and what must be true whichever came first. */
export function racesContract(storeOf: () => Store): void {
  let last = 0;
  const id = () => `RACE${String(++last).padStart(4, '0')}`;
  /** The same order at every run, and none that anybody would have chosen. */
  const shuffled = <T>(all: readonly T[]) =>
    all
      .map((one, n) => ({ one, place: (n * 37) % 61 }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ one }) => one);

  describe('at the same moment', () => {
    it('signals out of order leave each source as it said last', async () => {
      const target = id();
      const said = Array.from({ length: 12 }, (_, seconds) => ['a', 'b', 'c', 'd'].map((source) => ({ seconds, source }))).flat();
      // Even seconds fire, odd ones clear: all that fires is late for the clear that follows it.
      await Promise.all(
        shuffled(said).map(({ seconds, source }) =>
          seconds % 2 === 0
            ? storeOf().claims.fire(signal({ target, from: source, eventAt: at(seconds) }), candidate(`${source}${seconds}`))
            : storeOf().claims.clear(signal({ target, from: source, eventAt: at(seconds), status: 'cleared' })),
        ),
      );
      const claim = await storeOf().claims.get(dedupKey('sira', 'DiskSpaceLow', target));
      expect(claim?.sources.map(({ id: source, status, eventAt }) => [source, status, eventAt]).sort()).toEqual(
        ['a', 'b', 'c', 'd'].map((source) => [source, 'cleared', at(11)]),
      );
    });

    it('letting go of a claim and firings: they are counted for the incident that it had, or they open one', async () => {
      for (let round = 0; round < 8; round += 1) {
        const target = id();
        const fire = (seconds: number, mine: string) =>
          storeOf().claims.fire(signal({ target, eventAt: at(seconds), from: `arn:${mine}` }), candidate(mine));
        const old = await fire(0, 'OLD');
        if (!old) throw new Error('the first firing claims');
        const letGo = () =>
          storeOf()
            .claims.release(old, at(5))
            .then(
              () => true,
              () => false,
            );
        const early = round % 2 === 0 ? letGo() : undefined;
        const firings = Promise.all(Array.from({ length: 5 }, (_, n) => fire(10, `NEW${n}`)));
        const released = await (early ?? letGo());
        const ids = new Set((await firings).map((claim) => claim?.incidentId));
        const after = await storeOf().claims.get(dedupKey('sira', 'DiskSpaceLow', target));
        expect(ids.size).toBe(1);
        expect(ids.has('OLD')).toBe(!released);
        expect(after).toMatchObject({ incidentId: [...ids][0], seen: released ? 5 : 6 });
      }
    });

    it("a lost holder's lock has one new holder, and its own that comes back is one of those who try", async () => {
      for (let round = 0; round < 5; round += 1) {
        const system = id();
        const lock = (holder: string, until = at(600)) => ({ v: 1 as const, system, holder, incidentId: holder, until });
        await storeOf().controls.acquire(lock('LOST', at(60)), T0);
        const all = Array.from({ length: 20 }, (_, n) => `R${n}`);
        all.splice(round * 4, 0, 'LOST');
        const got = await Promise.all(all.map((holder) => storeOf().controls.acquire(lock(holder), at(61))));
        expect(got.filter(Boolean)).toHaveLength(1);
        expect((await storeOf().controls.lock(system))?.holder).toBe(all[got.indexOf(true)]);
      }
    });

    it('letting go of a lock and taking it leaves it with one who took it, or with nobody', async () => {
      const system = id();
      const lock = (holder: string) => ({ v: 1 as const, system, holder, incidentId: holder, until: at(600) });
      await storeOf().controls.acquire(lock('A'), T0);
      const takers = Array.from({ length: 10 }, (_, n) => `R${n}`);
      const [, ...got] = await Promise.all([
        storeOf().controls.release(system, 'A', at(1)),
        ...takers.map((taker) => storeOf().controls.acquire(lock(taker), at(1))),
      ]);
      expect(got.filter(Boolean).length).toBeLessThanOrEqual(1);
      expect((await storeOf().controls.lock(system))?.holder).toBe(takers[got.indexOf(true)]);
    });

    it('acts on one resource are all counted by its breaker, once each', async () => {
      const name = { system: 'sira', verb: 'restart', resource: `host/${id()}` };
      const breaker = async () => (await storeOf().controls.forGate('sira/application-down', name)).breaker;
      /** As the gate does: it looks again whenever another act was counted meanwhile. */
      const count = async (act: string): Promise<void> => {
        const seen = await breaker();
        try {
          await storeOf().controls.count(name, act, T0, seen, seen?.acts ?? []);
        } catch (error) {
          if (!(error instanceof Conflict)) throw error;
          await count(act);
        }
      };
      const acts = Array.from({ length: 12 }, (_, n) => `ACT${n}`);
      await Promise.all([...acts, ...acts.slice(0, 4)].map(count));
      expect((await breaker())?.acts.map(({ key }) => key).sort()).toEqual(acts.toSorted());
      expect((await breaker())?.revision).toBe(12);
    });

    it('an answer and its time running out: one of them is the decision', async () => {
      for (let round = 0; round < 6; round += 1) {
        const one = id();
        await storeOf().people.ask(approval(one));
        const decide = (decision: 'approved' | 'denied') =>
          storeOf().people.decide(one, '1-remove-abc', decision, ada, 'why', at(10));
        const [expired, ...answers] = await Promise.allSettled([
          storeOf().people.expire(approval(one), at(1_800)),
          decide('approved'),
          decide('denied'),
        ]);
        const silent = expired?.status === 'fulfilled' && expired.value === true;
        const answered = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.decision] : []));
        expect(answered).toHaveLength(silent ? 0 : 1);
        expect(await storeOf().people.approvals(one)).toMatchObject([{ decision: silent ? 'expired' : answered[0] }]);
      }
    });

    it('a question asked again while it is answered keeps the answer, and has the new token', async () => {
      const one = id();
      await storeOf().people.ask(approval(one, { token: 'first' }));
      await Promise.all([
        ...Array.from({ length: 5 }, () => storeOf().people.ask(approval(one, { token: 'second', question: 'Another?' }))),
        storeOf().people.decide(one, '1-remove-abc', 'approved', ada, '', at(5)),
      ]);
      const asked = { token: 'second', question: 'Remove it?', decision: 'approved', decidedAt: at(5) };
      expect(await storeOf().people.approvals(one)).toMatchObject([asked]);
    });

    it('a page that several find due is for one of them to send', async () => {
      const one = id();
      const due = (n: number) => storeOf().people.due(one, page({ sending: { owner: `${n}`, until: at(60) } }), T0);
      const all = await Promise.all(Array.from({ length: 8 }, (_, n) => due(n)));
      expect(all.map(({ is }) => is).sort()).toEqual(['mine', ...Array.from({ length: 7 }, () => 'theirs')]);
    });

    it('a page that is due again while it is sent stays as it was written, and is sent', async () => {
      const one = id();
      await storeOf().people.due(one, page({ message: 'first' }), T0);
      await Promise.all([
        storeOf().people.sent(one, page(), at(3)),
        ...Array.from({ length: 8 }, (_, n) => storeOf().people.due(one, page({ message: `${n}` }), T0)),
      ]);
      expect(await storeOf().people.pages(one)).toEqual([page({ message: 'first', sentAt: at(3) })]);
    });

    it('events that several tell are told once, in the order of their time', async () => {
      const one = id();
      const events = Array.from({ length: 40 }, (_, n) => ({
        v: 1 as const,
        type: 'note' as const,
        by: ada,
        at: at(n),
        key: `k${n % 7}`,
        text: `${n}`,
      }));
      const some = shuffled(events);
      await Promise.all([
        storeOf().incidents.tell(one, ...some),
        storeOf().incidents.tell(one, ...events.slice(10)),
        ...some.slice(0, 10).map((event) => storeOf().incidents.tell(one, event)),
      ]);
      expect(await storeOf().incidents.timeline(one)).toEqual(events);
    });

    it('an act begun by many is written by one, and stays as that one wrote it', async () => {
      const one = id();
      const tries = Array.from({ length: 20 }, (_, n) => startedAct({ because: `${n}` }));
      const begun = await Promise.all(tries.map((act) => storeOf().steps.beginAct(one, act)));
      expect(begun.filter(Boolean)).toHaveLength(1);
      expect(await storeOf().steps.acts(one, 1)).toEqual([tries[begun.indexOf(true)]]);
    });
  });
}
