import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { resolve } from '../../functions/console/commands/resolve.ts';
import { setMode } from '../../functions/console/commands/set-mode.ts';
import { beginGeneration } from '../../functions/incident/ladder/generation.ts';
import { intake } from '../../functions/intake/intake.ts';
import { type Whole, whole } from '../local/whole.ts';
import { countedRunbook } from './counted-runbook.ts';
import { alertmanagerMessage } from './intake/messages.ts';
import { lookOnly } from './look-only.ts';
import { pass, round, withRunbook } from './watching.ts';

const MINUTE = 60_000;
const types = async (system: Whole, id: string) => (await system.around.store.incidents.timeline(id)).map(({ type }) => type);

/** An incident that the automation has mended. */
async function mended() {
  const system = await withRunbook(countedRunbook(false));
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  await system.until(async () => (await system.acts()).length === 1);
  system.alarm('sira-DiskSpaceLow', 'OK');
  await system.until(() => system.quiet());
  expect(await system.incident()).toMatchObject({ status: 'resolved', automation: 'succeeded' });
  return system;
}

describe('an alarm that clears and fires again', () => {
  it('within the flap window is the same incident: open again, counted, paged, and nothing acts', async () => {
    const system = await mended();
    await pass(system, 8 * MINUTE);
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.incident()).status === 'open');
    const { id, dedupKey, ladder } = await system.incident();
    expect(await system.incident()).toMatchObject({ automation: 'escalated', run: 1, reopened: { times: 1 } });
    await system.until(async () => (await system.around.store.claims.get(dedupKey ?? ''))?.incidentId === id);
    expect(await system.around.store.claims.get(dedupKey ?? '')).toMatchObject({ state: 'open', seen: 2 });
    expect(await types(system, id)).toContain('reopened');
    await pass(system, 3 * MINUTE);
    expect(await system.acts()).toEqual(['Leave a file']);
    expect(system.aws.executions().filter(({ stateMachineArn }) => stateMachineArn.includes('counted'))).toHaveLength(1);

    await system.clock.during(resolve(system.around)(id, { by: 'Ada' }));
    expect((await system.incident()).seen).toBe(2);
    system.alarm('sira-DiskSpaceLow', 'OK');
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.incident()).status === 'open');
    expect(await system.incident()).toMatchObject({ reopened: { times: 2 } });
    expect((await system.incident()).ladder?.generation).toBe((ladder?.generation ?? 0) + 1);
  });

  it('after the flap window is another one, which the automation answers to', async () => {
    const system = await mended();
    await pass(system, 11 * MINUTE);
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.incidents()).length === 2);
    expect((await system.incidents())[1]).toMatchObject({ run: 1, reopened: null });
  });

  it('is opened again once, whenever intake dies on the way and whoever completes it', async () => {
    let [calls, dieAt] = [0, 0];
    const mortal = new AsyncLocalStorage<true>();
    const runbook = countedRunbook(false);
    const alerts = runbook.system.alerts.map((alert) => ({ ...alert, about: 'host' as const }));
    const system = await whole({
      monitoring: false,
      registry: { systems: [{ ...runbook.system, alerts }], runbooks: [] },
      watcher: async (_service, _operation, call) => {
        if (!mortal.getStore()) return call();
        calls += 1;
        if (dieAt === calls * 2 - 1) throw new Error('dead');
        const answer = await call();
        if (dieAt === calls * 2) throw new Error('dead');
        return answer;
      },
    });
    const { around, clock } = system;
    const lift = { scope: 'storm:sira', mode: 'auto', by: 'Ada', reason: 'one host after the other' };
    for (let n = 1, died = true; died; n += 1) {
      await clock.during(setMode(around)(lift));
      const fire = () => alertmanagerMessage('HighErrorRate', { instance: `host-${n}`, receivedAt: secondsOf(system) });
      await clock.during(intake(around)(fire()));
      const key = `v1:sira:HighErrorRate:host-${n}`;
      const id = (await around.store.claims.get(key))?.incidentId ?? '';
      await clock.during(resolve(around)(id, { by: 'Ada' }));
      await pass(system, MINUTE);
      const again = fire();
      [calls, dieAt] = [0, n];
      died = await mortal
        .run(true, () => clock.during(intake(around)(again)))
        .then(
          () => false,
          () => true,
        );
      // The message comes again, before or after watch has completed what it left.
      if (n % 4 < 2) {
        await pass(system, 2 * MINUTE);
        await round(system);
      }
      await clock.during(intake(around)(again));
      await round(system);
      expect(await around.store.incidents.get(id), `call ${n}`).toMatchObject({ status: 'open', reopened: { times: 1 } });
      expect(await around.store.claims.get(key), `call ${n}`).toMatchObject({ incidentId: id, state: 'open' });
      expect(
        (await types(system, id)).filter((type) => type === 'reopened'),
        `call ${n}`,
      ).toHaveLength(1);
      expect(n).toBeLessThan(40);
    }
  });
});

/** Seconds since the beginning of the messages' time. */
const secondsOf = ({ clock }: Whole) => (clock.now().getTime() - Date.parse('2026-10-04T03:14:00Z')) / 1_000;

describe('an alarm that clears after the automation only looked', () => {
  it('resolves what is not reviewed, and ends the ladder of what is, for a person to close', async () => {
    for (const [severity, ends] of [
      ['P2', { status: 'resolved', resolvedBy: { kind: 'monitoring' } }],
      ['P1', { status: 'open', automation: 'escalated' }],
    ] as const) {
      const system = await withRunbook(lookOnly(severity));
      system.alarm('sira-DiskSpaceLow', 'ALARM');
      await system.until(() => system.quiet());
      const { id, openedAt } = await system.incident();
      await system.around.store.incidents.change(id, (one) =>
        one.ladder ? undefined : beginGeneration(one, openedAt, 'it opened'),
      );
      system.alarm('sira-DiskSpaceLow', 'OK');
      await system.until(async () => {
        const { dedupKey } = await system.incident();
        return (await system.around.store.claims.get(dedupKey ?? ''))?.incidentId === undefined;
      });
      await pass(system, 1_000);
      expect(await system.incident(), severity).toMatchObject(ends);
      if (severity === 'P1')
        expect((await system.incident()).ladder?.over).toMatchObject({ why: expect.stringContaining('a person closes it') });
      expect(await round(system)).toEqual([]);
      await system.close();
    }
  });

  it('is seen by watch where it cleared while the run still looked', async () => {
    const system = await withRunbook(lookOnly('P2'));
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.incidents()).length === 1);
    system.alarm('sira-DiskSpaceLow', 'OK');
    await system.until(() => system.quiet());
    await pass(system, MINUTE);
    expect(await system.incident()).toMatchObject({ status: 'open' });
    expect(await round(system)).toEqual([`ended ${(await system.incident()).id}, whose alarm has cleared`]);
    expect(await system.incident()).toMatchObject({ status: 'resolved' });
  });

  it('proves nothing where the automation tried something', async () => {
    const system = await withRunbook(countedRunbook(true));
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(() => system.quiet());
    system.alarm('sira-DiskSpaceLow', 'OK');
    await pass(system, MINUTE);
    expect(await system.incident()).toMatchObject({ status: 'open', automation: 'escalated' });
  });

  it('never starts anything', async () => {
    const system = await whole({ monitoring: false });
    for (const name of ['sira-DiskSpaceLow', 'sira-APIDown']) system.alarm(name, 'OK');
    await pass(system, MINUTE);
    expect(system.aws.executions()).toEqual([]);
    expect(await system.incidents()).toEqual([]);
  });
});
