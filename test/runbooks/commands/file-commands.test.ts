import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { deleteBackups } from '../../../runbooks/commands/delete-backups.ts';
import { deleteOldLogs } from '../../../runbooks/commands/delete-old-logs.ts';
import { oldBackups } from '../../../runbooks/commands/old-backups.ts';
import { oldLogs } from '../../../runbooks/commands/old-logs.ts';
import { runCommand, runScript, temporaryFolder } from './run-command.ts';

const DAY = 86_400;
const MB = 2 ** 20;

function file(path: string, ageDays: number, content: string | Buffer = ''): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  const then = Date.now() / 1_000 - ageDays * DAY;
  utimesSync(path, then, then);
}

async function mountOf(folder: string): Promise<string> {
  return (await runScript(`df -P '${folder}' | awk 'NR == 2 { print $6 }'`, {}).ended).stdout.trim();
}

describe('old logs', () => {
  async function logs() {
    const root = temporaryFolder();
    const [nginx, backend] = [join(root, 'nginx'), join(root, 'backend')];
    for (const name of ['access.log', 'access.log.1', 'access.log.2.gz', 'error.log-20260901', 'a b.log', 'deep/er.log.12.xz'])
      file(join(nginx, name), 8, Buffer.alloc(MB));
    for (const name of ['access.log.keep', 'dialog', 'notes.txt', 'x.logs']) file(join(nginx, name), 30, 'kept');
    file(join(nginx, 'young.log'), 6, 'young');
    file(join(root, 'elsewhere', 'far.log'), 30, 'not here');
    mkdirSync(backend);
    symlinkSync(join(root, 'elsewhere'), join(backend, 'linked'));
    symlinkSync(join(root, 'elsewhere', 'far.log'), join(backend, 'link.log'));
    symlinkSync(join(root, 'elsewhere'), join(root, 'linked-folder'));
    const folders = [nginx, backend, join(root, 'linked-folder'), join(root, 'missing')];
    return { root, nginx, parameters: { folders, mount: await mountOf(root), olderThanDays: 7 } };
  }

  test('are counted as they will be deleted, and then deleted', async () => {
    const { root, nginx, parameters } = await logs();
    const counted = await runCommand(oldLogs, parameters);
    expect(counted.stderr).toContain(`No folder: ${root}/missing`);
    const facts = oldLogs.facts.parse(counted.facts());
    expect(facts).toMatchObject({ files: 6, mb: 6 });
    expect(facts.newestAgeSeconds).toBeGreaterThanOrEqual(8 * DAY);
    expect(counted.stdout).toContain('a b.log');

    const deleted = await runCommand(deleteOldLogs, parameters);
    expect(deleteOldLogs.facts.parse(deleted.facts())).toEqual({ freedMb: 6, deleted: 6 });
    expect(readdirSync(nginx).toSorted()).toEqual(['access.log.keep', 'deep', 'dialog', 'notes.txt', 'x.logs', 'young.log']);
    expect(readdirSync(join(root, 'elsewhere'))).toEqual(['far.log']);
    expect(readdirSync(join(root, 'backend'))).toEqual(['link.log', 'linked']);
  });

  test('on another file system stay', async () => {
    const { nginx, parameters } = await logs();
    const elsewhere = { ...parameters, mount: '/proc' };
    const deleted = await runCommand(deleteOldLogs, elsewhere);
    expect(deleted.facts()).toEqual({ freedMb: 0, deleted: 0 });
    expect(readdirSync(nginx)).toContain('access.log');
  });

  test.each(['-1', '', '7 days', 'a[$(id)]', '0x7'])('stay when their age is told as %j', async (olderThanDays) => {
    const { nginx, parameters } = await logs();
    const refused = await runCommand(deleteOldLogs, parameters, { raw: { olderThanDays } });
    expect(refused.status).not.toBe(0);
    expect(readdirSync(nginx)).toContain('access.log');
  });
});

