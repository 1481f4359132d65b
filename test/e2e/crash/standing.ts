import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, SetAlarmStateCommand, type StateValue } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type HistoryEvent, paginateGetExecutionHistory, paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { makeStore } from '../../../functions/aws/table/store.ts';
import { type Incident, isLive } from '../../../functions/incident/incident.ts';
import type { Page } from '../../../functions/incident/records.ts';
import { Delivered } from '../../../local/aws/messaging/topics.ts';
import { LOCAL_ACCOUNT, names as namesOf } from '../../../runbooks/language/names.ts';
import { sira } from '../../../runbooks/sira/system.ts';

const ALARM = 'sira-DiskSpaceLow';
const RUNBOOK = 'sira/counted';
/** Whom P1 pages when it is handed over. Who comes after them may be due while this is looked at. */
const AT_HAND_OVER = ['oncall', 'lead'];
const names = namesOf();
const Inbox = z.object({ notifications: z.array(Delivered) });

export type Standing = Awaited<ReturnType<Outside['standing']>>;
export type Outside = ReturnType<typeof outside>;

/** Local mode as an AWS client sees it. */
export function outside(url: string) {
  const client = {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const [alarms, machines, queues] = [new CloudWatchClient(client), new SFNClient(client), new SQSClient(client)];
  const table = DynamoDBDocumentClient.from(new DynamoDBClient(client));
  const store = makeStore(table, names.table, () => sira.severities);

  const waiting = async (queue: string) => {
    const QueueUrl = `${url}/${LOCAL_ACCOUNT}/${queue}`;
    const { Attributes = {} } = await queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
  };
  const executions = async () => {
    const stateMachineArn = `arn:aws:states:us-east-1:${LOCAL_ACCOUNT}:stateMachine:${names.stateMachine(RUNBOOK)}`;
    const pages = await Array.fromAsync(paginateListExecutions({ client: machines }, { stateMachineArn }));
    return pages.flatMap((page) => page.executions ?? []);
  };
  const ofIncident = async (incident: Incident) => ({
    ...(await store.steps.everything(incident.id)),
    timeline: await store.incidents.timeline(incident.id),
  });

  return {
    setAlarm: async (state: StateValue): Promise<void> => {
      const StateReasonData = JSON.stringify({ version: '1.0', recentDatapoints: [91.3] });
      await alarms.send(
        new SetAlarmStateCommand({ AlarmName: ALARM, StateValue: state, StateReason: 'said by the test', StateReasonData }),
      );
    },
    /** What became of everything so far. */
    standing: async () => {
      const incidents = [...(await store.incidents.past()), ...(await store.incidents.open())];
      const inbox = Inbox.parse(await (await fetch(`${url}/api/notifications`)).json()).notifications;
      return {
        incidents: await Promise.all(incidents.map(async (incident) => ({ ...incident, ...(await ofIncident(incident)) }))),
        inbox,
        lock: await store.controls.lock(sira.id),
        debts: (await store.steps.debts()).map(({ act }) => act.title),
        claims: [...(await store.claims.opening()), ...(await store.claims.held())],
        executions: await executions(),
        queued: await waiting(names.signalsQueue),
        deadLetters: await waiting(names.deadLetters),
      };
    },
    /** The histories of all executions, each from its beginning. */
    histories: async (): Promise<HistoryEvent[][]> =>
      Promise.all(
        (await executions()).map(async ({ executionArn }) => {
          const pages = await Array.fromAsync(paginateGetExecutionHistory({ client: machines }, { executionArn }));
          return pages.flatMap((page) => page.events ?? []);
        }),
      ),
    close: () => {
      for (const one of [alarms, machines, queues, table]) one.destroy();
    },
  };
}

/** Whether nothing is left to happen: no message, no run, no debt, and the incident over or with those who are due at the hand-over. */
export function isAtRest({ incidents, executions, queued, debts }: Standing): boolean {
  const over = incidents.every(
    ({ pages, ...incident }) => !isLive(incident) || (incident.automation === 'escalated' && AT_HAND_OVER.every(isPaged(pages))),
  );
  const running = executions.some(({ status }) => status === 'RUNNING');
  return incidents.length > 0 && over && !running && queued === 0 && debts.length === 0;
}

const isPaged = (pages: readonly Page[]) => (role: string) => pages.some((page) => page.role === role && page.sentAt !== null);

/** When each effect of one kind happened on the simulated host: milliseconds since 1970 on this machine's own clock. */
export function effects(dataDir: string, kind: 'acts' | 'undone'): number[] {
  const folder = join(dataDir, 'simulation', 'hosts', 'sira-prod-1', 'root', 'srv', 'sira', kind);
  try {
    return readdirSync(folder).map((file) => statSync(join(folder, file)).birthtimeMs);
  } catch {
    return [];
  }
}
