import { describe, expect, it } from 'vitest';
import backupFailed from '../../../runbooks/sira/backup-failed.ts';
import {
  type BackupFacts,
  type Backups,
  beingMade,
  databaseIncident,
  hindrance,
  illness,
  lastGood,
  listed,
  notNow,
  type RestoreTest,
  staleForDays,
  untested,
} from '../../../runbooks/sira/backups.ts';
import restoreTest from '../../../runbooks/sira/restore-test.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';

const settings = SiraSettings.parse({});
const HOUR = 3_600;
const MB = 1024 * 1024;
type Backup = Backups['backups'][number];

const backup = (hours: number, given: Partial<Backup> = {}): Backup => ({
  name: `sira_${hours}.sql.gz`,
  bytes: 10 * MB,
  ageSeconds: hours * HOUR,
  state: 'whole',
  ...given,
});
const found = (backups: Backup[], given: Partial<Backups> = {}): Backups => ({
  folderFound: true,
  backups,
  total: backups.length,
  freeMb: 1_000,
  running: [],
  ...given,
});
const database = { state: 'running', accepting: 'accepting', tooManyClients: false, diskFull: false, panic: false } as const;
const container = {
  ...{ service: 'backend', name: settings.containers.backend, state: 'running', health: 'healthy' as const, exitCode: 0 },
  ...{ restartCount: 0, oomKilled: false, restartPolicy: 'always' },
} as const;
const facts = (backups: Backups, given: Partial<BackupFacts> = {}): BackupFacts => ({
  backups,
  database,
  services: { containers: [container], dockerLive: true },
  ...given,
});
const limit = { maxAgeHours: 26 };

describe('the newest backup', () => {
  it('is well when it is young, whole and about as large as the one before', () => {
    expect(illness(found([backup(1), backup(25)]), limit)).toBeUndefined();
    expect(illness(found([backup(26)]), limit)).toBeUndefined();
    expect(illness(found([backup(1, { bytes: 5 * MB }), backup(25)]), limit)).toBeUndefined();
  });
  it.each([
    [found([], { folderFound: false }), 'the folder of backups is not there'],
    [found([]), 'there is no backup'],
    [found([backup(27)]), 'the newest backup is 27 hours old'],
    [found([backup(1, { state: 'broken' }), backup(25)]), 'the newest backup, sira_1.sql.gz, does not unpack to its end'],
    [found([backup(1, { state: 'incomplete' })]), 'the newest backup, sira_1.sql.gz, lacks the line that a dump ends with'],
    [found([backup(1, { state: 'unchecked' })]), 'the newest backup, sira_1.sql.gz, was not unpacked'],
    [found([backup(1, { bytes: 4 * MB }), backup(25)]), 'the newest backup has 4 MB, less than half of the 10 MB before it'],
  ])('is ill otherwise, and it is said how', (backups, said) => {
    expect(illness(backups, limit)).toBe(said);
  });
  it('is compared with the last whole one, not with one that broke off', () => {
    const backups = [backup(1, { bytes: 4 * MB }), backup(25, { bytes: 3 * MB, state: 'broken' }), backup(49)];
    expect(illness(found(backups), limit)).toContain('less than half of the 10 MB');
  });
});

describe('the last good backup', () => {
  it('is the newest whole one, unless it is a sudden dwarf', () => {
    expect(lastGood(found([backup(1, { state: 'broken' }), backup(25)]))?.name).toBe('sira_25.sql.gz');
    expect(lastGood(found([backup(1, { bytes: MB }), backup(25)]))?.name).toBe('sira_25.sql.gz');
    expect(lastGood(found([backup(1, { state: 'unchecked' })]))).toBeUndefined();
  });
  it('makes it worse once nothing younger than two days can be restored', () => {
    expect(staleForDays(found([backup(47)]))).toBe(false);
    expect(staleForDays(found([backup(49)]))).toBe(true);
    expect(staleForDays(found([backup(1, { state: 'broken' })]))).toBe(true);
  });
});

