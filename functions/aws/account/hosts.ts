import { DescribeInstanceInformationCommand, ListDocumentsCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { all, inTime } from './asking.ts';

/** An instance as its agent reports it to Systems Manager. */
export interface Agent {
  instanceId: string;
  /** Such as `3.3.2746.0`. */
  version: string;
  online: boolean;
  /** Systems Manager's own word: `Online`, `ConnectionLost`, `Inactive`. */
  ping: string;
  platform: string;
}

/** The agents of instances that carry a tag. @param tag as `key=value` */
export async function agentsTagged(client: SSMClient, tag: string): Promise<Agent[]> {
  const [name = '', value = ''] = tag.split('=', 2);
  return await agents(client, { Key: `tag:${name}`, Values: [value] });
}

/** The agents of these instances; one that Systems Manager does not know is left out. */
export async function agentsOf(client: SSMClient, instanceIds: readonly string[]): Promise<Agent[]> {
  if (instanceIds.length === 0) return [];
  return await agents(client, { Key: 'InstanceIds', Values: [...instanceIds] });
}

async function agents(client: SSMClient, filter: { Key: string; Values: string[] }): Promise<Agent[]> {
  const found = await all(async (NextToken) => {
    const command = new DescribeInstanceInformationCommand({ Filters: [filter], MaxResults: 50, NextToken });
    const answer = await client.send(command, inTime());
    return { items: answer.InstanceInformationList ?? [], next: answer.NextToken };
  });
  return found.map(({ InstanceId = '', AgentVersion = '', PingStatus = 'unknown', PlatformType = '' }) => ({
    instanceId: InstanceId,
    version: AgentVersion,
    online: PingStatus === 'Online',
    ping: PingStatus,
    platform: PlatformType,
  }));
}

/** The names of the account's own documents in this region. */
export async function documentNames(client: SSMClient): Promise<string[]> {
  const found = await all(async (NextToken) => {
    const command = new ListDocumentsCommand({ Filters: [{ Key: 'Owner', Values: ['Self'] }], MaxResults: 50, NextToken });
    const answer = await client.send(command, inTime());
    return { items: answer.DocumentIdentifiers ?? [], next: answer.NextToken };
  });
  return found.flatMap(({ Name }) => Name ?? []);
}
