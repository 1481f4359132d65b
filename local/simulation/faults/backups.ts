import type { FaultKind, Ground } from '../fault-kind.ts';
import { setBackups } from '../host/backup-job.ts';
import { MiB } from '../host/tree.ts';

/** A week of them, the newest so many hours old. */
const week = (newest: number) => Array.from({ length: 7 }, (_, at) => ({ old: newest + 24 * at }));

/** As cron leaves them on a well host. */
const off = (ground: Ground) => setBackups(ground, week(1));

export const backupsFaults: FaultKind[] = [
  {
    id: 'backup-missing',
    title: 'Cron has made no backup for two days; the script works',
    backup: { cron: 'silent' },
    on: (ground) => setBackups(ground, week(50)),
    off,
  },
  {
    id: 'backup-broken-off',
    title: "Last night's backup broke off: its archive does not unpack; the script works",
    backup: { cron: 'silent' },
    on: (ground) => setBackups(ground, [{ old: 3, whole: false }, ...week(27)]),
    off,
  },
  {
    id: 'backup-script-fails',
    title: 'The backup script fails: the database does not take its password',
    backup: { cron: 'silent', script: 'fails' },
    on: (ground) => setBackups(ground, week(50)),
    off,
  },
  {
    id: 'backup-too-small',
    title: 'The backup script makes archives of an eighth of their size',
    backup: { cron: 'silent', script: 'too-small' },
    on: (ground) => setBackups(ground, week(50)),
    off,
  },
  {
    id: 'backup-dump-dies',
    title: "The backup script's dump dies half-way, and is packed as if it were whole",
    backup: { cron: 'silent', script: 'breaks-off' },
    on: (ground) => setBackups(ground, week(50)),
    off,
  },
  {
    id: 'backup-no-room',
    title: 'The disk of the backups has no room for another',
    backup: { cron: 'silent', freeBytes: 3 * MiB },
    on: (ground) => setBackups(ground, week(50)),
    off,
  },
  {
    id: 'backup-under-way',
    title: "Cron's backup is late: it runs right now, and is done in a few minutes",
    backup: { cron: 'late' },
    on: (ground) => setBackups(ground, week(27)),
    off,
  },
  {
    id: 'backup-all-broken',
    title: 'No backup of the last week unpacks to its end',
    backup: { cron: 'silent' },
    on: (ground) =>
      setBackups(
        ground,
        week(2).map((one) => ({ ...one, whole: false })),
      ),
    off,
  },
  {
    id: 'restore-loses-rows',
    title: 'The backups look whole, and give back fewer rows than they hold',
    backup: { losesRows: true },
    on: () => undefined,
    off: () => undefined,
  },
  {
    id: 'restore-test-cut-off',
    title: 'A restore test was cut off, and its scratch container is still there',
    on: ({ engine }) => {
      const db = engine.of('db');
      engine.state.scratch.push({
        id: engine.newId('scratch'),
        name: 'firebreak-restore-test-cut-off',
        image: db?.imageId ?? '',
        labels: { 'firebreak.restore-test': engine.parts.settings.containers.db },
        tables: {},
      });
    },
    off: ({ engine }) => {
      engine.state.scratch = [];
    },
  },
];
