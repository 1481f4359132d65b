import { expect, it } from 'vitest';
import { alarmsOfThisMachine } from '../../../local/hosts/disks.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';

it('has an alarm for each disk that something of SIRA lies on, named after its mount', () => {
  // Two mounts that every Linux has; /no/such is nowhere.
  const settings = SiraSettings.parse({
    logFolders: ['/proc/sys', '/no/such'],
    backups: { folder: '/dev/shm', prefix: 'sira_' },
  });
  const alarms = alarmsOfThisMachine(settings).filter(({ alert }) => alert === 'DiskSpaceLow');
  expect(alarms.map(({ name, dimensions }) => [name, dimensions.path])).toEqual([
    ['sira-DiskSpaceLow', '/'],
    ['sira-DiskSpaceLow-proc', '/proc'],
    ['sira-DiskSpaceLow-dev-shm', '/dev/shm'],
  ]);
  expect(alarms.every(({ dimensions }) => dimensions.InstanceId === settings.hosts[0]?.instanceId)).toBe(true);
});
