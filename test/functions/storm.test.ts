import { expect, it } from 'vitest';
import { acknowledge } from '../../functions/console/commands/acknowledge.ts';
import { resolve } from '../../functions/console/commands/resolve.ts';
import { setMode } from '../../functions/console/commands/set-mode.ts';
import { STORM } from '../../functions/incident/storm.ts';
import { intake } from '../../functions/intake/intake.ts';
import type { System } from '../../runbooks/language/system.ts';
import { type Whole, whole } from '../local/whole.ts';
import { alertmanagerMessage } from './intake/messages.ts';
import { leaveOneFile } from './leave-one-file.ts';
import { pass, round } from './watching.ts';

/** Alerts that nobody declared, so that no runbook answers: each is an incident of its own. */
async function alerts(system: Whole, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n += 1) await alert(system, `Trouble${n}`);
}

/** One, and a second in which whoever is to be paged for it is. */
async function alert(system: Whole, name: string, instance?: string): Promise<void> {
  await system.clock.during(intake(system.around)(alertmanagerMessage(name, instance === undefined ? {} : { instance })));
  await pass(system, 1_000);
}

/** Each host has an incident of its own. */
const perHost = (system: System): System => ({
  ...system,
  alerts: system.alerts.map((alert) => ({ ...alert, about: 'host' as const })),
});

const subjects = (system: Whole) => system.pages().map(({ subject }) => subject);
const paged = (system: Whole) => system.pages().map(({ subject, role }) => `${role}: ${subject}`);
const LIST = /at once/;
/** Of an incident that no runbook answers to: the on-call engineer, and the lead, who hears of each P1. */
const EACH = 2;
/** After an hour the CTO, and everybody once more. */
const GOES_ON = ['cto', 'oncall', 'lead'].map((role) => `${role}: P1 SIRA: Trouble1`);

it('many incidents within minutes: one page lists them, the rest comes in one more, and nothing acts', async () => {
  const runbook = leaveOneFile('one', 'DiskSpaceLow');
  const system = await whole({ monitoring: false, registry: { systems: [runbook.system], runbooks: [runbook] } });
  await alerts(system, 1, STORM.more);
  expect(subjects(system)).toHaveLength(STORM.more * EACH);
  expect(subjects(system).some((subject) => LIST.test(subject))).toBe(false);

  await alert(system, 'DiskSpaceLow');
  const [list] = system.aws.inbox().filter(({ subject }) => LIST.test(subject));
  expect(list?.role).toBe('oncall');
  for (const { id } of await system.incidents()) expect(list?.message).toContain(id);
  expect(list?.message.split('\n').slice(0, 2).join('\n').length).toBeLessThanOrEqual(140);
  await system.until(() => system.quiet());
  expect(await system.acts()).toEqual([]);
  expect(await system.incidents()).toContainEqual(
    expect.objectContaining({ alert: 'DiskSpaceLow', automation: 'escalated', storm: expect.objectContaining({ listed: true }) }),
  );
  // Its run ended at a person, who has the list: no page of its own.
  expect(subjects(system)).toHaveLength(STORM.more * EACH + 1);

  await alerts(system, 11, 13);
  expect(subjects(system)).toHaveLength(STORM.more * EACH + 1);
  expect(await round(system)).toEqual(['listed 3 incidents of sira that came with many others']);
  expect(subjects(system).filter((subject) => LIST.test(subject))).toHaveLength(2);
  expect(await round(system)).toEqual([]);

  // Nobody has answered: the first of them goes on for all.
  const before = paged(system).length;
  await pass(system, STORM.lastsMs + 60_000);
  expect(paged(system).slice(before)).toEqual(GOES_ON);
  await alerts(system, 21, 21);
  expect(paged(system).slice(before + GOES_ON.length)).toContain('oncall: P1 SIRA: Trouble21');
});