describe('a backup is not run', () => {
  const old = found([backup(50)]);
  it('where nothing is in its way it is', () => {
    expect(hindrance(facts(old), settings)).toBeUndefined();
    expect(hindrance(facts(found([])), settings)).toBeUndefined();
  });
  it.each([
    [facts({ ...old, folderFound: false }), 'there is no folder /backups'],
    [facts({ ...old, running: [{ pid: 7, seconds: 125, command: '/bin/sh backup_db.sh' }] }), 'a backup runs (pid 7'],
    [facts(found([backup(0, { ageSeconds: 20, state: 'broken' })])), 'was written to less than a minute ago'],
    [facts(found([backup(3, { state: 'unchecked' })])), 'nobody knows whether it is whole'],
    [facts({ ...old, freeMb: 19 }), '/backups has 19 MB free, and 20 MB are wanted'],
    [facts(found([], { freeMb: 99 })), '100 MB are wanted'],
    [facts(old, { services: { containers: [container], dockerLive: false } }), 'Docker does not answer'],
    [facts(old, { services: { containers: [], dockerLive: true } }), 'does not run (no container)'],
    [facts(old, { services: { containers: [{ ...container, state: 'exited' }], dockerLive: true } }), 'does not run (exited)'],
    [facts(old, { database: { ...database, accepting: 'rejecting' } }), 'does not accept connections (rejecting)'],
    [facts(old, { database: { ...database, accepting: 'unknown' } }), 'does not accept connections (unknown)'],
  ])('otherwise, and it is said why', (given, said) => {
    expect(hindrance(given, settings)).toContain(said);
  });
  it('while the database has an incident of its own', () => {
    expect(databaseIncident(database)).toBeUndefined();
    expect(databaseIncident({ ...database, state: 'exited' })).toContain('does not run');
    expect(databaseIncident({ ...database, panic: true })).toContain('panicked');
    expect(databaseIncident({ ...database, diskFull: true })).toContain('full disk');
    expect(databaseIncident({ ...database, tooManyClients: true })).toContain('every connection');
  });
  it('is told as being made only while something may still write it', () => {
    expect(beingMade(found([backup(0, { ageSeconds: 59, state: 'incomplete' })]))).toContain('less than a minute');
    expect(beingMade(found([backup(0, { ageSeconds: 61, state: 'incomplete' })]))).toBeUndefined();
    expect(beingMade(found([backup(0, { ageSeconds: 5 })]))).toBeUndefined();
  });
});

describe('a restore test', () => {
  const last = {
    ...{ good: true, backup: 'sira_1.sql.gz', tablesInDump: 2, tables: 2, rowsInDump: 9, rows: 9, differing: [], errors: 0 },
    ...{ tookSeconds: 5, ageSeconds: HOUR },
  };
  const test: RestoreTest = {
    ...{ image: `sha256:${'a'.repeat(64)}`, leftOver: 0, dockerFreeMb: 9_000, memoryAvailableMb: 4_000, load1: 1, cpus: 2, last },
  };
  const bounds = { memoryMb: 512, loadPerCpu: 1.5 };
  const given = { backups: found([backup(1)]), test, database };

  it('is due where there was none, a bad one, or none for long', () => {
    expect(untested(test, { youngerThanDays: 1 })).toBeUndefined();
    expect(untested({ ...test, last: null }, { youngerThanDays: 1 })).toContain('no restore has been tested');
    expect(untested({ ...test, last: { ...last, good: false, rows: 3 } }, { youngerThanDays: 1 })).toContain('3 of 9 rows');
    expect(untested({ ...test, last: { ...last, ageSeconds: 49 * HOUR } }, { youngerThanDays: 1 })).toContain('2 days ago');
  });
  it('is begun where nothing speaks against it', () => {
    expect(notNow(given, bounds)).toBeUndefined();
  });
  it.each([
    [{ ...given, backups: found([]) }, 'there is no good backup'],
    [{ ...given, backups: found([backup(1)], { running: [{ pid: 7, seconds: 1, command: 'pg_dump' }] }) }, 'a backup runs'],
    [{ ...given, database: { ...database, accepting: 'no-response' as const } }, 'does not accept connections'],
    [{ ...given, test: { ...test, image: '' } }, 'image is not known'],
    [{ ...given, test: { ...test, dockerFreeMb: 299 } }, 'Docker has 299 MB free, and 300 MB may be taken'],
    [{ ...given, test: { ...test, memoryAvailableMb: 700 } }, '700 MB of memory are available'],
    [{ ...given, test: { ...test, load1: 3.1 } }, 'the host is busy'],
  ])('is refused otherwise', (refused, said) => {
    expect(notNow(refused, bounds)).toContain(said);
  });
});

describe('who hears of it', () => {
  const told = (given: BackupFacts) => backupFailed.escalate.tell({ ...given }, { ...limit }, settings);
  it('reads the newest backups, what is wrong, and what was in the way', () => {
    const text = told(facts(found([backup(50)], { freeMb: 3 })));
    expect(text).toContain('the newest backup is 50 hours old.');
    expect(text).toContain('In the way: /backups has 3 MB free');
    expect(text).toContain('sira_50.sql.gz  10 MB  50 hours old  whole');
    expect(listed(found([]))).toBe('The newest of 0 backups (1,000 MB free):');
  });
  it('is the database admin during an incident of the database, and it is worse after two days', () => {
    const ill = facts(found([backup(50)]), { database: { ...database, accepting: 'rejecting' } });
    expect(backupFailed.escalate.instead({ ...ill }, limit, settings)).toBe('dba');
    expect(backupFailed.escalate.instead({ ...facts(found([backup(50)])) }, limit, settings)).toBeUndefined();
    expect(backupFailed.escalate.asBadAs({ ...ill }, limit, settings)).toBe('P2');
    expect(backupFailed.escalate.asBadAs({ ...facts(found([backup(30)])) }, limit, settings)).toBeUndefined();
  });
});

describe('their schedules', () => {
  it('look each morning, and restore once a month at night', () => {
    expect(backupFailed.schedules.map(({ name, on }) => [name, on])).toEqual([['daily-backup-check', 'day']]);
    expect(restoreTest.schedules.map(({ name, on }) => [name, on])).toEqual([['monthly-restore-test', { dayOfMonth: 3 }]]);
  });
});
