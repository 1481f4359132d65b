import { createServer } from 'node:http';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { onTestFinished } from 'vitest';
import { TABLE_SHAPE } from '../../../functions/incident/table.ts';
import type { AwsOptions } from '../../../local/aws/options.ts';
import { createAwsServer } from '../../../local/aws/server.ts';
import { leapingClock } from '../../../local/clocks.ts';
import type { HostFleet, InstanceInformation, ScriptResult } from '../../../local/simulation/fleet.ts';
import { names } from '../../../runbooks/language/names.ts';

export const ARN = 'arn:aws:states:us-east-1:000000000000';

/** A fleet whose scripts are functions of the test. */
export function fakeFleet(run: HostFleet['run'] = async () => ({ exitCode: 0, stdout: '', stderr: '' })): HostFleet & {
  hosts: InstanceInformation[];
} {
  const host = { ipAddress: '10.0.1.7', agentVersion: '3.3.2746.0', tags: { 'firebreak:system': 'sira' } };
  const hosts: InstanceInformation[] = [
    { ...host, instanceId: 'i-0a1b2c3d4e5f60718', computerName: 'sira-prod-1', pingStatus: 'Online' },
    { ...host, instanceId: 'i-0a1b2c3d4e5f60719', computerName: 'sira-prod-2', pingStatus: 'ConnectionLost' },
  ];
  return { hosts, instances: () => hosts, run };
}

export const finished = (stdout: string, exitCode = 0): ScriptResult => ({ exitCode, stdout, stderr: '' });

/** The local AWS behind an ephemeral port, with real clients pointed at it. It is closed after the test. */
export async function localAws(options: Partial<AwsOptions> = {}) {
  const clock = leapingClock();
  let made = 0;
  const aws = createAwsServer({
    clock,
    names: names(),
    table: TABLE_SHAPE,
    fleet: fakeFleet(),
    documents: new Map(),
    invoke: async () => null,
    stateMachines: [],
    topics: [],
    alarms: [],
    queueConsumer: async () => ({ batchItemFailures: [] }),
    busRule: () => false,
    ids: () => {
      made += 1;
      return `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
    },
    random: () => 0.5,
    ...options,
  });
  const server = createServer((request, response) => void aws.handle(request, response));
  await aws.start();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  aws.recover();
  const stop = async () => {
    await aws.close();
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(stop);
  const endpoint = `http://127.0.0.1:${port}`;
  const settings = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  return {
    aws,
    clock,
    endpoint,
    stop,
    states: new SFNClient(settings),
    ssm: new SSMClient(settings),
    sns: new SNSClient(settings),
    sqs: new SQSClient(settings),
    cloudWatch: new CloudWatchClient(settings),
    events: new EventBridgeClient(settings),
    dynamoDb: new DynamoDBClient(settings),
  };
}

/** Asks again until the answer is as expected; gives the server's own work its turn in between. */
export async function eventually<T>(ask: () => T | Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (let turn = 0; turn < 20_000; turn += 1) {
    const answer = await ask();
    if (holds(answer)) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`it never came true; the last answer was ${JSON.stringify(await ask())}`);
}
