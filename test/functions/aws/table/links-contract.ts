import { describe, expect, it } from 'vitest';
import { Conflict } from '../../../../functions/aws/table/items.ts';
import type { Store } from '../../../../functions/aws/table/store.ts';
import type { LinkRecord } from '../../../../functions/incident/records.ts';
import { at, T0 } from './records.ts';

/** The links in pages: each held by one at a time, and used once. */
export function linksContract(storeOf: () => Store): void {
  let last = 0;
  const link = (said: Partial<LinkRecord> = {}): LinkRecord => ({
    v: 1,
    hash: `hash-${++last}`,
    incidentId: 'LINKED',
    system: 'sira',
    contact: 'Ada',
    role: 'oncall',
    action: 'acknowledge',
    madeAt: T0,
    until: at(3_600),
    held: null,
    usedAt: null,
    ...said,
  });
  const made = async (said: Partial<LinkRecord> = {}) => {
    const one = link(said);
    await storeOf().links.make([one]);
    return one;
  };

  describe('links', () => {
    it('are made many at once, and found by their hashes alone', async () => {
      const many = [link(), link({ action: 'approve:1-remove-abc' }), link({ action: 'deny:1-remove-abc' })];
      await storeOf().links.make(many);
      expect(await Promise.all(many.map(({ hash }) => storeOf().links.get(hash)))).toMatchObject(many);
      expect(await storeOf().links.get('no such hash')).toBeUndefined();
    });

    it('are held by one of many who come at once', async () => {
      const { hash } = await made();
      const came = await Promise.allSettled(['a', 'b', 'c', 'd'].map((by) => storeOf().links.hold(hash, by, at(1), at(61))));
      expect(came.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of came) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(Conflict);
    });

    it('are free again when their holder lets go, or is lost', async () => {
      const { hash } = await made();
      const { links } = storeOf();
      await links.hold(hash, 'a', at(1), at(61));
      await expect(links.hold(hash, 'b', at(60), at(120))).rejects.toBeInstanceOf(Conflict);
      await links.hold(hash, 'b', at(61), at(121));
      // Who lost it to another changes nothing of it any more.
      await links.letGo(hash, 'a');
      await links.use(hash, 'a', at(62));
      expect(await links.get(hash)).toMatchObject({ usedAt: null, held: { by: 'b' } });
      await links.letGo(hash, 'b');
      await links.hold(hash, 'c', at(63), at(123));
    });

    it('are used once', async () => {
      const { hash } = await made();
      const { links } = storeOf();
      await links.hold(hash, 'a', at(1), at(61));
      await links.use(hash, 'a', at(2));
      expect(await links.get(hash)).toMatchObject({ usedAt: at(2), held: null });
      await expect(links.hold(hash, 'b', at(3), at(63))).rejects.toBeInstanceOf(Conflict);
      await expect(links.hold(hash, 'b', at(300), at(363))).rejects.toBeInstanceOf(Conflict);
    });

    it('end on the very moment that they say, and are none where nobody made them', async () => {
      const { links } = storeOf();
      await links.hold((await made()).hash, 'a', at(3_599), at(3_659));
      await expect(links.hold((await made()).hash, 'a', at(3_600), at(3_660))).rejects.toBeInstanceOf(Conflict);
      await expect(links.hold('no such hash', 'a', at(1), at(61))).rejects.toBeInstanceOf(Conflict);
      expect(await links.get('no such hash')).toBeUndefined();
    });
  });
}
