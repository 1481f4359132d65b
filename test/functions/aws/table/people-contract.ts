import { describe, expect, it } from 'vitest';
import { Conflict } from '../../../../functions/aws/table/items.ts';
import type { Store } from '../../../../functions/aws/table/store.ts';
import { approval, at, page, T0 } from './records.ts';

/** Questions to people and their answers, and pages that are due to them. */
export function peopleContract(storeOf: () => Store): void {
  let last = 0;
  const id = () => `PEOPLE${String(++last).padStart(4, '0')}`;

  describe('approvals', () => {
    const ada = { name: 'Ada', kind: 'person' as const, verified: false };

    it('are decided once, and the first answer stays', async () => {
      const one = id();
      await storeOf().people.ask(approval(one));
      const answers = await Promise.allSettled(
        (['approved', 'denied', 'approved'] as const).map((decision) =>
          storeOf().people.decide(one, '1-remove-abc', decision, ada, 'why', at(10)),
        ),
      );
      const [first] = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(2);
      expect(await storeOf().people.expire(approval(one), at(2_000)), 'silence is no answer to one that was given').toBe(false);
      expect(await storeOf().people.approvals(one)).toEqual([first]);
    });

    it('take no answer after their time, none to what nobody asked, and none after silence was the answer', async () => {
      const one = id();
      await storeOf().people.ask(approval(one));
      const decide = (which: string, now: string) => storeOf().people.decide(one, which, 'approved', ada, '', now);
      await expect(decide('1-remove-abc', at(1_800))).rejects.toBeInstanceOf(Conflict);
      await expect(decide('nobody-asked', at(1))).rejects.toBeInstanceOf(Conflict);
      expect(await storeOf().people.expire(approval(one), at(1_800))).toBe(true);
      await expect(decide('1-remove-abc', at(1))).rejects.toBeInstanceOf(Conflict);
      expect(await storeOf().people.approvals(one)).toMatchObject([{ decision: 'expired', decidedBy: null }]);
    });

    it('asked again keep question, end and answer, and take the new token', async () => {
      const one = id();
      await storeOf().people.ask(approval(one, { token: 'first' }));
      await storeOf().people.decide(one, '1-remove-abc', 'approved', ada, '', at(5));
      const again = await storeOf().people.ask(approval(one, { token: 'second', question: 'Another?', until: at(9_000) }));
      expect(again).toMatchObject({ token: 'second', question: 'Remove it?', until: at(1_800), decision: 'approved' });
    });
  });

  it('a page is due once, as it was first written', async () => {
    const one = id();
    const due = await Promise.all([1, 2, 3].map((n) => storeOf().people.due(one, page({ message: `${n}` }), T0)));
    const [message, ...others] = new Set(due.map((written) => written.page.message));
    expect(others).toEqual([]);
    expect(due.filter(({ is }) => is === 'mine')).toHaveLength(1);
    await storeOf().people.sent(one, page(), at(3));
    const late = await storeOf().people.due(one, page({ message: 'late' }), at(4));
    expect(late).toMatchObject({ is: 'sent', page: { message, sentAt: at(3) } });
    await storeOf().people.due(one, page({ generation: 2 }), T0);
    expect(await storeOf().people.pages(one)).toHaveLength(2);
  });
  it('a page is for one sender, until their time is over or they let go of it', async () => {
    const one = id();
    const due = (owner: string, now: string) =>
      storeOf().people.due(one, page({ sending: { owner, until: at(Date.parse(now) - Date.parse(T0) > 0 ? 120 : 60) } }), now);
    expect((await due('a', T0)).is).toBe('mine');
    expect((await due('b', at(59))).is).toBe('theirs');
    expect((await due('a', at(59))).is).toBe('again');
    expect((await due('b', at(121))).is).toBe('again');
    await storeOf().people.letGo(one, page());
    expect((await due('a', at(122))).is).toBe('again');
  });
}
