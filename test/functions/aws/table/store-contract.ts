import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { Conflict } from '../../../../functions/aws/table/items.ts';
import { makeStore, type Store } from '../../../../functions/aws/table/store.ts';
import { sira } from '../../../../runbooks/sira/system.ts';
import { claimsContract } from './claims-contract.ts';
import { approval, at, debt, doneAct, incident, page, run, startedAct, T0 } from './records.ts';

/** A table of the shape that the stack deploys, empty, and a client that reaches it. */
export interface EmptyTable {
  client: DynamoDBDocumentClient;
  name: string;
}

/**
 * What the responder relies on, whichever DynamoDB is behind it. Every rule of uniqueness is one conditional write, so each is
 * tried with many at once. Ids differ from test to test: one table serves them all.
 */
export function storeContract(makeItems: () => Promise<EmptyTable>): void {
  let store: Store;
  let last = 0;
  const id = () => `INC${String(++last).padStart(4, '0')}`;
  beforeAll(async () => {
    const { client, name } = await makeItems();
    store = makeStore(client, name, () => sira.severities);
  });

  claimsContract(() => store);

  describe('incidents', () => {
    it('are created once, and stay as the first wrote them', async () => {
      const one = id();
      const made = await Promise.all(
        Array.from({ length: 10 }, (_, n) => store.incidents.create(incident(one, { title: `${n}` }))),
      );
      expect(made.filter(Boolean)).toHaveLength(1);
      expect((await store.incidents.get(one))?.title).toBe(String(made.indexOf(true)));
      expect(await store.incidents.get('NONE')).toBeUndefined();
    });

    it('lose no change, however many change at once', async () => {
      const one = id();
      await store.incidents.create(incident(one, { seen: 0 }));
      await Promise.all(
        Array.from({ length: 8 }, () => store.incidents.change(one, (before) => ({ ...before, seen: before.seen + 1 }))),
      );
      expect((await store.incidents.get(one))?.seen).toBe(8);
    });

    it('stay as they are where a change makes nothing of them; one that is not there is an error', async () => {
      const one = id();
      await store.incidents.create(incident(one));
      expect(await store.incidents.change(one, () => undefined)).toEqual(incident(one));
      await expect(store.incidents.change('NONE', (before) => before)).rejects.toThrow('no incident NONE');
    });

    it('number their runs one after the other', async () => {
      const one = id();
      await store.incidents.create(incident(one));
      const runs = await Promise.all(Array.from({ length: 5 }, () => store.incidents.addRun(one, (number) => run(number))));
      expect(runs.map(({ run: { number } }) => number).sort()).toEqual([1, 2, 3, 4, 5]);
      const after = await store.incidents.get(one);
      expect(after?.run).toBe(5);
      expect(Object.keys(after?.runs ?? {})).toHaveLength(5);
    });

    it('are open by severity and time, and past by their resolution, the latest first', async () => {
      const [minor, late, early, over, longOver] = [id(), id(), id(), id(), id()];
      await store.incidents.create(incident(minor, { severity: 'P3', openedAt: at(1) }));
      await store.incidents.create(incident(late, { severity: 'P0', openedAt: at(3) }));
      await store.incidents.create(incident(early, { severity: 'P0', openedAt: at(2) }));
      for (const [one, seconds] of [
        [longOver, 60],
        [over, 90],
      ] as const) {
        await store.incidents.create(incident(one));
        await store.incidents.change(one, (before) => ({
          ...before,
          status: 'resolved',
          resolvedAt: at(seconds),
          resolvedBy: { name: 'Ada', kind: 'person', verified: false },
          resolution: 'well',
        }));
      }
      const mine = (all: { id: string }[]) =>
        all.map((one) => one.id).filter((one) => [minor, late, early, over, longOver].includes(one));
      expect(mine(await store.incidents.open())).toEqual([early, late, minor]);
      expect(mine(await store.incidents.past())).toEqual([over, longOver]);
    });

    it('tell twice what was told once, in the order of time', async () => {
      const one = id();
      const told = { v: 1 as const, type: 'note' as const, by: { name: 'Ada', kind: 'person' as const, verified: false } };
      const [first, second] = [
        { ...told, at: at(1), key: 'a', text: 'one' },
        { ...told, at: at(2), key: 'b', text: 'two' },
      ];
      await store.incidents.tell(one, second);
      await store.incidents.tell(one, first, second);
      await store.incidents.tell(one, first);
      expect(await store.incidents.timeline(one)).toEqual([first, second]);
    });
  });

  describe('acts', () => {
    it('begin once a run and host, whoever tries', async () => {
      const one = id();
      const begun = await Promise.all(Array.from({ length: 10 }, () => store.steps.beginAct(one, startedAct())));
      expect(begun.filter(Boolean)).toHaveLength(1);
      expect(await store.steps.beginAct(one, startedAct({ pass: 2 })), 'a later pass is the same run').toBe(false);
      expect(await store.steps.beginAct(one, startedAct({ host: 'sira-prod-2' }))).toBe(true);
      expect(await store.steps.beginAct(one, startedAct({ run: 2 }))).toBe(true);
      expect(await store.steps.acts(one, 1)).toHaveLength(2);
    });

    it('end with their evidence and what is told of them', async () => {
      const one = id();
      await store.steps.beginAct(one, startedAct());
      const evidence = { v: 1 as const, id: '1-x', title: 'Delete old logs', host: 'sira-prod-1', at: at(5), text: 'rm' };
      const event = { v: 1 as const, type: 'note' as const, at: at(5), key: 'end', text: 'done' };
      await store.steps.finishAct(one, doneAct(), evidence, { ...event, by: { name: 'x', kind: 'automation', verified: true } });
      expect(await store.steps.acts(one, 1)).toEqual([doneAct()]);
      expect(await store.steps.evidence(one, '1-x')).toEqual(evidence);
      expect(await store.incidents.timeline(one)).toHaveLength(1);
    });

    it('owe an undo while they are unfinished, and a temporary change until it is taken back', async () => {
      const one = id();
      const owed = async () =>
        (await store.steps.debts()).filter(({ incidentId }) => incidentId === one).map(({ act }) => `${act.step} ${act.status}`);
      await store.steps.beginAct(one, startedAct({ undo: debt() }));
      await store.steps.beginAct(one, startedAct({ step: 'no-undo' }));
      expect(await owed()).toEqual(['delete-old-logs started']);
      await store.steps.saveAct(one, doneAct({ undo: debt() }));
      expect(await owed()).toEqual([]);
      await store.steps.saveAct(one, doneAct({ undo: debt({ due: at(3_600) }) }));
      expect(await owed()).toEqual(['delete-old-logs done']);
      await store.steps.saveAct(one, doneAct({ undo: debt({ due: at(3_600), paidAt: at(3_700), paid: true }) }));
      expect(await owed()).toEqual([]);
    });
  });

  describe('the lock of a system', () => {
    const lock = (system: string, holder: string, until = at(600)) => ({
      v: 1 as const,
      system,
      holder,
      incidentId: holder,
      until,
    });

    it('has one holder, however many try', async () => {
      const got = await Promise.all(Array.from({ length: 20 }, (_, n) => store.controls.acquire(lock('one', `R${n}`), T0)));
      expect(got.filter(Boolean)).toHaveLength(1);
      expect((await store.controls.lock('one'))?.holder).toBe(`R${got.indexOf(true)}`);
    });

    it('is kept longer by its holder, and let go by nobody else', async () => {
      await store.controls.acquire(lock('two', 'A'), T0);
      expect(await store.controls.acquire(lock('two', 'A', at(900)), at(10))).toBe(true);
      await store.controls.release('two', 'B', at(11));
      expect(await store.controls.lock('two')).toMatchObject({ holder: 'A', until: at(900) });
      await store.controls.release('two', 'A', at(12));
      await store.controls.release('two', 'A', at(12));
      expect(await store.controls.lock('two')).toBeUndefined();
      const { freed } = await store.controls.forGate('two/x', { system: 'two', verb: 'restart', resource: 'x' });
      expect(freed).toEqual({ by: 'A', at: at(12) });
      expect(await store.controls.acquire(lock('two', 'B'), at(20))).toBe(true);
    });

    it("ends by itself when its holder is lost, and then is the next one's", async () => {
      await store.controls.acquire(lock('three', 'A', at(60)), T0);
      expect(await store.controls.acquire(lock('three', 'B'), at(59))).toBe(false);
      expect(await store.controls.acquire(lock('three', 'B'), at(61))).toBe(true);
      await store.controls.release('three', 'A', at(62));
      expect((await store.controls.lock('three'))?.holder, 'the lost one comes back').toBe('B');
    });
  });

  describe('breakers', () => {
    const breaker = (resource: string) => ({ system: 'sira', verb: 'restart', resource });
    const seen = async (name: ReturnType<typeof breaker>) =>
      (await store.controls.forGate('sira/application-down', name)).breaker;

    it('count an act once, however often it is tried', async () => {
      const name = breaker('host/once');
      await store.controls.count(name, 'A', T0, undefined, []);
      const before = await seen(name);
      await store.controls.count(name, 'A', at(1), before, before?.acts ?? []);
      expect((await seen(name))?.acts).toEqual([{ key: 'A', at: T0 }]);
    });

    it('let one of two through that saw the same', async () => {
      const name = breaker('host/race');
      const first = await Promise.allSettled(['A', 'B', 'C'].map((one) => store.controls.count(name, one, T0, undefined, [])));
      expect(first.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const before = await seen(name);
      const kept = before?.acts ?? [];
      const next = await Promise.allSettled(['D', 'E'].map((one) => store.controls.count(name, one, at(1), before, kept)));
      const lost = next.find((one) => one.status === 'rejected');
      expect(lost?.reason).toBeInstanceOf(Conflict);
      expect((await seen(name))?.acts).toHaveLength(2);
    });

    it('are read with modes and lock in one go, each where it belongs', async () => {
      const name = { system: 'four', verb: 'restart', resource: 'host/x' };
      const by = { name: 'Ada', kind: 'person' as const, verified: false };
      const mode = { v: 1 as const, scope: 'four', mode: 'ask' as const, until: null, reason: '', by, at: T0 };
      await store.controls.setMode(mode);
      await store.controls.acquire({ v: 1, system: 'four', holder: 'A', incidentId: 'A', until: at(9) }, T0);
      const state = await store.controls.forGate('four/x', name);
      expect(state).toMatchObject({ modes: [undefined, mode, undefined], lock: { holder: 'A' }, breaker: undefined });
    });
  });

  describe('approvals', () => {
    const ada = { name: 'Ada', kind: 'person' as const, verified: false };

    it('are decided once, and the first answer stays', async () => {
      const one = id();
      await store.people.ask(approval(one));
      const answers = await Promise.allSettled(
        (['approved', 'denied', 'approved'] as const).map((decision) =>
          store.people.decide(one, '1-remove-abc', decision, ada, 'why', at(10)),
        ),
      );
      const [first] = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(2);
      expect(await store.people.expire(approval(one), at(2_000)), 'silence is no answer to one that was given').toBe(false);
      expect(await store.people.approvals(one)).toEqual([first]);
    });

    it('take no answer after their time, none to what nobody asked, and none after silence was the answer', async () => {
      const one = id();
      await store.people.ask(approval(one));
      const decide = (which: string, now: string) => store.people.decide(one, which, 'approved', ada, '', now);
      await expect(decide('1-remove-abc', at(1_800))).rejects.toBeInstanceOf(Conflict);
      await expect(decide('nobody-asked', at(1))).rejects.toBeInstanceOf(Conflict);
      expect(await store.people.expire(approval(one), at(1_800))).toBe(true);
      await expect(decide('1-remove-abc', at(1))).rejects.toBeInstanceOf(Conflict);
      expect(await store.people.approvals(one)).toMatchObject([{ decision: 'expired', decidedBy: null }]);
    });

    it('asked again keep question, end and answer, and take the new token', async () => {
      const one = id();
      await store.people.ask(approval(one, { token: 'first' }));
      await store.people.decide(one, '1-remove-abc', 'approved', ada, '', at(5));
      const again = await store.people.ask(approval(one, { token: 'second', question: 'Another?', until: at(9_000) }));
      expect(again).toMatchObject({ token: 'second', question: 'Remove it?', until: at(1_800), decision: 'approved' });
    });
  });

  it('a page is due once, as it was first written', async () => {
    const one = id();
    const due = await Promise.all([1, 2, 3].map((n) => store.people.due(one, page({ message: `${n}` }))));
    expect(new Set(due.map(({ message }) => message)).size).toBe(1);
    await store.people.sent(one, page(), at(3));
    expect(await store.people.due(one, page({ message: 'late' }))).toMatchObject({ message: due[0]?.message, sentAt: at(3) });
    await store.people.due(one, page({ generation: 2 }));
    expect(await store.people.pages(one)).toHaveLength(2);
  });
}
