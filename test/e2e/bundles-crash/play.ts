import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { GetQueueUrlCommand, PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { resolve } from '../../../functions/console/commands/resolve.ts';
import type { Incident } from '../../../functions/incident/incident.ts';
import type { Delivered } from '../../../local/aws/messaging/topics.ts';
import { names as namesOf } from '../../../runbooks/language/names.ts';
import { whoHeard } from '../heard.ts';
import type { Stage } from './stage.ts';

const [MINUTE, HOUR] = [60_000, 3_600_000];
/** How often the auditor comes until it finds nothing to mend: more would mean that it never does. */
const MOST_ROUNDS = 10;
/** A link that somebody died with works again within the minute. */
const MOST_PRESSES = 5;

/** What befalls the system, and when it is over. */
export interface Scenario {
  alarm: string;
  /** A fault of the simulated host; without one the host is as it is. */
  fault?: string;
  /** Whether the cause is gone, so that the alarm clears. Asked every 15 seconds. @param sinceMs the alarm, in milliseconds */
  gone(stage: Stage, sinceMs: number): boolean;
}

export type Came = Awaited<ReturnType<typeof play>>;

/**
 * From the alarm to the end, and the auditor's rounds, a minute apart, until one finds nothing to mend: what a restart of local
 * mode begins with, and what its schedule does on AWS. Where it ends at a person, they acknowledge it by the link of their mail, and
 * an hour and a half goes by, in which somebody else would have been paged. Then all is as before, two hours later.
 *
 * @param seen is called when what is looked at is over, before everything is made as it was
 */
export async function play(stage: Stage, scenario: Scenario, seen: () => void) {
  const { aws, around, clock, simulation } = stage;
  const before = new Set(aws.executions().map(({ executionArn }) => executionArn));
  const inboxBefore = aws.inbox().length;
  if (scenario.fault) simulation.switchOn(scenario.fault);
  const over = new AbortController();
  void clearing(stage, scenario, over.signal);
  const mine = () => aws.executions().filter((one) => !before.has(one.executionArn) && !isClimb(one));
  await clock.drive(() => mine().length > 0 && mine().every(({ status }) => status !== 'RUNNING'), 2 * HOUR);
  const id = mine()[0]?.name.replace(/-\d+$/, '') ?? '';
  // The pages are another execution's: they go out when the run is over. What somebody died over is the auditor's a minute later.
  await passing(stage, 2 * MINUTE);
  const rounds = await audit(stage);
  if ((await known(stage, id)).automation === 'escalated') {
    await acknowledge(stage, () => aws.inbox().slice(inboxBefore), id);
    await passing(stage, 1.5 * HOUR);
    await audit(stage);
  }

  const incident = await known(stage, id);
  const { acts: written, pages } = await around.store.steps.everything(id);
  const came = {
    acts: traces(stage, 'acts').length,
    undone: traces(stage, 'undone').length,
    status: incident.status,
    automation: incident.automation,
    runsEnded: Object.values(incident.runs).every(({ endedAt }) => endedAt !== undefined),
    ...whoHeard(incident, pages, aws.inbox().slice(inboxBefore), clock.now()),
    /** Undos that were tried, and that a person was told of because they did not work. */
    unpaid: written.filter(({ undo }) => undo?.paidAt && !undo.paid).length,
    written: written.length,
    lock: (await around.store.controls.lock('sira'))?.holder,
    debts: (await around.store.steps.debts()).length,
    executions: mine().length,
    // What it was alarmed for. Of few answers one that fails by chance is a high rate, and no matter of the run's.
    well: simulation.measure().every(({ alert, firing }) => !firing || !scenario.alarm.endsWith(`-${alert}`)),
    deadLetters: aws.deadLetters().length,
    /** For whoever reads of a failure: which signals. */
    lost: aws.deadLetters(),
    rounds,
  };
  over.abort();
  seen();
  await letGo(stage, scenario, id);
  return came;
}

const isClimb = ({ stateMachineArn }: { stateMachineArn: string }) => stateMachineArn.endsWith(`:${namesOf().escalationMachine}`);

async function known({ around }: Stage, id: string): Promise<Incident> {
  const incident = await around.store.incidents.get(id);
  if (!incident) throw new Error('the incident is lost');
  return incident;
}

/** Whoever got the last page presses its button, and again where nobody answered, until it says that it is theirs. */
async function acknowledge(stage: Stage, mails: () => Delivered[], id: string): Promise<void> {
  for (let presses = 1; presses <= MOST_PRESSES; presses += 1) {
    const link = mails()
      .flatMap(({ message }) => /^Acknowledge: (\S+)$/m.exec(message)?.[1] ?? [])
      .at(-1);
    if (!link) throw new Error('nobody has a link to acknowledge it by');
    let status: number | undefined;
    void stage.press(link).then((answered) => {
      status = answered;
    });
    await stage.clock.drive(() => status !== undefined, HOUR);
    // The answer may have got lost after the link was used up: then it is theirs as well.
    if (status === 200 || (await known(stage, id)).status === 'acknowledged') return;
    await passing(stage, MINUTE);
  }
  throw new Error(`it can't be acknowledged by its link, pressed ${MOST_PRESSES} times`);
}

/** Every execution that runs is stopped, as by a person at its console, or by a restart of local mode: no Catch follows. */
export async function stopExecutions({ aws }: Stage): Promise<void> {
  const machines = new SFNClient({});
  for (const { executionArn, status } of aws.executions())
    if (status === 'RUNNING')
      await machines.send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'the test' }));
  machines.destroy();
}

