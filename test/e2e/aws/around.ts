import * as z from 'zod';
import { HEARTBEAT } from '../../../runbooks/language/names.ts';
import { dedupKey } from '../../../runbooks/language/signal.ts';
import { type Cli, cliAt } from './cli.ts';
import { newUser } from './identity.ts';
import { allowing, WHERE } from './place.ts';
import { seldom } from './runs.ts';
import { DISK, type Stage } from './stage.ts';

const SOON_MS = 240_000;
/** Where all is well, too, a runbook checks three times, a minute apart. */
const RUN_MS = 240_000;
/** The auditor goes its rounds every three minutes. */
const ROUND_MS = 300_000;
const Attributes = z.object({ Attributes: z.object({ ApproximateNumberOfMessages: z.string() }) });
const Url = z.object({ QueueUrl: z.string() });
const Metrics = z.object({
  Metrics: z.array(z.object({ MetricName: z.string(), Dimensions: z.array(z.looseObject({ Value: z.string() })) })),
});
const Stack = z.object({ Stacks: z.array(z.looseObject({ LastUpdatedTime: z.string().optional() })) });

/** Nothing has changed since the first deployment. */
export async function deployedAgain({ place, results }: Stage): Promise<void> {
  const state = async () => {
    const resources = await place.cli.aws('cloudformation', 'list-stack-resources', '--stack-name', place.names.prefix);
    const [stack] = Stack.parse(
      await place.cli.aws('cloudformation', 'describe-stacks', '--stack-name', place.names.prefix),
    ).Stacks;
    return JSON.stringify([resources, stack?.LastUpdatedTime]);
  };
  const before = await state();
  const said = await place.cdk.deploy(place.out, place.assembly.stacks);
  results.holds('a second `cdk deploy` says that there are no changes', said.includes('(no changes)'));
  results.holds('and leaves every resource as it was', (await state()) === before);
}

/** Somebody who may press the red button, and nothing else: IAM is the door. */
export async function operator({ place, results }: Stage): Promise<(payload: object) => Promise<unknown>> {
  const { aws } = place.cli;
  const { modeFunction, promoteFunction, approveFunction } = place.names;
  const key = await newUser(place.cli, 'grace');
  const arn = `arn:aws:lambda:${WHERE.region}:${WHERE.account}:function:${modeFunction}`;
  await aws('iam', 'put-user-policy', '--user-name', 'grace', ...allowing(['lambda:InvokeFunction'], arn));
  const grace = cliAt(place.emulator, WHERE, key);
  for (const closed of [promoteFunction, approveFunction])
    results.equal(
      `IAM is the door: who may press the red button does not reach ${closed}`,
      await refusal(grace, closed),
      'AccessDeniedException',
    );
  return (payload) => grace.invoke(modeFunction, payload);
}

async function refusal(cli: Cli, functionName: string): Promise<string> {
  return await cli.invoke(functionName, {}).then(
    () => 'no refusal',
    (error: Error) => /\((\w+)\)/.exec(error.message)?.[1] ?? error.message,
  );
}

/** What nobody understands goes to a person; what can't be handled goes to the dead letters. */
export async function poisoned({ place, results, runs, signals }: Stage): Promise<void> {
  await signals.publish('It is all broken, please help');
  const mail = await runs.mail('the mail to the operators', ({ message }) => message.includes('It is all broken'), SOON_MS);
  results.equal('not understood: it is at the operators, word for word', mail.to, place.names.operatorsTopic);
  // A record that can't be counted up: each try to do so fails.
  const pk = `CLAIM#${dedupKey('sira', 'MemoryExhausted', 'sira-prod-1')}`;
  const item = { pk: { S: pk }, sk: { S: 'CLAIM' }, v: { N: '1' }, seen: { S: 'often' } };
  await place.cli.aws('dynamodb', 'put-item', '--table-name', place.names.table, '--item', JSON.stringify(item));
  await signals.alertmanager('MemoryExhausted', 'firing', 97);
}

/** After the poison was sent there are three tries, twenty seconds apart. */
export async function deadLetter({ place, results, runs, signals }: Stage): Promise<void> {
  const { aws } = place.cli;
  const { QueueUrl } = Url.parse(await aws('sqs', 'get-queue-url', '--queue-name', place.names.deadLetters));
  const waiting = async () => {
    const found = await aws(
      'sqs',
      'get-queue-attributes',
      '--queue-url',
      QueueUrl,
      '--attribute-names',
      'ApproximateNumberOfMessages',
    );
    return Attributes.parse(found).Attributes.ApproximateNumberOfMessages;
  };
  const arrived = await seldom('the dead letter', async () => (await waiting()) !== '0' && (await waiting()), SOON_MS);
  results.equal('poisoned: it is among the dead letters, alone', arrived, '1');
  // The emulator does not measure its queues: the alarm is set by hand, and what it does then is its own.
  await signals.setAlarm(place.names.ownAlarm('dead-letters'), 'ALARM', 'one message');
  const mail = await runs.mail(
    'the mail of the alarm',
    ({ message }) => message.includes(place.names.ownAlarm('dead-letters')),
    SOON_MS,
  );
  results.equal('poisoned: the alarm on the dead letters reaches a person', mail.to, place.names.watchdogTopic);
}

/** A person starts a runbook as it is, on a system that is well. */
export async function byHand({ place, results, runs }: Stage): Promise<void> {
  const arn = await runs.start(DISK, {});
  results.equal('by hand with {}: the execution is green', (await runs.ended(arn, RUN_MS)).status, 'SUCCEEDED');
  const isIts = ({ runs: its }: { runs: { execution: string }[] }) => its.some(({ execution }) => execution === arn);
  const story = (await place.console.incidents()).find(isIts);
  results.equal('by hand with {}: its story is an incident of its own', [story?.origin, story?.status], ['manual', 'resolved']);
}

/** The auditor goes its rounds by itself, and finds everything as it should be. */
export async function heartbeat({ place, results }: Stage): Promise<void> {
  const { aws } = place.cli;
  const { namespace, metric } = HEARTBEAT;
  const beats = async () => {
    const { Metrics: found } = Metrics.parse(await aws('cloudwatch', 'list-metrics', '--namespace', namespace));
    return found
      .filter(({ MetricName }) => MetricName === metric)
      .flatMap(({ Dimensions }) => Dimensions.map(({ Value }) => Value));
  };
  const found = await seldom('the heartbeat', async () => (await beats()).length > 0 && (await beats()), ROUND_MS);
  results.equal('the auditor has sent its heartbeat', [...new Set(found)], [place.names.prefix]);
}

/** Nothing that began is still under way. */
export async function atRest({ place, results }: Stage): Promise<void> {
  const open = (await place.console.incidents()).filter(({ automation }) => /running|awaiting/.test(automation));
  results.equal('at the end no run is under way', open, []);
}
