import { describe, expect, it } from 'vitest';
import { enough, filling, free, liesOn } from '../../../runbooks/sira/disk.ts';
import diskSpaceLow from '../../../runbooks/sira/disk-space-low.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';

const disk = {
  filesystems: [
    { mount: '/', freePercent: 60, inodesUsedPercent: 10 },
    { mount: '/boot', freePercent: 15, inodesUsedPercent: 2 },
    { mount: '/backups', freePercent: 8.7, inodesUsedPercent: 99 },
  ],
};
const wanted = (mount: string, freeAtLeast = 25) => ({ mount, freeAtLeast });

describe('room on a disk', () => {
  it('is judged on the filesystem in question and on no other', () => {
    expect(enough(disk, wanted('/'))).toBe(true);
    expect(enough(disk, wanted('/boot'))).toBe(false);
  });
  it('ends exactly where it is asked to', () => {
    expect(enough(disk, wanted('/', 60))).toBe(true);
    expect(enough(disk, wanted('/', 61))).toBe(false);
  });
  it('needs inodes, too', () => {
    expect(enough({ filesystems: [{ mount: '/', freePercent: 60, inodesUsedPercent: 99 }] }, wanted('/'))).toBe(false);
    expect(free(disk, wanted('/backups'))).toBe('/backups has 8.7 % free, and 99 % of its inodes are used');
  });
  it('is not there where nothing is mounted', () => {
    expect(enough(disk, wanted('/data'))).toBe(false);
    expect(free(disk, wanted('/data'))).toContain('no filesystem at /data');
  });
  it('belongs to the longest mount that a path begins with', () => {
    expect(liesOn(disk, '/backups/nightly', '/backups')).toBe(true);
    expect(liesOn(disk, '/backups-old', '/backups')).toBe(false);
    expect(liesOn(disk, '/srv/sira', '/')).toBe(true);
  });
});

describe('acts of the disk runbook', () => {
  const settings = SiraSettings.parse({});
  const facts = {
    disk,
    logs: { files: 5, mb: 900, newestAgeSeconds: 1 },
    containerLogs: { files: 4, mb: 100, mount: '/' },
    backups: { newestAgeSeconds: 3_600, valid: ['a'], deletable: [{ name: 'sira_old.sql.gz', mb: 5, ageSeconds: 1 }], mb: 5 },
    docker: {
      imagesMb: 1,
      images: [],
      leftImages: [],
      buildCacheMb: 1,
      buildCache: [],
      volumes: [{ name: 'v', mb: 1, anonymous: false }],
      stoppedContainers: [],
      allRunning: false,
    },
  };
  const needed = (mount: string) =>
    diskSpaceLow.acts
      .filter((act) => act.when(facts, { ...diskSpaceLow.parameters.parse({}), mount }, settings).needed)
      .map(({ title }) => title);

  it('do nothing for a disk that has room, whatever another lacks', () => expect(needed('/')).toEqual([]));
  it('leave what lies on another disk', () =>
    expect(needed('/backups')).toEqual(['Delete logs older than a week', 'Delete backups past their retention']));
  it('never touch what a stopped container may own', () => {
    const left = diskSpaceLow.acts.at(-1);
    const short = { ...facts, disk: { filesystems: [{ mount: '/', freePercent: 3, inodesUsedPercent: 1 }] } };
    expect(left?.when(short, diskSpaceLow.parameters.parse({}), settings)).toMatchObject({
      needed: false,
      why: expect.stringContaining('stopped'),
    });
    expect(
      left?.when({ ...short, docker: { ...facts.docker, allRunning: true } }, diskSpaceLow.parameters.parse({}), settings).needed,
    ).toBe(true);
  });
});

describe('a disk that is filling up', () => {
  const at = (freePercent: number, inodesUsedPercent = 2, mount = '/') => ({ mount, freePercent, inodesUsedPercent });
  const found = (...filesystems: ReturnType<typeof at>[]) => filling({ filesystems }, { usedAtMost: 70 });

  it('is none up to exactly what may be used', () => {
    expect(found(at(30))).toBeUndefined();
    expect(found(at(29.9))).toBe('/ is 70.1 % full: over 70 %');
  });
  it('is each filesystem that is, and no other', () => {
    expect(found(at(60), at(10, 2, '/data'), at(20, 2, '/backups'))).toBe(
      '/data is 90.0 % full; /backups is 80.0 % full: over 70 %',
    );
  });
  it('can be full of files, too', () => {
    expect(found(at(60, 71))).toBe('/ is 40.0 % full, and 71 % of its inodes are used: over 70 %');
  });
  it('is no good news where there is none', () => {
    expect(found()).toBe('no filesystem was found');
  });
});
