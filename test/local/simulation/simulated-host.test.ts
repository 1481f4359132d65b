import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { leapingClock } from '../../../local/clocks.ts';
import { kill, revive } from '../../../local/simulation/faults/ended.ts';
import { openSimulated, simulatedHost } from '../../../local/simulation/simulated-host.ts';
import { sira } from '../../../runbooks/sira/system.ts';

/** SIRA, described as a team describes a system of its own: what it says of its hosts is enough. */
const described = {
  parts: { backend: 'backend', frontend: 'frontend', nginx: 'nginx', db: 'db' },
  faults: [
    {
      id: 'ended',
      title: 'The backend has ended',
      on: (ground: Parameters<typeof kill>[0]) => kill(ground, 'backend', 60_000, 137, true),
      off: (ground: Parameters<typeof kill>[0]) => revive(ground, 'backend'),
    },
    { id: 'unreachable', title: 'The host does not answer', unreachable: true, on: () => undefined, off: () => undefined },
  ],
  alarms: {
    DatabaseDown: { above: 0, value: () => 0, says: () => 'the database answers' },
    MemoryExhausted: { above: 0, value: (host: { ended(): string[] }) => host.ended().length, says: () => 'as the test has it' },
  },
} as const;

async function opened() {
  const dataDir = mkdtempSync(join(tmpdir(), 'firebreak-'));
  const hosts = await openSimulated(simulatedHost(sira, described), { dataDir, clock: leapingClock() });
  onTestFinished(async () => {
    await hosts.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const run = async (script: string) => {
    const [host] = hosts.fleet.instances();
    return hosts.fleet.run(host?.instanceId ?? '', script, {}, new AbortController().signal);
  };
  return { hosts, run, firing: () => hosts.measure().flatMap(({ alert, firing }) => (firing ? [alert] : [])) };
}

it('has the services and folders that the system says, and scripts run there', async () => {
  const { run, firing } = await opened();
  const { stdout } = await run(
    'docker-compose -f /srv/sira/docker-compose.prod.yml ps -q backend | wc -l; find /backups -type d',
  );
  expect(stdout).toBe('1\n/backups\n');
  expect(firing()).toEqual([]);
});

it('has an alarm for each alert that is measured, of the host where the alert is about one, and it fires above its bound', async () => {
  const { hosts, firing } = await opened();
  expect(hosts.alarmConfigurations()).toMatchObject([
    { name: 'sira-DatabaseDown', dimensions: {} },
    { name: 'sira-MemoryExhausted', dimensions: { InstanceId: 'i-0a1b2c3d4e5f60718' }, threshold: 0 },
  ]);
  hosts.switchOn('ended');
  expect(firing()).toEqual(['MemoryExhausted']);
  hosts.switchOff('ended');
  expect(firing()).toEqual([]);
});

it('tells nothing of itself while it cannot be reached', async () => {
  const { hosts } = await opened();
  hosts.switchOn('unreachable');
  expect(hosts.measure()).toEqual([]);
  expect(hosts.fleet.instances()).toMatchObject([{ pingStatus: 'ConnectionLost' }]);
});

it('is refused where it does not fit its system', async () => {
  const { hostNeeds: _, ...without } = sira;
  expect(() => simulatedHost(without, described)).toThrow('expected hostNeeds in its system.ts');
  const misspelt = { ...described, alarms: { DatabaseDwon: described.alarms.DatabaseDown } };
  expect(() => simulatedHost(sira, misspelt)).toThrow('DatabaseDwon is no alert');
  const place = { dataDir: tmpdir(), clock: leapingClock() };
  expect(() => openSimulated(simulatedHost(sira, { ...described, parts: { backend: 'backend' } }), place)).toThrow(
    'expected a part of its own for the service frontend',
  );
});
