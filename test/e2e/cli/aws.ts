import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import { LOCAL_ACCOUNT, names } from '../../../runbooks/language/names.ts';

const REGION = 'us-east-1';
const CALL_MS = 60_000;
const run = promisify(execFile);

const Started = z.object({ executionArn: z.string() });
const Listed = z.object({ executions: z.array(z.object({ executionArn: z.string(), status: z.string() })) });
const Execution = z.object({ status: z.string(), error: z.string().optional(), cause: z.string().optional() });
export type Execution = z.infer<typeof Execution>;

/** The AWS CLI as a person at a terminal would use it, against one local mode. */
export interface AwsCli {
  setAlarm(name: string, reason: string): Promise<void>;
  /** @returns the execution's ARN */
  start(runbook: string, input: object): Promise<string>;
  /** By `list-executions`: the ARNs of all of a runbook's, the newest first. */
  executions(runbook: string): Promise<string[]>;
  execution(arn: string): Promise<Execution>;
}

/** @throws {Error} when there is no `aws` that runs */
export async function assertInstalled(): Promise<string> {
  const { stdout, stderr } = await call(['--version']);
  return (stdout || stderr).trim();
}

export function awsCli(url: string): AwsCli {
  const aws = async (...words: string[]) => {
    const { stdout } = await call(['--endpoint-url', url, '--output', 'json', ...words]);
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  };
  const machine = (runbook: string) => `arn:aws:states:${REGION}:${LOCAL_ACCOUNT}:stateMachine:${names().stateMachine(runbook)}`;
  return {
    setAlarm: async (name, reason) => {
      const alarm = ['--alarm-name', name, '--state-value', 'ALARM', '--state-reason', reason];
      await aws('cloudwatch', 'set-alarm-state', ...alarm);
    },
    start: async (runbook, input) => {
      const what = ['--state-machine-arn', machine(runbook), '--input', JSON.stringify(input)];
      return Started.parse(await aws('stepfunctions', 'start-execution', ...what)).executionArn;
    },
    executions: async (runbook) => {
      const found = await aws('stepfunctions', 'list-executions', '--state-machine-arn', machine(runbook));
      return Listed.parse(found).executions.map(({ executionArn }) => executionArn);
    },
    execution: async (arn) => Execution.parse(await aws('stepfunctions', 'describe-execution', '--execution-arn', arn)),
  };
}

async function call(words: string[]): Promise<{ stdout: string; stderr: string }> {
  return await run('aws', words, { timeout: CALL_MS, env: environment() }).catch((error: Error & { code?: unknown }) => {
    throw error.code === 'ENOENT' ? new Error('there is no `aws` on the PATH: apt-get install awscli') : error;
  });
}

/** Nothing of this machine's own configuration of AWS: whatever is signed here goes to local mode. */
function environment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(others),
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: REGION,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  };
}