it('one stands for all that are listed until somebody has it; where it is over, the next does', async () => {
  const system = await whole({ monitoring: false });
  await alerts(system, 1, STORM.more + 1);
  const [first, second] = await system.incidents();
  const listed = paged(system).length;
  // What comes next of any but the first is left to the list.
  await pass(system, 60 * 60_000);
  expect(paged(system).slice(listed)).toEqual(GOES_ON);
  const before = listed + GOES_ON.length;
  await system.clock.during(resolve(system.around)(first?.id ?? '', { by: 'Ada', reason: 'this one was the disk' }));
  expect(await round(system)).toEqual([`goes on with ${second?.id} for the many incidents of sira`]);
  await pass(system, 1_000);
  expect(paged(system).slice(before)).toEqual(['oncall: P1 SIRA: Trouble2', 'lead: P1 SIRA: Trouble2']);
  expect(system.pages().at(-1)?.message).toContain('The incident that stood for many is over, and this one is not');
  await system.clock.during(acknowledge(system.around)(second?.id ?? '', { by: 'Ada' }));
  expect(await round(system)).toEqual([]);
  await pass(system, 3 * 60 * 60_000);
  // Somebody has it: nobody is paged again.
  expect(paged(system).slice(before + 2)).toEqual([]);
});

it('the worst of a storm do not page each at once: the first does, and the rest is listed', async () => {
  const runbook = { ...leaveOneFile('one', 'APIDown'), triggers: [{ alert: 'APIDown', severity: 'P0' }] };
  const system = await whole({ monitoring: false, registry: { systems: [perHost(runbook.system)], runbooks: [runbook] } });
  await alerts(system, 1, STORM.more + 1);
  const before = subjects(system).length;
  for (const instance of ['10.0.1.7:9100', '10.0.1.8:9100', '10.0.1.9:9100']) await alert(system, 'APIDown', instance);
  await system.until(() => system.quiet());
  await pass(system, 1_000);
  const [first, ...rest] = (await system.incidents()).filter(({ severity }) => severity === 'P0');
  expect(first).toMatchObject({ storm: null });
  expect(rest.map(({ storm }) => storm?.listed)).toEqual([false, false]);
  // At once, and with what was found.
  expect(system.pages().slice(before)).toMatchObject(Array(2).fill({ message: expect.stringContaining(first?.id ?? '-') }));
  expect(await round(system)).toEqual(['listed 2 incidents of sira that came with many others']);
  expect(paged(system).slice(before + 2)).toEqual([expect.stringMatching(/^oncall: P0 .* 2 incidents at once/)]);
});

it('one that is worse than all that were listed pages by itself, at once', async () => {
  const runbook = { ...leaveOneFile('one', 'APIDown'), triggers: [{ alert: 'APIDown', severity: 'P0' }] };
  const system = await whole({ monitoring: false, registry: { systems: [runbook.system], runbooks: [runbook] } });
  await alerts(system, 1, STORM.more + 1);
  const before = subjects(system).length;
  await alert(system, 'APIDown');
  await system.until(() => system.quiet());
  // A P0, so at once and again with what was found.
  expect(subjects(system).slice(before)).toEqual(Array(2).fill(expect.stringMatching(/^P0 SIRA: Leave one file/)));
  expect(await system.acts()).toEqual([]);
});

it('a person who lifts it is not overruled by the same incidents', async () => {
  const system = await whole({ monitoring: false });
  await alerts(system, 1, STORM.more + 1);
  await system.clock.during(
    setMode(system.around)({ scope: 'storm:sira', mode: 'auto', by: 'Ada', reason: 'it was the network' }),
  );
  const before = subjects(system).length;
  await alerts(system, 11, 12);
  expect(paged(system).slice(before).toSorted()).toEqual([
    'lead: P1 SIRA: Trouble11',
    'lead: P1 SIRA: Trouble12',
    'oncall: P1 SIRA: Trouble11',
    'oncall: P1 SIRA: Trouble12',
  ]);
});

it('incidents that are open at the same time know of each other, whichever came first', async () => {
  const system = await whole({ monitoring: false });
  await alerts(system, 1, 3);
  const incidents = await system.incidents();
  for (const { id } of incidents) {
    const related = (await system.around.store.incidents.timeline(id)).flatMap((event) =>
      event.type === 'related' ? [event.incident] : [],
    );
    expect(related.sort()).toEqual(
      incidents
        .map((one) => one.id)
        .filter((other) => other !== id)
        .sort(),
    );
  }
});
