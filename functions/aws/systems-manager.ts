import {
  CancelCommandCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  InvalidInstanceId,
  InvocationDoesNotExist,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { type CallWatcher, watched } from './watched.ts';

export interface KnownInstance {
  instanceId: string;
  online: boolean;
  /** Systems Manager's own word for its state, for the person who reads why a host was refused. */
  ping: string;
}

/** How a command stands on one host. */
export type CommandState =
  | { state: 'running' }
  | { state: 'ended'; exitCode: number; stdout: string; stderr: string }
  /** It was never carried out, or its end is not known: `how` is Systems Manager's word. */
  | { state: 'lost'; how: string; stdout: string; stderr: string };

export interface Sending {
  document: string;
  instanceIds: string[];
  parameters: Record<string, string>;
  comment: string;
  /** How long it may take to reach the host, in seconds; 30 at least, which is Systems Manager's limit. */
  deliverySeconds: number;
}

const STILL_RUNNING = new Set(['Pending', 'InProgress', 'Delayed', 'Cancelling']);
/** Systems Manager's limit for a comment. */
const COMMENT_LIMIT = 100;

export const makeSystemsManager = (watcher?: CallWatcher) => new SystemsManager(watched('ssm', new SSMClient({}), watcher));

/** Run Command. It delivers at least once, late, and without an idempotency token: at-most-once is made on the host. */
export class SystemsManager {
  private readonly client: SSMClient;
  constructor(client: SSMClient) {
    this.client = client;
  }

  /**
   * The instances that carry a tag. SendCommand by a tag that matches nothing ends as Success, so tags are resolved here.
   * @param tag as `key=value`
   */
  async tagged(tag: string): Promise<KnownInstance[]> {
    const [name = '', value = ''] = tag.split('=', 2);
    const found: KnownInstance[] = [];
    let NextToken: string | undefined;
    do {
      const answer = await this.client.send(
        new DescribeInstanceInformationCommand({
          Filters: [{ Key: `tag:${name}`, Values: [value] }],
          MaxResults: 50,
          ...(NextToken && { NextToken }),
        }),
      );
      for (const instance of answer.InstanceInformationList ?? [])
        found.push({
          instanceId: instance.InstanceId ?? '',
          online: instance.PingStatus === 'Online',
          ping: instance.PingStatus ?? 'unknown',
        });
      NextToken = answer.NextToken;
    } while (NextToken);
    return found;
  }

  /** @returns the command's id; `undefined` when Systems Manager does not know one of the instances, or it is not running */
  async send(sending: Sending): Promise<string | undefined> {
    try {
      const { Command } = await this.client.send(
        new SendCommandCommand({
          DocumentName: sending.document,
          InstanceIds: sending.instanceIds,
          Parameters: Object.fromEntries(Object.entries(sending.parameters).map(([name, value]) => [name, [value]])),
          Comment: sending.comment.slice(0, COMMENT_LIMIT),
          TimeoutSeconds: Math.max(30, sending.deliverySeconds),
        }),
      );
      return Command?.CommandId;
    } catch (error) {
      if (error instanceof InvalidInstanceId) return undefined;
      throw error;
    }
  }

  async state(commandId: string, instanceId: string): Promise<CommandState> {
    try {
      const answer = await this.client.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId }));
      const { Status = '', StatusDetails = Status, ResponseCode = -1 } = answer;
      const output = { stdout: answer.StandardOutputContent ?? '', stderr: answer.StandardErrorContent ?? '' };
      if (STILL_RUNNING.has(Status)) return { state: 'running' };
      if (Status === 'Success' || (Status === 'Failed' && ResponseCode > 0))
        return { state: 'ended', exitCode: ResponseCode, ...output };
      return { state: 'lost', how: StatusDetails, ...output };
    } catch (error) {
      // The invocation appears a moment after the command: until then it is only on its way.
      if (error instanceof InvocationDoesNotExist) return { state: 'running' };
      throw error;
    }
  }

  /** Best effort: the agent may have ended it already, or never have had it. */
  async cancel(commandId: string): Promise<void> {
    await this.client.send(new CancelCommandCommand({ CommandId: commandId })).catch(() => undefined);
  }
}