describe('backups', () => {
  const good = gzipSync('CREATE TABLE t (n int);');
  const broken = good.subarray(0, 20);

  function backups(ages: Record<string, [ageDays: number, content: Buffer]>) {
    const folder = temporaryFolder();
    for (const [name, [age, content]] of Object.entries(ages)) file(join(folder, name), age, content);
    file(join(folder, 'other_9.sql.gz'), 90, good);
    file(join(folder, 'sira_notes.txt'), 90, 'kept');
    return { folder, parameters: { folder, prefix: 'sira_', keepDays: 7, keepNewest: 3 } };
  }
  const daily = (): Record<string, [number, Buffer]> => ({
    'sira_1.sql.gz': [0.1, good],
    'sira_2.sql.gz': [1.1, good],
    'sira_3.sql.gz': [2.1, good],
    'sira_8.sql.gz': [8, good],
    'sira_9.sql.gz': [9, broken],
  });

  test('past their retention can go when three newer ones are good', async () => {
    const { parameters } = backups(daily());
    const facts = oldBackups.facts.parse((await runCommand(oldBackups, parameters)).facts());
    expect(facts.valid).toEqual(['sira_1.sql.gz', 'sira_2.sql.gz', 'sira_3.sql.gz']);
    expect(facts.deletable.map(({ name }) => name)).toEqual(['sira_8.sql.gz', 'sira_9.sql.gz']);
    expect(facts.newestAgeSeconds).toBeGreaterThanOrEqual(0.1 * DAY - 1);
  });

  test('are deleted by name, and nothing else is', async () => {
    const { folder, parameters } = backups(daily());
    const deleted = await runCommand(deleteBackups, { ...parameters, names: ['sira_8.sql.gz', 'sira_7.sql.gz'] });
    expect(deleteBackups.facts.parse(deleted.facts())).toMatchObject({ deleted: 1 });
    const left = ['other_9.sql.gz', 'sira_1.sql.gz', 'sira_2.sql.gz', 'sira_3.sql.gz', 'sira_9.sql.gz', 'sira_notes.txt'];
    expect(readdirSync(folder).toSorted()).toEqual(left);
  });

  test.each<[string, Record<string, [number, Buffer]>]>([
    ['the newest is older than a day', { ...daily(), 'sira_1.sql.gz': [1.05, good] }],
    ['the newest good one is older than a day', { ...daily(), 'sira_1.sql.gz': [0.1, broken] }],
    ['the newest holds nothing', { ...daily(), 'sira_1.sql.gz': [0.1, gzipSync('')] }],
    ['fewer than three are good', { 'sira_1.sql.gz': [0.1, good], 'sira_8.sql.gz': [8, good], 'sira_9.sql.gz': [9, broken] }],
  ])('all stay when %s', async (_, ages) => {
    const { folder, parameters } = backups(ages);
    const before = readdirSync(folder);
    expect(oldBackups.facts.parse((await runCommand(oldBackups, parameters)).facts()).deletable).toEqual([]);
    const refused = await runCommand(deleteBackups, { ...parameters, names: ['sira_9.sql.gz'] });
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('Refused') });
    expect(readdirSync(folder)).toEqual(before);
  });

  test.each([
    ['a good one that must stay', 'sira_3.sql.gz'],
    ['a path', '../sira_8.sql.gz'],
    ['another prefix', 'other_9.sql.gz'],
    ['another kind of file', 'sira_notes.txt'],
    ['a pattern', 'sira_*.sql.gz'],
    ['an option', '-rf'],
  ])('all stay when the list has %s', async (_, name) => {
    const { folder, parameters } = backups(daily());
    const before = readdirSync(folder);
    const refused = await runCommand(deleteBackups, { ...parameters, names: ['sira_8.sql.gz', name] });
    expect(refused.status).toBe(1);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('in a folder that is not there are no facts', async () => {
    const { parameters } = backups(daily());
    const missing = await runCommand(oldBackups, { ...parameters, folder: '/nowhere/at/all' });
    expect(missing).toMatchObject({ status: 1, stdout: '', stderr: 'No folder: /nowhere/at/all\n' });
  });
});
