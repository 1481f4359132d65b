import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { leapingClock } from '../../../local/clocks.ts';
import { COMPOSE_FAULTS } from '../../../local/simulation/faults/saveit-compose.ts';
import { createSaveitHosts } from '../../../local/simulation/saveit-hosts.ts';
import { SaveitSettings } from '../../../runbooks/saveit/system.ts';

const settings = SaveitSettings.parse({ hosts: [{ name: 'saveit-compose-1', instanceId: 'i-0c1d2e3f4a5b60718' }] });

async function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-'));
  const clock = leapingClock();
  const open = () => createSaveitHosts({ dataDir: folder, clock, settings });
  let hosts = await open();
  onTestFinished(async () => {
    await hosts.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    clock,
    hosts: () => hosts,
    firing: () => hosts.measure().some(({ firing }) => firing),
    reopen: async () => {
      await hosts.close();
      hosts = await open();
    },
  };
}

it('is well as it is made, and an alarm of its host watches it', async () => {
  const { hosts, firing } = await opened();
  expect(firing()).toBe(false);
  expect(hosts().alarmConfigurations()).toMatchObject([
    { name: 'saveit-ComposeNotResponding', dimensions: { InstanceId: 'i-0c1d2e3f4a5b60718' } },
  ]);
  expect(hosts().fleet.instances()).toMatchObject([{ pingStatus: 'Online', tags: { 'firebreak:system': 'saveit' } }]);
  expect(() => hosts().switchOn('saveit-hung')).toThrow('there is no fault "saveit-hung"');
});

it.each(COMPOSE_FAULTS)('$id makes its alarm fire, also after a restart, and is over when it is switched off', async ({ id }) => {
  const { clock, hosts, firing, reopen } = await opened();
  hosts().switchOn(id);
  expect(firing()).toBe(id !== 'saveit-compose-deploying');
  await reopen();
  expect([
    firing(),
    hosts()
      .faults()
      .filter(({ on }) => on).length,
  ]).toEqual([id !== 'saveit-compose-deploying', 1]);
  hosts().switchOff(id);
  await clock.sleep(10_000);
  expect([
    firing(),
    hosts()
      .faults()
      .some(({ on }) => on),
  ]).toEqual([false, false]);
});
