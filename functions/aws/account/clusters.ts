import { DescribeAccessEntryCommand, DescribeClusterCommand, type EKSClient } from '@aws-sdk/client-eks';
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { inTime } from './asking.ts';
import { orAbsent } from './deployed.ts';

/** A cluster as EKS knows it. */
export interface ClusterFound {
  /** EKS' own word: `ACTIVE`, `CREATING`, `FAILED`. */
  status: string;
  /** Who is known to it: by access entries (`API`), by its own ConfigMap (`CONFIG_MAP`), or both. */
  authentication: string;
}

/** @returns `null` when EKS knows none of this name */
export async function clusterFound(client: EKSClient, name: string): Promise<ClusterFound | null> {
  const answer = await orAbsent(client.send(new DescribeClusterCommand({ name }), inTime()));
  if (answer === null) return null;
  const { status = 'unknown', accessConfig } = answer.cluster ?? {};
  return { status, authentication: accessConfig?.authenticationMode ?? '' };
}

/** The role that a function has, as an ARN. @returns `null` when there is no such function */
export async function roleOfFunction(client: LambdaClient, name: string): Promise<string | null> {
  const answer = await orAbsent(client.send(new GetFunctionConfigurationCommand({ FunctionName: name }), inTime()));
  return answer && (answer.Role ?? null);
}

/** The Kubernetes groups that an access entry puts a role into. @returns `null` when the cluster has none for it */
export async function groupsOf(client: EKSClient, clusterName: string, principalArn: string): Promise<readonly string[] | null> {
  const answer = await orAbsent(client.send(new DescribeAccessEntryCommand({ clusterName, principalArn }), inTime()));
  return answer && (answer.accessEntry?.kubernetesGroups ?? []);
}
