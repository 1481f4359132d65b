import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { Place } from './place.ts';
import { type CallWatcher, watched } from './watched.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';

export const makeStepFunctions = (place: Place, watcher?: CallWatcher) =>
  new StepFunctions(watched('states', new SFNClient({}), watcher), place);

export class StepFunctions {
  private readonly client: SFNClient;
  private readonly place: Place;
  constructor(client: SFNClient, place: Place) {
    this.client = client;
    this.place = place;
  }

  /** Starts an execution. One that exists already is success: it is the same one. */
  async start(machine: string, name: string, input: object): Promise<void> {
    const stateMachineArn = `arn:aws:states:${this.place.region}:${this.place.account}:stateMachine:${machine}`;
    try {
      await this.client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }

  /** @returns `undefined` for one that never began: absence is not an outage */
  async status(executionArn: string): Promise<ExecutionStatus | undefined> {
    try {
      const { status } = await this.client.send(new DescribeExecutionCommand({ executionArn }));
      return status;
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  }

  /** Lets a waiting state go on. @returns false when nobody waits any longer */
  async goOn(token: string, output: object): Promise<boolean> {
    return this.answered(() =>
      this.client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) })),
    );
  }

  /** Ends a waiting state with an error. @returns false when nobody waits any longer */
  async giveUp(token: string, error: string, cause: string): Promise<boolean> {
    return this.answered(() =>
      this.client.send(new SendTaskFailureCommand({ taskToken: token, error, cause: cause.slice(0, 1_000) })),
    );
  }

  private async answered(send: () => Promise<unknown>): Promise<boolean> {
    try {
      await send();
      return true;
    } catch (error) {
      if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist) return false;
      throw error;
    }
  }
}
