import { describe, expect, it } from 'vitest';
import { Conflict } from '../../../../functions/aws/table/items.ts';
import type { Store } from '../../../../functions/aws/table/store.ts';
import { person } from '../../../../functions/incident/actor.ts';
import { begun, type Review } from '../../../../functions/incident/review.ts';
import { at, incident, T0 } from './records.ts';

const rule = { owner: 'lead', dueWithin: '48h', remind: '12h' } as const;

/** Reviews: one an incident, and none written over by somebody who has not read it. */
export function reviewsContract(storeOf: () => Store): void {
  const review = (id: string, resolvedAt: string | null = T0): Review =>
    begun({ ...incident(id), resolvedAt }, rule, T0, person('Ada'));
  const next = (before: Review, summary: string): Review => ({
    ...before,
    answers: { ...before.answers, summary },
    version: before.version + 1,
  });

  describe('reviews', () => {
    it('are begun once, however many try, and found again with their incident', async () => {
      const { reviews, steps } = storeOf();
      expect(await reviews.get('REVIEW-1')).toBeUndefined();
      const began = await Promise.all(Array.from({ length: 5 }, () => reviews.begin(review('REVIEW-1'))));
      expect(began.filter(Boolean)).toHaveLength(1);
      expect(await reviews.get('REVIEW-1')).toEqual(review('REVIEW-1'));
      expect((await steps.everything('REVIEW-1')).review).toEqual(review('REVIEW-1'));
      expect(await reviews.among(['REVIEW-1', 'no such incident'])).toEqual([review('REVIEW-1')]);
    });

    it('are written by one of those who have read the same version', async () => {
      const { reviews } = storeOf();
      await reviews.begin(review('REVIEW-2'));
      const wrote = await Promise.allSettled(['a', 'b', 'c'].map((by) => reviews.save(next(review('REVIEW-2'), by), 1)));
      expect(wrote.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of wrote) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(Conflict);
      await expect(reviews.save(next(review('no such review'), 'a'), 1)).rejects.toBeInstanceOf(Conflict);
    });

    it('are listed by when they are due, and no longer once they are finished', async () => {
      const { reviews } = storeOf();
      const [late, soon, undated] = [review('REVIEW-5', at(9_000)), review('REVIEW-4', at(60)), review('REVIEW-6', null)];
      for (const one of [undated, late, soon]) await reviews.begin(one);
      const listed = async () => (await reviews.open()).map(({ incidentId }) => incidentId).filter((id) => id > 'REVIEW-3');
      expect(await listed()).toEqual(['REVIEW-4', 'REVIEW-5', 'REVIEW-6']);
      const done = { ...next(soon, 'done'), state: 'finished' as const, finishedAt: at(100), finishedBy: person('Ada') };
      await reviews.save(done, 1);
      expect(await listed()).toEqual(['REVIEW-5', 'REVIEW-6']);
      expect(await reviews.finished(5)).toEqual([done]);
      await reviews.save(next({ ...review('REVIEW-4', at(60)), version: 2 }, 'again'), 2);
      expect(await listed()).toEqual(['REVIEW-4', 'REVIEW-5', 'REVIEW-6']);
      expect(await reviews.finished(5)).toEqual([]);
    });
  });
}