/** @returns how many rounds there were; the last found nothing to mend. @throws {Error} when none did */
async function audit(stage: Stage): Promise<number> {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    let mended: unknown;
    void stage.watch().then(
      (result) => {
        mended = JSON.stringify(result);
      },
      (error: unknown) => {
        mended = String(error);
      },
    );
    await stage.clock.drive(() => mended !== undefined, HOUR);
    if (mended === '{"mended":[]}') return round;
    await passing(stage, MINUTE);
  }
  throw new Error(`the auditor still mends after ${MOST_ROUNDS} rounds`);
}

/** The fault is over, a person closes what came to one, and the breaker forgets. */
async function letGo(stage: Stage, { alarm, fault }: Scenario, id: string): Promise<void> {
  if (fault) stage.simulation.switchOff(fault);
  setAlarm(stage, alarm, 'OK');
  await resolve(stage.around)(id, { by: 'Ada', reason: 'the test goes on' }).catch(() => undefined);
  const root = join(stage.dataDir, 'simulation', 'hosts', 'sira-prod-1', 'root', 'srv', 'sira');
  for (const folder of ['acts', 'undone']) rmSync(join(root, folder), { recursive: true, force: true });
  await passing(stage, 2 * HOUR);
  await purgeDeadLetters();
  // What waits for a rung that would have come later.
  await stopExecutions(stage);
}

/** Somebody has looked at them. */
async function purgeDeadLetters(): Promise<void> {
  const queues = new SQSClient({});
  const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName: namesOf().deadLetters }));
  await queues.send(new PurgeQueueCommand({ QueueUrl }));
  queues.destroy();
}

async function passing({ clock }: Stage, ms: number): Promise<void> {
  let over = false;
  void clock.sleep(ms).then(() => {
    over = true;
  });
  await clock.drive(() => over, ms + MINUTE);
}

/** What each act has left on the host, once a time. */
function traces({ dataDir }: Stage, kind: 'acts' | 'undone'): string[] {
  const root = join(dataDir, 'simulation', 'hosts', 'sira-prod-1', 'root', 'srv', 'sira');
  return readdirSync(root).includes(kind) ? readdirSync(join(root, kind)) : [];
}

/** As monitoring would: the alarm fires, and clears when its cause is gone. */
async function clearing(stage: Stage, scenario: Scenario, over: AbortSignal): Promise<void> {
  const began = stage.clock.now().getTime();
  setAlarm(stage, scenario.alarm, 'ALARM');
  do await stage.clock.sleep(15_000);
  while (!over.aborted && !scenario.gone(stage, stage.clock.now().getTime() - began));
  if (!over.aborted) setAlarm(stage, scenario.alarm, 'OK');
}

function setAlarm({ aws }: Stage, alarm: string, state: 'ALARM' | 'OK'): void {
  const recentDatapoints = [state === 'ALARM' ? 91.3 : 40];
  aws.alarms.setState(alarm, state, 'said by the test', JSON.stringify({ version: '1.0', recentDatapoints }));
}
