import { expect, it } from 'vitest';
import { setMode } from '../../functions/console/commands/set-mode.ts';
import { STORM } from '../../functions/incident/storm.ts';
import { intake } from '../../functions/intake/intake.ts';
import { type Whole, whole } from '../local/whole.ts';
import { alertmanagerMessage } from './intake/messages.ts';
import { leaveOneFile } from './leave-one-file.ts';
import { pass, round } from './watching.ts';

/** Alerts that nobody declared, so that no runbook answers: each is an incident of its own. */
async function alerts(system: Whole, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n += 1) await system.clock.during(intake(system.around)(alertmanagerMessage(`Trouble${n}`)));
}

/** Of pages: an update is a mail to those who have nothing to do for it. */
const subjects = (system: Whole) =>
  system.aws
    .inbox()
    .map(({ subject }) => subject)
    .filter((subject) => !subject.startsWith('Update: '));
const LIST = /at once/;

it('many incidents within minutes: one page lists them, the rest comes in one more, and nothing acts', async () => {
  const runbook = leaveOneFile('one', 'DiskSpaceLow');
  const system = await whole({ monitoring: false, registry: { systems: [runbook.system], runbooks: [runbook] } });
  await alerts(system, 1, STORM.more);
  expect(subjects(system)).toHaveLength(STORM.more);
  expect(subjects(system).some((subject) => LIST.test(subject))).toBe(false);

  await system.clock.during(intake(system.around)(alertmanagerMessage('DiskSpaceLow')));
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
  expect(subjects(system)).toHaveLength(STORM.more + 1);

  await alerts(system, 11, 13);
  expect(subjects(system)).toHaveLength(STORM.more + 1);
  expect(await round(system)).toEqual(['listed 3 incidents of sira that came with many others']);
  expect(subjects(system).filter((subject) => LIST.test(subject))).toHaveLength(2);
  expect(await round(system)).toEqual([]);

  await pass(system, STORM.lastsMs + 60_000);
  await alerts(system, 21, 21);
  expect(subjects(system).at(-1)).toBe('P1 SIRA: Trouble21');
});

it('one that is worse than all that were listed pages by itself, at once', async () => {
  const runbook = { ...leaveOneFile('one', 'APIDown'), triggers: [{ alert: 'APIDown', severity: 'P0' }] };
  const system = await whole({ monitoring: false, registry: { systems: [runbook.system], runbooks: [runbook] } });
  await alerts(system, 1, STORM.more + 1);
  const before = subjects(system).length;
  await system.clock.during(intake(system.around)(alertmanagerMessage('APIDown')));
  await system.until(() => system.quiet());
  expect(subjects(system).slice(before)).toEqual([expect.stringMatching(/^P0 SIRA: Leave one file/)]);
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
  expect(subjects(system).slice(before)).toEqual(['P1 SIRA: Trouble11', 'P1 SIRA: Trouble12']);
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
