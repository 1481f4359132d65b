import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type Ministack, type Where, withoutAws } from './ministack.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const CDK = join(ROOT, 'node_modules', '.bin', 'cdk');
/** The slowest, a first deployment, takes a tenth of it on two cores. */
const COMMAND_MS = 300_000;

/** The AWS CDK's own CLI against an emulator, as a platform engineer calls it against AWS. */
export interface Cdk {
  bootstrap(): Promise<void>;
  /**
   * Synthesises without credentials and without the emulator.
   * @param source the root of the sources
   * @param configuration the path of what `firebreak.json` would be
   */
  synth(source: string, configuration: string, out: string): Promise<void>;
  /**
   * @param stacks these and no others
   * @returns what it said
   */
  deploy(out: string, stacks: readonly string[]): Promise<string>;
}

/** @param logFile takes what the commands say */
export function cdkAgainst({ url, trust }: Ministack, { account, region }: Where, logFile: string): Cdk {
  const toEmulator = {
    ...trust,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'emulated',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
  const cdk = async (cwd: string, environment: Record<string, string>, ...words: string[]) => {
    const { code, said } = await run(cwd, environment, words);
    appendFileSync(logFile, `$ cdk ${words.join(' ')}\n${said}\n`);
    if (code !== 0) throw new Error(`cdk ${words[0]} ended with ${code}:\n${said.slice(-2_000)}`);
    return said;
  };
  return {
    // In an empty app's folder nothing is synthesised: the environment is named.
    bootstrap: async () => void (await cdk(dirname(logFile), toEmulator, 'bootstrap', `aws://${account}/${region}`)),
    synth: async (source, configuration, out) =>
      void (await cdk(source, { FIREBREAK_DEPLOY: configuration }, 'synth', '--quiet', '--output', out)),
    deploy: (out, stacks) =>
      cdk(dirname(logFile), toEmulator, 'deploy', ...stacks, '--exclusively', '--app', out, '--require-approval', 'never'),
  };
}

async function run(
  cwd: string,
  environment: Record<string, string>,
  words: string[],
): Promise<{ code: number | null; said: string }> {
  const child = spawn(CDK, [...words, '--ci', '--no-notices', '--no-version-reporting'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_MS,
    env: {
      ...withoutAws(process.env),
      PATH: [dirname(process.execPath), join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
      CI: 'true',
      ...environment,
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  return { code, said };
}
