import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { found } from './provoked.ts';
import { well } from './well.ts';

const checksIn = (folder: string, pattern: RegExp) =>
  globSync(join(import.meta.dirname, folder, '*.ts')).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, check, other]) => check ?? other ?? ''),
  );

test('a well account has nothing missing', () => {
  expect(found({})).toEqual([]);
});

test('local mode has no one who watches it, and says so in one note', () => {
  const { topics = [], alarms = [], place } = well();
  const local = found({
    place: { ...place, local: true, endpoint: 'http://127.0.0.1:4600' },
    topics: topics.filter(({ name }) => name !== 'firebreak-watchdog'),
    alarms: alarms.filter(({ name }) => !name.startsWith('firebreak-')),
    table: { deletionProtection: false, pointInTimeRecovery: false },
  });
  expect(local).toMatchObject([{ check: 'local-mode', severity: 'note' }]);
});

test('every kind of finding is provoked by a test', () => {
  const made = new Set(checksIn('../../../functions/doctor/findings', /check: '([a-z-]+)'|finding\('([a-z-]+)'/g));
  const tested = new Set([...checksIn('findings', /'([a-z]+(?:-[a-z]+)*)'/g), 'local-mode', '']);
  expect([...made].filter((check) => !tested.has(check))).toEqual([]);
});
