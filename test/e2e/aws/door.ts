import { DescribeAccessEntryCommand, type EKSClient, ResourceNotFoundException } from '@aws-sdk/client-eks';
import type { Ministack } from './ministack.ts';
import { relayed } from './relay.ts';

const PREFIX = 'k8s-aws-v1.';

/** Whom EKS has let in. */
export interface Caller {
  /** The ARN of the role or the user. */
  principal: string;
  groups: string[];
}

/**
 * What EKS does before a request reaches the Kubernetes API: STS says whose the token is, and the access entry of that principal
 * which groups it is in. Both are asked of the emulator, which checks the signature.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-auth.html
 * @returns a function of the `authorization` header, which gives `undefined` for whoever is not let in
 */
export function doorOf(emulator: Ministack, eks: EKSClient, cluster: string) {
  // A token is sent along with each request of a turn.
  const known = new Map<string, Promise<Caller | undefined>>();
  return (authorization: string | undefined): Promise<Caller | undefined> => {
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
    if (!token.startsWith(PREFIX)) return Promise.resolve(undefined);
    const asked = known.get(token) ?? identified(emulator, eks, cluster, token);
    known.set(token, asked);
    return asked;
  };
}

async function identified(emulator: Ministack, eks: EKSClient, cluster: string, token: string): Promise<Caller | undefined> {
  const presigned = new URL(Buffer.from(token.slice(PREFIX.length), 'base64url').toString('utf8'));
  if (!presigned.hostname.startsWith('sts.') || presigned.searchParams.get('Action') !== 'GetCallerIdentity') return undefined;
  const { status, body } = await relayed(emulator.url, {
    method: 'GET',
    path: `${presigned.pathname}${presigned.search}`,
    headers: { host: presigned.host, 'x-k8s-aws-id': cluster },
  });
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(body)?.[1];
  if (status !== 200 || arn === undefined) return undefined;
  const principal = arn.replace(/:sts::(\d+):assumed-role\/([^/]+)\/.*$/, ':iam::$1:role/$2');
  try {
    const { accessEntry } = await eks.send(new DescribeAccessEntryCommand({ clusterName: cluster, principalArn: principal }));
    return { principal, groups: accessEntry?.kubernetesGroups ?? [] };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
