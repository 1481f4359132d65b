import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Whole, whole } from '../../local/whole.ts';
import { countedRunbook } from '../counted-runbook.ts';

/** A resolved run that left a change for 30 seconds. */
async function changedForATime(): Promise<Whole> {
  const runbook = countedRunbook(false, '30s');
  const system = await whole({ registry: { systems: [runbook.system], runbooks: [runbook] }, monitoring: false });
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  void system.clock.sleep(120_000).then(() => system.alarm('sira-DiskSpaceLow', 'OK'));
  await system.until(() => system.quiet());
  expect(await system.incident()).toMatchObject({ status: 'resolved' });
  return system;
}

/** Lets time pass until something has ended. */
async function during(system: Whole, work: Promise<void>): Promise<void> {
  let over = false;
  const ended = work.finally(() => {
    over = true;
  });
  await system.until(() => over);
  await ended;
}

it('pages a person, once, for a change that was for a time and cannot be taken back', async () => {
  const system = await changedForATime();
  // A file is where its folder would be: what takes the change back fails.
  writeFileSync(join(system.dataDir, 'simulation', 'hosts', 'sira-prod-1', 'root', 'srv', 'sira', 'undone'), '');
  await during(system, system.watch());
  await during(system, system.watch());
  const inbox = system.aws.inbox();
  expect(inbox.map(({ subject }) => subject)).toEqual(['P1 SIRA: "Leave a file" on sira-prod-1 was not taken back']);
  expect(inbox[0]?.message).toContain('mkdir /srv/sira/undone/x');
  expect(await system.around.store.steps.debts()).toEqual([]);
  expect((await system.incident()).status).toBe('resolved');
});
