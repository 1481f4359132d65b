import { describe, expect, it } from 'vitest';
import type { Store } from '../../../../functions/aws/table/store.ts';
import { at, incident, run } from './records.ts';

/** Incidents, their runs, and what is told of them. */
export function incidentsContract(storeOf: () => Store): void {
  let last = 0;
  const id = () => `INC${String(++last).padStart(4, '0')}`;

  describe('incidents', () => {
    it('are created once, and stay as the first wrote them', async () => {
      const one = id();
      const made = await Promise.all(
        Array.from({ length: 10 }, (_, n) => storeOf().incidents.create(incident(one, { title: `${n}` }))),
      );
      expect(made.filter(Boolean)).toHaveLength(1);
      expect((await storeOf().incidents.get(one))?.title).toBe(String(made.indexOf(true)));
      expect(await storeOf().incidents.get('NONE')).toBeUndefined();
    });

    it('lose no change, however many change at once', async () => {
      const one = id();
      await storeOf().incidents.create(incident(one, { seen: 0 }));
      await Promise.all(
        Array.from({ length: 8 }, () => storeOf().incidents.change(one, (before) => ({ ...before, seen: before.seen + 1 }))),
      );
      expect((await storeOf().incidents.get(one))?.seen).toBe(8);
    });

    it('stay as they are where a change makes nothing of them; one that is not there is an error', async () => {
      const one = id();
      await storeOf().incidents.create(incident(one));
      expect(await storeOf().incidents.change(one, () => undefined)).toEqual(incident(one));
      await expect(storeOf().incidents.change('NONE', (before) => before)).rejects.toThrow('no incident NONE');
    });

    it('number their runs one after the other', async () => {
      const one = id();
      await storeOf().incidents.create(incident(one));
      const runs = await Promise.all(Array.from({ length: 5 }, () => storeOf().incidents.addRun(one, (number) => run(number))));
      expect(runs.map(({ run: { number } }) => number).sort()).toEqual([1, 2, 3, 4, 5]);
      const after = await storeOf().incidents.get(one);
      expect(after?.run).toBe(5);
      expect(Object.keys(after?.runs ?? {})).toHaveLength(5);
    });

    it('are open by severity and time, and past by their resolution, the latest first', async () => {
      const [minor, late, early, over, longOver] = [id(), id(), id(), id(), id()];
      await storeOf().incidents.create(incident(minor, { severity: 'P3', openedAt: at(1) }));
      await storeOf().incidents.create(incident(late, { severity: 'P0', openedAt: at(3) }));
      await storeOf().incidents.create(incident(early, { severity: 'P0', openedAt: at(2) }));
      for (const [one, seconds] of [
        [longOver, 60],
        [over, 90],
      ] as const) {
        await storeOf().incidents.create(incident(one));
        await storeOf().incidents.change(one, (before) => ({
          ...before,
          status: 'resolved',
          resolvedAt: at(seconds),
          resolvedBy: { name: 'Ada', kind: 'person', verified: false },
          resolution: 'well',
        }));
      }
      const mine = (all: { id: string }[]) =>
        all.map((one) => one.id).filter((one) => [minor, late, early, over, longOver].includes(one));
      expect(mine(await storeOf().incidents.open())).toEqual([early, late, minor]);
      expect(mine(await storeOf().incidents.past())).toEqual([over, longOver]);
    });

    it('tell twice what was told once, in the order of time', async () => {
      const one = id();
      const told = { v: 1 as const, type: 'note' as const, by: { name: 'Ada', kind: 'person' as const, verified: false } };
      const [first, second] = [
        { ...told, at: at(1), key: 'a', text: 'one' },
        { ...told, at: at(2), key: 'b', text: 'two' },
      ];
      await storeOf().incidents.tell(one, second);
      await storeOf().incidents.tell(one, first, second);
      await storeOf().incidents.tell(one, first);
      expect(await storeOf().incidents.timeline(one)).toEqual([first, second]);
    });
  });
}
