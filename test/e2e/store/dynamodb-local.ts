import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { type Database, ended } from './database.ts';

const HERE = import.meta.dirname;
/** A first start compiles its one source file, too. */
const START_MS = 120_000;
/** 48 MB the first time; from Maven's own cache (`~/.m2`) afterwards. */
const FETCH_MS = 300_000;

/** AWS's own DynamoDB for one machine: needs `mvn` and a JDK of 17 or later on the PATH. Keeps nothing. */
export async function dynamoDbLocal(): Promise<Database> {
  const jvm = spawn('java', ['-cp', await classPath(), join(HERE, 'LoopbackDynamoDb.java')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  jvm.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const port = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`DynamoDB Local did not start: ${said}`)), START_MS);
    jvm.once('error', reject);
    jvm.once('exit', () => reject(new Error(`DynamoDB Local ended: ${said}`)));
    createInterface(jvm.stdout).on('line', (line) => {
      const [, found] = /^ready (\d+)$/.exec(line) ?? [];
      if (!found) return;
      clearTimeout(late);
      resolve(found);
    });
  });
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => ended(jvm) };
}

async function classPath(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-dynamodb-local-'));
  const file = join(folder, 'classpath');
  try {
    const goal = ['dependency:build-classpath', `-Dmdep.outputFile=${file}`];
    await promisify(execFile)('mvn', ['-q', '-B', '-f', join(HERE, 'pom.xml'), ...goal], { timeout: FETCH_MS });
    return readFileSync(file, 'utf8').trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
