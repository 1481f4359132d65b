import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Ministack, type Where, withoutAws } from './ministack.ts';

const CALL_MS = 60_000;
const run = promisify(execFile);

/** Whose call it is: a user of IAM, or the root user. */
export interface Key {
  id: string;
  secret: string;
}

/** The AWS CLI, as a person at a terminal uses it. */
export interface Cli {
  /** @returns what it printed as JSON; nothing where it printed nothing. @throws {Error} with what it said of an error */
  aws(...words: string[]): Promise<unknown>;
  /** `aws lambda invoke`. @returns the payload of the answer. @throws {Error} where the function itself failed */
  invoke(functionName: string, payload: object): Promise<unknown>;
}

export function cliAt({ url, trust }: Ministack, { region }: Where, key: Key): Cli {
  const environment = {
    ...withoutAws(process.env),
    ...trust,
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: key.secret,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  };
  const aws = async (...words: string[]): Promise<unknown> => {
    const { stdout } = await run('aws', ['--endpoint-url', url, '--output', 'json', ...words], {
      timeout: CALL_MS,
      env: environment,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  };
  return { aws, invoke: (functionName, payload) => invoked(aws, functionName, payload) };
}

async function invoked(aws: Cli['aws'], functionName: string, payload: object): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-invoke-'));
  try {
    const file = join(folder, 'answer.json');
    // From a file, both versions of the CLI send it as it is.
    const asked = join(folder, 'payload.json');
    writeFileSync(asked, JSON.stringify(payload));
    const said = await aws('lambda', 'invoke', '--function-name', functionName, '--payload', `fileb://${asked}`, file);
    const answer = readFileSync(file, 'utf8');
    if (typeof said === 'object' && said !== null && 'FunctionError' in said) throw new Error(`${functionName}: ${answer}`);
    return JSON.parse(answer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
