import { expect, test } from 'vitest';
import { deployment } from '../../../../runbooks/language/deployment.ts';
import { found, provoked } from '../provoked.ts';
import { alarm, GIVEN, HOST, registry, system, well } from '../well.ts';

provoked([
  [
    'alarm-unknown',
    'warning',
    'no alert of sira is called so',
    'sira-<Alert>',
    { alarms: [...(well().alarms ?? []), alarm('sira-DiskSpaceLo')] },
  ],
  [
    'trigger-unfed',
    'warning',
    'only it starts sira/application-down',
    'Prometheus',
    { alarms: (well().alarms ?? []).filter(({ name }) => name !== 'sira-APIDown') },
  ],
  [
    'alarm-of-no-host',
    'warning',
    'i-0bbbbbbbbbbbbbbbb, which is none of the hosts',
    'aliases',
    { alarms: [...(well().alarms ?? []), alarm('sira-DiskSpaceLow-x', { InstanceId: 'i-0bbbbbbbbbbbbbbbb' })] },
  ],
  [
    'alarm-without-data',
    'warning',
    'it can not fire',
    'describe-alarms',
    { alarms: [...(well().alarms ?? []), alarm('sira-APIDown-2', {}, { state: 'INSUFFICIENT_DATA' })] },
  ],
  [
    'actions-disabled',
    'note',
    'EventBridge all the same',
    'enable-alarm-actions',
    { alarms: [...(well().alarms ?? []), alarm('sira-APIDown-2', {}, { actionsEnabled: false, actions: ['arn:x'] })] },
  ],
  [
    'heartbeat-unwatched',
    'error',
    'Firebreak is dead',
    'run deploy',
    { alarms: (well().alarms ?? []).filter(({ name }) => name !== 'firebreak-heartbeat') },
  ],
  [
    'own-actions-disabled',
    'error',
    'nobody is told',
    'enable-alarm-actions',
    {
      alarms: (well().alarms ?? []).map((one) =>
        one.name === 'firebreak-dead-letters' ? { ...one, actionsEnabled: false } : one,
      ),
    },
  ],
  [
    'own-alarm-unheard',
    'error',
    'firebreak-watchdog',
    'run deploy',
    { alarms: (well().alarms ?? []).map((one) => (one.name === 'firebreak-dead-letters' ? { ...one, actions: [] } : one)) },
  ],
]);

test('a host without the alarm that its neighbour has is told', () => {
  const second = { name: 'sira-prod-2', instanceId: 'i-0cccccccccccccccc', aliases: [] };
  const sira = { ...GIVEN.systems.sira, hosts: [...GIVEN.systems.sira.hosts, second] };
  const both = {
    given: deployment({ ...GIVEN, systems: { sira } }, registry.systems),
    systems: system({}, { known: undefined }),
  };
  const unwatched = found(both).filter(({ area }) => area === 'alarms');
  const ofHosts = (registry.systems[0]?.alerts ?? []).filter(({ about }) => about === 'host').map(({ name }) => name);
  expect(ofHosts).toContain('DiskSpaceLow');
  expect(unwatched).toMatchObject(
    ofHosts.map((alert) => ({
      check: 'host-unwatched',
      what: expect.stringContaining('sira-prod-2 has none'),
      where: `the alert ${alert} of sira`,
    })),
  );
  const theirs = ofHosts.map((alert) => alarm(`sira-${alert}-sira-prod-2`, { InstanceId: second.instanceId }));
  const alarms = [...(well().alarms ?? []), ...theirs];
  expect(found({ ...both, alarms }).filter(({ area }) => area === 'alarms')).toEqual([]);
});

test('an alert that starts no runbook and that no alarm raises is only noted', () => {
  const starting = new Set(registry.runbooks.flatMap(({ triggers }) => triggers.map((one) => one.alert)));
  const idle = registry.systems[0]?.alerts.find(({ name }) => !starting.has(name))?.name ?? '';
  const alarms = (well().alarms ?? []).filter(({ name }) => !name.startsWith(`sira-${idle}`));
  expect(found({ alarms })).toMatchObject([{ check: 'alert-unfed', severity: 'note', where: `the alert ${idle} of sira` }]);
});

test('an alarm on another host by its alias is that host’s', () => {
  const alarms = [...(well().alarms ?? []), alarm('sira-DiskSpaceLow-b', { host: '10.0.1.7', InstanceId: HOST })];
  expect(found({ alarms })).toEqual([]);
});
