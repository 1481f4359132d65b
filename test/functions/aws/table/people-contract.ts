import { describe, expect, it } from 'vitest';
import { Conflict } from '../../../../functions/aws/table/items.ts';
import type { Store } from '../../../../functions/aws/table/store.ts';
import { approval, at, page } from './records.ts';

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
    const due = await Promise.all([1, 2, 3].map((n) => storeOf().people.due(one, page({ message: `${n}` }))));
    expect(new Set(due.map(({ message }) => message)).size).toBe(1);
    await storeOf().people.sent(one, page(), at(3));
    expect(await storeOf().people.due(one, page({ message: 'late' }))).toMatchObject({ message: due[0]?.message, sentAt: at(3) });
    await storeOf().people.due(one, page({ generation: 2 }));
    expect(await storeOf().people.pages(one)).toHaveLength(2);
  });
}
