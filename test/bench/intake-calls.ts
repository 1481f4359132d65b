import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Call, tallied } from './recorder.ts';
import { stopRuns } from './rest.ts';
import { skippingClock } from './skipping-clock.ts';
import { onStage } from './stage.ts';

export interface IntakeCalls {
  /** DynamoDB calls of a new signal before its run is started; a batch counts as one. */
  beforeStart: number;
  /** Every call of the invocation that takes a new signal in. */
  newSignal: Record<string, number>;
  /** The same for a signal that repeats it. */
  repeatedSignal: Record<string, number>;
}

/** What the intake of one signal costs, counted where the SDK's clients are made. */
export function intakeCalls(): Promise<IntakeCalls> {
  return onStage(skippingClock(), async (stage) => {
    const { recorded, aws, names } = stage;
    const isStart = ({ service, operation }: Call) => service === 'states' && operation === 'StartExecution';
    const started = recorded.next(isStart);
    stage.alarm('sira-DiskSpaceLow', 'ALARM');
    const { invocation } = await started;
    await stopRuns(stage);
    const fresh = recorded.calls().filter((call) => call.invocation === invocation);
    const before = fresh.slice(0, fresh.findIndex(isStart));

    // EventBridge delivers at least once: the same event again is the simplest repeat.
    recorded.forget();
    const repeated = recorded.next(({ service }) => service === 'dynamodb');
    const queue = new SQSClient({});
    const { QueueUrl } = await queue.send(new GetQueueUrlCommand({ QueueName: names.signalsQueue }));
    await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(aws.events().find(isAlarm)) }));
    await repeated;
    await stopRuns(stage);
    return {
      beforeStart: before.filter(({ service }) => service === 'dynamodb').length,
      newSignal: tallied(fresh),
      repeatedSignal: tallied(recorded.calls()),
    };
  });
}

function isAlarm({ 'detail-type': type }: { 'detail-type': string }): boolean {
  return type === 'CloudWatch Alarm State Change';
}
