import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(async () => {
  expect(stage.unknown).toEqual([]);
  await stage.close();
});

const PSQL = 'docker exec -i sira_db_prod psql -X -q -At -U postgres';
const asked = async (line: string) => {
  const { stdout, stderr, exitCode } = await stage.run(line);
  return { stdout: stdout.trimEnd(), stderr: stderr.trimEnd(), exitCode };
};

describe('the simulated PostgreSQL', () => {
  it('takes statements on its standard input, with variables that it puts in quotes itself', async () => {
    const script = `printf '%s\\n' "SELECT pg_database_size(:'which');" | ${PSQL} -d sira -v which=sira -f -`;
    expect(await asked(script)).toEqual({ stdout: '4831838208', stderr: '', exitCode: 0 });
  });

  it('answers what a person types, as before', async () => {
    expect((await asked(`${PSQL} -d sira -c 'SELECT count(*) FROM pg_stat_activity;' -c 'SHOW max_connections;'`)).stdout).toBe(
      '14\n100',
    );
  });

  it('refuses a database that there is not, and one that does not run, as psql says it', async () => {
    expect(await asked(`${PSQL} -d nothing -c 'SELECT 1'`)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('FATAL:  database "nothing" does not exist'),
    });
    await stage.run('docker stop sira_db_prod');
    expect((await asked(`${PSQL} -d sira -c 'SELECT 1'`)).stderr).toContain('is not running');
  });

  it('writes a dump that ends as a whole one does', async () => {
    const { stdout } = await asked('docker exec sira_db_prod pg_dump -U postgres sira');
    expect(stdout).toContain('COPY public.users (id, label) FROM stdin;');
    expect(stdout.split('\n').at(-2)).toBe('-- PostgreSQL database dump complete');
  });
});
