import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { resolve } from '../../../functions/console/commands/resolve.ts';
import { dedupKey } from '../../../runbooks/language/signal.ts';
import type { Stage } from './stage.ts';

const ALARM = 'sira-DiskSpaceLow';
const KEY = dedupKey('sira', 'DiskSpaceLow', 'sira-prod-1');
const [MINUTE, HOUR] = [60_000, 3_600_000];
/** How often the auditor comes until it finds nothing to mend: more would mean that it never does. */
const MOST_ROUNDS = 10;
const REPEAT = '(This may be a repeat.)';

export type Came = Awaited<ReturnType<typeof play>>;

/**
 * From the alarm to the end, and the auditor's rounds, a minute apart, until one finds nothing to mend: what a restart of local
 * mode begins with, and what its schedule does on AWS. Then all is as before, two hours later.
 */
export async function play(stage: Stage) {
  const { aws, around, clock } = stage;
  const [executionsBefore, inboxBefore] = [aws.executions().length, aws.inbox().length];
  setAlarm(stage, 'ALARM');
  void clock.sleep(45_000).then(() => setAlarm(stage, 'OK'));
  let id = '';
  const mine = () => aws.executions().filter(({ name }) => id !== '' && name.startsWith(id));
  await clock.drive(async () => {
    id ||= (await around.store.claims.get(KEY))?.incidentId ?? '';
    return mine().length > 0 && mine().every(({ status }) => status !== 'RUNNING');
  }, HOUR);
  const rounds = await audit(stage);

  const incident = await around.store.incidents.get(id);
  if (!incident) throw new Error('the incident is lost');
  const { acts: written, pages } = await around.store.steps.everything(id);
  const inbox = aws.inbox().slice(inboxBefore);
  const came = {
    acts: traces(stage, 'acts').length,
    undone: traces(stage, 'undone').length,
    status: incident.status,
    automation: incident.automation,
    runsEnded: Object.values(incident.runs).every(({ endedAt }) => endedAt !== undefined),
    pages: pages.filter(({ sentAt }) => sentAt).length,
    pagesUnsent: pages.filter(({ sentAt }) => !sentAt).length,
    mails: inbox.length,
    mailsThatAreNoRepeat: inbox.filter(({ message }) => !message.includes(REPEAT)).length,
    /** Undos that were tried, and that a person was told of because they did not work. */
    unpaid: written.filter(({ undo }) => undo?.paidAt && !undo.paid).length,
    written: written.length,
    lock: (await around.store.controls.lock('sira'))?.holder,
    debts: (await around.store.steps.debts()).length,
    executions: aws.executions().length - executionsBefore,
    deadLetters: aws.deadLetters().length,
    rounds,
  };
  await letGo(stage, id);
  return came;
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

/** A person closes what came to one, and the breaker forgets. */
async function letGo(stage: Stage, id: string): Promise<void> {
  const root = join(stage.dataDir, 'simulation', 'hosts', 'sira-prod-1', 'root', 'srv', 'sira');
  for (const folder of ['acts', 'undone']) rmSync(join(root, folder), { recursive: true, force: true });
  await passing(stage, 2 * HOUR);
  await resolve(stage.around)(id, { by: 'Ada', reason: 'the test goes on' }).catch(() => undefined);
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

function setAlarm({ aws }: Stage, state: 'ALARM' | 'OK'): void {
  const recentDatapoints = [state === 'ALARM' ? 91.3 : 40];
  aws.alarms.setState(ALARM, state, 'said by the test', JSON.stringify({ version: '1.0', recentDatapoints }));
}
