import { randomBytes } from 'node:crypto';
import { EKSClient } from '@aws-sdk/client-eks';
import { AppsV1Api, CoreV1Api, type V1Pod } from '@kubernetes/client-node';
import { Kubernetes } from '../../../functions/aws/cluster/kubernetes.ts';
import { clusterToken } from '../../../functions/aws/cluster/token.ts';
import type { ClusterRule } from '../../../runbooks/language/cluster.ts';
import { apply } from '../../cluster/apply.ts';
import type { AccessKey } from '../../cluster/authenticator.ts';
import type { ControlPlane } from '../../cluster/control-plane.ts';
import { NAMESPACE } from '../../cluster/fixtures/saveit.ts';
import { kubeConfig } from '../../cluster/kubeconfig.ts';
import type { Tally } from '../tally.ts';
import { until } from '../until.ts';

/** Where the chapters play: each finds Save-It.AI well, and leaves it well. */
export interface Stage {
  plane: ControlPlane;
  results: Tally;
}

const ROLLOUT_MS = 180_000;

/** An AWS role with an access entry and a Role in the application's namespace. */
export interface Identity {
  key: AccessKey;
  /** A token as the responder makes it. @param cluster if it is to be for another one */
  token(cluster?: string): Promise<string>;
  /** The cluster as a step of the responder sees it, through its own adapter. */
  cluster: Kubernetes;
}

/** Makes somebody who may do so much, and nothing else. @param name of the role */
export async function identity({ plane }: Stage, name: string, rules: readonly ClusterRule[]): Promise<Identity> {
  const key = { accessKeyId: `ASIA${name.toUpperCase()}`, secretAccessKey: randomBytes(30).toString('base64') };
  const username = `arn:aws:sts::123456789012:assumed-role/${name}/firebreak`;
  plane.grant(key, { username, groups: [] });
  const metadata = { name, namespace: NAMESPACE };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: username }];
  await apply(plane.admin, [
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules: rules.map(asPolicy) },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata, roleRef, subjects },
  ]);
  const client = new EKSClient({ region: 'us-east-1', credentials: key });
  const token = (cluster = plane.cluster) => clusterToken(client, cluster);
  return { key, token, cluster: await Kubernetes.open(NAMESPACE, async () => kubeConfig(plane, await token())) };
}

function asPolicy({ group, resource, verbs, names }: ClusterRule) {
  return { apiGroups: [group], resources: [resource], verbs, ...(names ? { resourceNames: names } : {}) };
}

/** The pods of a workload that nobody is ending. */
export async function podsOf({ plane }: Stage, workload: string): Promise<(V1Pod & { name: string })[]> {
  const core = plane.admin.makeApiClient(CoreV1Api);
  const labelSelector = `app.kubernetes.io/name=${workload}`;
  const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector });
  return items
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .map((pod) => ({ ...pod, name: pod.metadata?.name ?? '' }));
}

/** Waits until a Deployment is as it is wished: what `kubectl rollout status` waits for. @returns pods that are available */
export async function rolledOut({ plane }: Stage, name: string): Promise<number> {
  const apps = plane.admin.makeApiClient(AppsV1Api);
  return await until(
    `${name} is rolled out`,
    async () => {
      const { metadata, spec, status } = await apps.readNamespacedDeployment({ name, namespace: NAMESPACE });
      const wished = spec?.replicas ?? 0;
      const seen = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
      const counts = [status?.replicas ?? 0, status?.updatedReplicas ?? 0, status?.availableReplicas ?? 0];
      return seen && counts.every((count) => count === wished) && wished;
    },
    ROLLOUT_MS,
  );
}
