import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withoutAws } from './ministack.ts';
import { type Place, WHERE } from './place.ts';

let pastedSoFar = 0;

/**
 * Pastes a line of a mail into a shell, as whoever reads it does.
 *
 * @param what the word that stands above the command, such as `approve`
 * @returns what the command answered. @throws {Error} when the mail has no such line, or the shell said no
 */
export async function pasted(mail: string, what: string, { emulator }: Pick<Place, 'emulator'>): Promise<unknown> {
  const lines = mail.split('\n').map((line) => line.trim());
  const line = lines[lines.indexOf(`# ${what}`) + 1];
  if (!line?.startsWith('aws ')) throw new Error(`the mail has no command below "# ${what}":\n${mail}`);
  // Version 1 of the AWS CLI takes a payload as it stands and does not know the option: docs/deploy.md says so.
  const command = isVersion1() ? line.replace(' --cli-binary-format raw-in-base64-out', '') : line;
  pastedSoFar += 1;
  const file = join(emulator.logFile, '..', `pasted-${pastedSoFar}`);
  const out = openSync(file, 'w');
  try {
    const code = await inShell(command, out, {
      ...withoutAws(process.env),
      ...emulator.trust,
      USER: 'grace',
      AWS_ENDPOINT_URL: emulator.url,
      AWS_ACCESS_KEY_ID: WHERE.account,
      AWS_SECRET_ACCESS_KEY: 'emulated',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    });
    const text = readFileSync(file, 'utf8');
    if (code !== 0) throw new Error(`${command}: ended with ${code}: ${text}`);
    // The answer first, then what the CLI says of the call.
    return JSON.parse(text.slice(0, text.search(/\{\s*"(StatusCode|ExecutedVersion|FunctionError)"/)));
  } finally {
    closeSync(out);
    rmSync(file, { force: true });
  }
}

function isVersion1(): boolean {
  return execFileSync('aws', ['--version'], { encoding: 'utf8' }).startsWith('aws-cli/1.');
}

async function inShell(command: string, out: number, env: NodeJS.ProcessEnv): Promise<number | null> {
  // Through a pipe: two programs that write to one file from its beginning would overwrite each other.
  const shell = spawn('bash', ['-o', 'pipefail', '-c', `${command} | cat`], { stdio: ['ignore', out, out], env });
  return await new Promise((done, failed) => {
    shell.once('error', failed);
    shell.once('close', done);
  });
}
