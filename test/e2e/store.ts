import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Database } from './store/database.ts';
import { dynamoDbLocal } from './store/dynamodb-local.ts';
import { ministack } from './store/ministack.ts';
import { tally } from './tally.ts';

/**
 * The store's contract on two more databases; `npm test` runs the same suite on dynalite. What holds on all three is what DynamoDB
 * promises, and not what one of them happens to do.
 */
const DATABASES: Record<string, () => Promise<Database>> = { ministack, 'DynamoDB Local': dynamoDbLocal };
/** A whole suite of a database, on a busy machine. */
const SUITE_MS = 300_000;
const ROOT = join(import.meta.dirname, '../..');

const Report = z.object({
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

const { equal, holds, failed, end } = tally();
const proven = new Map<string, string[]>();
for (const [name, start] of Object.entries(DATABASES)) {
  try {
    const database = await start();
    try {
      proven.set(name, await contract(name, database.endpoint));
    } finally {
      await database.stop();
    }
  } catch (error) {
    failed(name, error);
  }
}
const [first, ...others] = proven.values();
for (const other of others) equal('the databases were asked the same', other, first);
process.exitCode = end();

/** @returns the tests that passed */
async function contract(name: string, endpoint: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-store-'));
  const file = join(folder, 'report.json');
  const suite = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/e2e/store/vitest.config.ts'];
  const report = ['--reporter=json', `--outputFile=${file}`];
  const env = { ...process.env, FIREBREAK_TABLE_ENDPOINT: endpoint };
  try {
    // It fails with its tests: the report says which.
    const said = await new Promise<string>((resolve) => {
      const options = { cwd: ROOT, env, timeout: SUITE_MS };
      execFile(process.execPath, [...suite, ...report], options, (_error, _stdout, stderr) => resolve(stderr));
    });
    const results = Report.parse(JSON.parse(readFileSync(file, 'utf8'))).testResults;
    const tests = results.flatMap(({ assertionResults }) => assertionResults);
    const nameOf = ({ ancestorTitles, title }: (typeof tests)[number]) => [...ancestorTitles.slice(1), title].join(' ');
    for (const test of tests)
      if (test.status === 'passed') holds(`${name}: ${nameOf(test)}`, true);
      else failed(`${name}: ${nameOf(test)}`, new Error(test.failureMessages?.join('\n') ?? test.status));
    if (tests.length === 0) failed(name, new Error(`no test was run: ${results.map(({ message }) => message)} ${said}`));
    return tests.filter(({ status }) => status === 'passed').map(nameOf);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
