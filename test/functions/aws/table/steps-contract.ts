import { describe, expect, it } from 'vitest';
import type { Store } from '../../../../functions/aws/table/store.ts';
import { approval, at, debt, doneAct, doneLook, page, startedAct, startedLook, T0 } from './records.ts';

/** What the steps of a run leave behind: looks, acts, evidence and debts. */
export function stepsContract(storeOf: () => Store): void {
  let last = 0;
  const id = () => `STEPS${String(++last).padStart(4, '0')}`;

  describe('acts', () => {
    it('begin once a run and host, whoever tries', async () => {
      const one = id();
      const begun = await Promise.all(Array.from({ length: 10 }, () => storeOf().steps.beginAct(one, startedAct())));
      expect(begun.filter(Boolean)).toHaveLength(1);
      expect(await storeOf().steps.beginAct(one, startedAct({ pass: 2 })), 'a later pass is the same run').toBe(false);
      expect(await storeOf().steps.beginAct(one, startedAct({ host: 'sira-prod-2' }))).toBe(true);
      expect(await storeOf().steps.beginAct(one, startedAct({ run: 2 }))).toBe(true);
      expect(await storeOf().steps.acts(one, 1)).toHaveLength(2);
    });

    it('end with their evidence and what is told of them', async () => {
      const one = id();
      await storeOf().steps.beginAct(one, startedAct());
      const evidence = { v: 1 as const, id: '1-x', title: 'Delete old logs', host: 'sira-prod-1', at: at(5), text: 'rm' };
      const event = { v: 1 as const, type: 'note' as const, at: at(5), key: 'end', text: 'done' };
      await storeOf().steps.finishAct(one, doneAct(), evidence, {
        ...event,
        by: { name: 'x', kind: 'automation', verified: true },
      });
      expect(await storeOf().steps.acts(one, 1)).toEqual([doneAct()]);
      expect(await storeOf().steps.evidence(one, '1-x')).toEqual(evidence);
      expect(await storeOf().incidents.timeline(one)).toHaveLength(1);
    });

    it('owe an undo while they are unfinished, and a temporary change until it is taken back', async () => {
      const one = id();
      const owed = async () =>
        (await storeOf().steps.debts())
          .filter(({ incidentId }) => incidentId === one)
          .map(({ act }) => `${act.step} ${act.status}`);
      await storeOf().steps.beginAct(one, startedAct({ undo: debt() }));
      await storeOf().steps.beginAct(one, startedAct({ step: 'no-undo' }));
      expect(await owed()).toEqual(['delete-old-logs started']);
      await storeOf().steps.saveAct(one, doneAct({ undo: debt() }));
      expect(await owed()).toEqual([]);
      await storeOf().steps.saveAct(one, doneAct({ undo: debt({ due: at(3_600) }) }));
      expect(await owed()).toEqual(['delete-old-logs done']);
      await storeOf().steps.saveAct(one, doneAct({ undo: debt({ due: at(3_600), paidAt: at(3_700), paid: true }) }));
      expect(await owed()).toEqual([]);
    });
  });

  describe('looks', () => {
    it('are written down before they are sent, and replaced by how they ended', async () => {
      const one = id();
      await storeOf().steps.saveLooks(one, [startedLook(), startedLook({ host: 'sira-prod-2' })]);
      const evidence = { v: 1 as const, id: '1-disk', title: 'Look', host: 'sira-prod-1', at: at(2), text: 'df' };
      const event = { v: 1 as const, type: 'note' as const, at: at(2), key: 'looked', text: '91 %' };
      const told = { ...event, by: { name: 'x', kind: 'automation' as const, verified: true } };
      await storeOf().steps.finishLooks(one, [doneLook()], [evidence], [told]);
      expect(await storeOf().steps.looks(one, 1, 1)).toEqual([doneLook(), startedLook({ host: 'sira-prod-2' })]);
      expect(await storeOf().steps.evidence(one, '1-disk')).toEqual(evidence);
      expect(await storeOf().steps.evidence(one, 'another')).toBeUndefined();
      expect(await storeOf().incidents.timeline(one)).toEqual([told]);
    });

    it('are those of one pass, and of one step whose name another begins with', async () => {
      const one = id();
      const looks = [
        startedLook({ pass: 2 }),
        startedLook({ run: 2 }),
        startedLook({ step: 'disk-usage' }),
        startedLook({ step: 'disk' }),
      ];
      await storeOf().steps.saveLooks(one, looks);
      expect((await storeOf().steps.looks(one, 1, 1)).map(({ step }) => step).sort()).toEqual(['disk', 'disk-usage']);
      expect((await storeOf().steps.looks(one, 1, 1, 'disk')).map(({ step }) => step)).toEqual(['disk']);
      expect(await storeOf().steps.looks(one, 1, 2)).toHaveLength(1);
      expect(await storeOf().steps.looks(one, 3, 1)).toEqual([]);
    });

    it('of more hosts than one batch takes are all written', async () => {
      const one = id();
      const hosts = Array.from({ length: 60 }, (_, n) => `host-${String(n).padStart(2, '0')}`);
      const save = () =>
        storeOf().steps.saveLooks(
          one,
          hosts.map((host) => startedLook({ host })),
        );
      await Promise.all([save(), save()]);
      expect((await storeOf().steps.looks(one, 1, 1)).map(({ host }) => host)).toEqual(hosts);
    });

    it('of a verification come with how far it is, which is no look', async () => {
      const one = id();
      const progress = { v: 1 as const, startedAt: T0, deadline: at(60), nextCheckAt: at(5), check: 2, good: 1, last: 'well' };
      expect(await storeOf().steps.verifyProgress(one, 1, 1, 'verify')).toBeUndefined();
      await storeOf().steps.saveVerifyProgress(one, 1, 1, 'verify', progress);
      await storeOf().steps.saveVerifyProgress(one, 1, 1, 'verify', { ...progress, check: 3 });
      await storeOf().steps.saveLooks(one, [startedLook({ step: 'verify' })]);
      expect(await storeOf().steps.verifyProgress(one, 1, 1, 'verify')).toEqual({ ...progress, check: 3 });
      expect(await storeOf().steps.looks(one, 1, 1, 'verify')).toEqual([startedLook({ step: 'verify' })]);
    });
  });

  it('everything of an incident is found, each as what it is, though it is more than one answer takes', async () => {
    const one = id();
    // An answer of DynamoDB ends after 1 MB, and says where the next begins.
    const evidence = Array.from({ length: 14 }, (_, n) => ({
      v: 1 as const,
      id: `1-${String(n).padStart(2, '0')}`,
      title: 'Look',
      host: 'sira-prod-1',
      at: T0,
      text: String(n % 10).repeat(100_000),
    }));
    await storeOf().steps.finishLooks(one, [doneLook()], evidence, []);
    await storeOf().steps.beginAct(one, startedAct());
    await storeOf().people.ask(approval(one));
    await storeOf().people.due(one, page(), T0);
    expect(await storeOf().steps.everything(one)).toEqual({
      looks: [doneLook()],
      acts: [startedAct()],
      evidence,
      approvals: [approval(one)],
      pages: [page()],
    });
  });
}
