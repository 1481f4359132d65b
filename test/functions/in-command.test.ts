import { describe, expect, it } from 'vitest';
import { acknowledge } from '../../functions/console/commands/acknowledge.ts';
import { escalateNow } from '../../functions/console/commands/escalate-now.ts';
import { handOver } from '../../functions/console/commands/hand-over.ts';
import { endMaintenance, planMaintenance } from '../../functions/console/commands/maintenance.ts';
import { rate } from '../../functions/console/commands/severity.ts';
import { snooze } from '../../functions/console/commands/snooze.ts';
import { between, iso, after as plus } from '../../functions/incident/clock.ts';
import { intake } from '../../functions/intake/intake.ts';
import type { Whole } from '../local/whole.ts';
import { alertmanagerMessage } from './intake/messages.ts';
import { lookOnly } from './look-only.ts';
import { pass, withRunbook } from './watching.ts';

const MINUTE = 60_000;
type Command = (around: Whole['around']) => (id: string, given: unknown) => Promise<unknown>;

/** An incident of an alert that no runbook answers to: people have it at once. P1: the on-call engineer and the lead. */
async function paged() {
  const system = await withRunbook(lookOnly('P1'));
  await system.clock.during(intake(system.around)(alertmanagerMessage('QueueStuck')));
  await system.until(() => system.pages().length >= 2);
  const { id } = await system.incident();
  const began = iso(system.clock.now());
  return {
    ...system,
    do: (command: Command, said: object = {}) => system.clock.during(command(system.around)(id, { by: 'Ada', ...said })),
    /** Whom it paged since, as `minutes role`. */
    since: async () => {
      const sent = (await system.around.store.people.pages(id)).flatMap(({ sentAt, role, by }) =>
        by !== 'notice' && sentAt && sentAt > began ? [{ sentAt, role }] : [],
      );
      const inOrder = sent.toSorted((one, other) => one.sentAt.localeCompare(other.sentAt));
      return inOrder.map(({ sentAt, role }) => `${Math.round(between(began, sentAt) / MINUTE)} ${role}`);
    },
    began,
  };
}

describe('a person in command of the ladder', () => {
  it('hands it over: the other is paged at once, and the ladder goes up from there until they acknowledge', async () => {
    const system = await paged();
    await system.do(acknowledge);
    await pass(system, 5 * MINUTE);
    await system.do(handOver, { to: 'cto' });
    await pass(system, 2 * MINUTE);
    expect((await system.since())[0]).toBe('5 cto');
    await system.do(acknowledge, { by: 'Bob' });
    await pass(system, 60 * MINUTE);
    // The lead is told of a P1 whoever works on it; the CTO, who has it, is asked no more.
    expect((await system.since()).filter((page) => page.endsWith('cto'))).toEqual(['5 cto']);
  });

  it('asks for quiet: nobody is paged until then, and in that second the ladder goes on', async () => {
    const system = await paged();
    await system.do(snooze, { minutes: 20 });
    await pass(system, 19 * MINUTE);
    expect(await system.since()).toEqual([]);
    await pass(system, 2 * MINUTE);
    expect(new Set(await system.since())).toEqual(new Set(['20 oncall', '20 lead']));
    expect(await system.incident()).toMatchObject({ status: 'open', snoozed: null, ladder: { generation: 2 } });
  });

  it('raises it: the worse ladder begins at once; lowers it: nobody is paged for that', async () => {
    const system = await paged();
    await system.do(acknowledge);
    await pass(system, MINUTE);
    await system.do(rate, { severity: 'P2' });
    await pass(system, 10 * MINUTE);
    expect(await system.since()).toEqual([]);
    await system.do(rate, { severity: 'P0' });
    await pass(system, MINUTE);
    expect((await system.since())[0]).toBe('11 oncall');
  });

  it('escalates now: the next is paged at once, and who has it keeps it', async () => {
    const system = await paged();
    await system.do(acknowledge);
    await pass(system, MINUTE);
    await system.do(escalateNow, { reason: 'I need help' });
    await system.do(escalateNow);
    await pass(system, MINUTE);
    expect(await system.since()).toEqual(['1 cto']);
    expect(await system.incident()).toMatchObject({ status: 'acknowledged', acknowledgedBy: { name: 'Ada' } });
  });
});

it('pages of an open incident are held while its system is worked on, and go out when that is over', async () => {
  const system = await paged();
  const to = plus(system.began, 120 * MINUTE);
  const plan = { system: 'sira', to, by: 'Ada', reason: 'the queue is moved' };
  const { id } = await system.clock.during(planMaintenance(system.around)(plan, 'one'));
  await pass(system, 90 * MINUTE);
  expect(await system.since()).toEqual([]);
  const told = await system.around.store.incidents.timeline((await system.incident()).id);
  expect(told).toContainEqual(expect.objectContaining({ type: 'held-back', until: to }));
  await system.clock.during(endMaintenance(system.around)(id, { by: 'Ada' }));
  await pass(system, MINUTE);
  expect((await system.since())[0]).toBe('90 cto');
});
