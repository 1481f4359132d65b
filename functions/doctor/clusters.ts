import { type AccessQuestion, accessReview, accessReviews, spokenQuestion } from '../../runbooks/cluster/access-review.ts';
import { deployments, podMetrics } from '../../runbooks/cluster/kinds.ts';
import type { Cluster } from '../../runbooks/language/cluster.ts';
import { names } from '../../runbooks/language/names.ts';
import { type ClusterIdentity, clusterIdentities } from '../../runbooks/language/rights/cluster-roles.ts';
import type { ClusterNeed, HostedSettings, System } from '../../runbooks/language/system.ts';
import { clusterFound, groupsOf, roleOfFunction } from '../aws/account/clusters.ts';
import type { Clients } from '../aws/clients.ts';
import { Clusters } from '../aws/cluster/clusters.ts';
import type { Registry } from '../surroundings.ts';
import type { ClusterFacts, ObjectFacts, RunbookAccess } from './facts.ts';
import type { Questions } from './questions.ts';

export interface AskedOfCluster {
  registry: Registry;
  clients: Clients;
  questions: Questions;
  prefix: string;
  system: System;
  settings: HostedSettings;
}

/** Who the system's runbooks are in its cluster. None where none of them has steps there. */
export function identitiesIn({ registry, prefix, system, settings }: Omit<AskedOfCluster, 'clients' | 'questions'>) {
  return clusterIdentities(names(prefix), system.id, registry.runbooks, settings);
}

/** Looks at a system's cluster: whether it answers, knows each runbook and allows what its steps need, and has what settings name. */
export async function clusterFacts(asked: AskedOfCluster): Promise<ClusterFacts | undefined> {
  const { clients, questions, settings, system } = asked;
  const identities = identitiesIn(asked);
  if (!settings.cluster || identities.length === 0) return undefined;
  const { name, namespace } = settings.cluster;
  const found = await questions.ask('eks:DescribeCluster', `the cluster ${name}`, () => clusterFound(clients.clusters, name));
  if (!found) return { found, runbooks: [], objects: [], metrics: undefined };
  const opened = await questions.ask('eks:DescribeCluster', `the API of the cluster ${name}`, () =>
    new Clusters(clients.clusters).open(name, namespace),
  );
  const runbooks = await Promise.all(identities.map((identity) => accessOf(asked, name, identity, opened)));
  if (!opened) return { found, runbooks, objects: [], metrics: undefined };
  const needs = system.clusterNeeds?.(settings) ?? [];
  const objects = await Promise.all(needs.map((need) => objectOf(questions, opened, need)));
  const wanted = identities.some(({ rules }) => rules.some(({ group }) => group === podMetrics.group));
  const metrics = wanted ? await metricsOf(questions, opened) : undefined;
  return { found, runbooks, objects: objects.flatMap((one) => one ?? []), metrics };
}

async function accessOf(
  { clients, questions, prefix }: AskedOfCluster,
  cluster: string,
  identity: ClusterIdentity,
  opened: Cluster | undefined,
): Promise<RunbookAccess> {
  const { runbook, group } = identity;
  const role = await questions.ask('lambda:GetFunctionConfiguration', `which role the function of ${runbook} has`, () =>
    roleOfFunction(clients.functions, names(prefix).stepFunction(runbook)),
  );
  const groups = role
    ? await questions.ask('eks:DescribeAccessEntry', `who ${runbook} is in the cluster ${cluster}`, () =>
        groupsOf(clients.clusters, cluster, role),
      )
    : undefined;
  const access = { runbook, group, groups };
  if (!opened) return { ...access, refused: undefined, everything: undefined };
  const review = 'create of subjectaccessreviews in the cluster';
  const refused = await questions.ask(review, `what ${runbook} may do in the cluster ${cluster}`, () =>
    refusedOf(opened, identity),
  );
  // Who may not ask one may not ask the other.
  const everything =
    refused && (await allowed(opened, group, { verb: '*', group: '*', resource: '*', namespace: identity.namespace }));
  return { ...access, refused, everything };
}

/** What a runbook's steps need and its group may not. */
async function refusedOf(cluster: Cluster, identity: ClusterIdentity): Promise<string[]> {
  const refused: string[] = [];
  // One after the other: an API server lets one caller have so many questions at a time.
  for (const question of questionsOf(identity))
    if (!(await allowed(cluster, identity.group, question))) refused.push(spokenQuestion(question));
  return refused;
}

/** Every verb on every object that it must be allowed. */
export function questionsOf({ namespace, rules, everywhere }: ClusterIdentity): AccessQuestion[] {
  return [...rules.map((rule) => ({ ...rule, namespace })), ...everywhere].flatMap(({ verbs, names: only, for: _for, ...rest }) =>
    verbs.flatMap((verb) => (only ? only.map((name) => ({ ...rest, verb, name })) : [{ ...rest, verb }])),
  );
}

async function allowed(cluster: Cluster, group: string, question: AccessQuestion): Promise<boolean> {
  const review = await cluster.create(accessReviews, accessReview(group, question));
  return review?.status.allowed ?? false;
}

async function objectOf(questions: Questions, cluster: Cluster, need: ClusterNeed): Promise<ObjectFacts | undefined> {
  const { kind, name } = need;
  const plural = kind === 'workload' ? deployments.plural : kind.plural;
  return questions.ask(`get of ${plural} in the cluster`, `whether ${plural}/${name} is there`, async () => {
    if (kind !== 'workload') return { need, found: (await cluster.get(kind, name)) !== undefined };
    const deployment = await cluster.get(deployments, name);
    if (!deployment) return { need, found: false };
    const { metadata, spec } = deployment.spec.template;
    return { need, found: true, containers: spec.containers.map((container) => container.name), labels: metadata.labels };
  });
}

/** @returns `false` where there is no metrics server (the API does not know the kind then), and where it is down */
async function metricsOf(questions: Questions, cluster: Cluster): Promise<boolean | undefined> {
  return questions.ask('list of pods.metrics.k8s.io in the cluster', 'whether the metrics server answers', async () => {
    try {
      await cluster.list(podMetrics);
      return true;
    } catch (error) {
      if (error instanceof Error && /answered (404|503)\b/.test(error.message)) return false;
      throw error;
    }
  });
}
