import { DEPLOYMENTS, REPLICASETS } from '../kinds.ts';
import type { Deployment, ReplicaSet } from '../objects.ts';
import { stamp } from '../state.ts';
import { letters, ownerOf } from '../store.ts';
import { conditionsWith, isTrue, note, type World } from '../world.ts';
import { revisionOf, setsOf, withRevision } from './replicas.ts';

const HASH = 'pod-template-hash';
/** Old ReplicaSets that are kept for a way back. */
const KEPT = 10;

/** A new ReplicaSet for a new template, and a rolling update from the old ones to it, as Kubernetes' own controller does it. */
export function deployments(world: World): void {
  for (const deployment of world.store.list(DEPLOYMENTS)) roll(world, deployment);
}

function roll(world: World, deployment: Deployment): void {
  const hash = letters(JSON.stringify(deployment.spec.template), 10);
  const existing = setsOf(world, deployment);
  const known = existing.find(({ metadata }) => metadata.labels?.[HASH] === hash);
  const current = known ?? (deployment.spec.paused ? undefined : newSet(world, deployment, hash, existing));
  const latest = current ?? existing.at(-1);
  if (deployment.spec.paused) {
    // Paused, it does not roll; it is still as many as it is told to be.
    if (latest) scale(world, deployment, latest, deployment.spec.replicas);
  } else if (current) {
    const old = existing.filter((set) => set.metadata.uid !== current.metadata.uid);
    if (deployment.spec.strategy.type === 'Recreate') recreate(world, deployment, current, old);
    else update(world, deployment, current, old);
    for (const set of old.filter(({ spec, status }) => spec.replicas + status.replicas === 0).slice(0, -KEPT))
      world.store.remove(REPLICASETS, set);
  }
  tell(world, deployment, current);
}

function newSet(world: World, deployment: Deployment, hash: string, existing: ReplicaSet[]): ReplicaSet {
  const { template, selector } = deployment.spec;
  const labels = { ...template.metadata.labels, [HASH]: hash };
  const { name, namespace } = deployment.metadata;
  const revision = Math.max(0, ...existing.map(revisionOf)) + 1;
  const set = world.store.create(REPLICASETS, {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: withRevision(revision),
      ownerReferences: [ownerOf(DEPLOYMENTS, deployment)],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { ...selector.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  });
  const annotations = { ...deployment.metadata.annotations, ...withRevision(revision) };
  world.store.save(DEPLOYMENTS, { ...deployment, metadata: { ...deployment.metadata, annotations } });
  return set;
}

function scale(world: World, deployment: Deployment, set: ReplicaSet, replicas: number): void {
  if (set.spec.replicas === replicas) return;
  const [way, from] = [replicas > set.spec.replicas ? 'up' : 'down', set.spec.replicas];
  world.store.save(REPLICASETS, { ...set, spec: { ...set.spec, replicas } });
  note(
    world,
    DEPLOYMENTS,
    deployment,
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${way} replica set ${set.metadata.name} from ${from} to ${replicas}`,
  );
}

function recreate(world: World, deployment: Deployment, current: ReplicaSet, old: ReplicaSet[]): void {
  for (const set of old) scale(world, deployment, set, 0);
  if (old.every(({ status }) => status.replicas === 0)) scale(world, deployment, current, deployment.spec.replicas);
}

/** Surge first, then as many of the old as are not needed; of those the ones first that are not available anyway. */
function update(world: World, deployment: Deployment, current: ReplicaSet, old: ReplicaSet[]): void {
  const { replicas, strategy } = deployment.spec;
  const { maxSurge = '25%', maxUnavailable = '25%' } = strategy.rollingUpdate ?? {};
  const surge = share(maxSurge, replicas, Math.ceil);
  const unavailable = share(maxUnavailable, replicas, Math.floor) || (surge === 0 ? 1 : 0);
  const total = [current, ...old].reduce((sum, { spec }) => sum + spec.replicas, 0);
  const room = Math.max(0, replicas + surge - total);
  const wanted = current.spec.replicas > replicas ? replicas : Math.min(replicas, current.spec.replicas + room);
  scale(world, deployment, current, wanted);
  if (wanted !== current.spec.replicas) return;
  const least = replicas - unavailable;
  const notYet = current.spec.replicas - current.status.availableReplicas;
  let budget = total - least - notYet;
  let available = [current, ...old].reduce((sum, { status }) => sum + status.availableReplicas, 0);
  for (const set of old) {
    const ill = Math.min(Math.max(0, budget), set.spec.replicas - set.status.availableReplicas);
    const well = Math.min(Math.max(0, available - least), set.spec.replicas - ill);
    available -= well;
    budget -= ill + well;
    scale(world, deployment, set, set.spec.replicas - ill - well);
  }
}

function share(given: number | string, of: number, round: (value: number) => number): number {
  return typeof given === 'number' ? given : round((Number.parseInt(given, 10) * of) / 100);
}

function tell(world: World, given: Deployment, current: ReplicaSet | undefined): void {
  const { store, now } = world;
  const deployment = store.get(DEPLOYMENTS, given.metadata.namespace, given.metadata.name) ?? given;
  const sets = setsOf(world, deployment);
  const sum = (count: (set: ReplicaSet) => number) => sets.reduce((all, set) => all + count(set), 0);
  const own = sets.find(({ metadata }) => metadata.uid === current?.metadata.uid);
  const replicas = sum(({ status }) => status.replicas);
  const available = sum(({ status }) => status.availableReplicas);
  const counts = {
    observedGeneration: deployment.metadata.generation,
    replicas,
    updatedReplicas: own?.status.replicas ?? 0,
    readyReplicas: sum(({ status }) => status.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(({ spec }) => spec.replicas) - available),
  };
  const { maxUnavailable = '25%' } = deployment.spec.strategy.rollingUpdate ?? {};
  const enough = available >= deployment.spec.replicas - share(maxUnavailable, deployment.spec.replicas, Math.floor);
  const least = enough
    ? { status: 'True' as const, reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : {
        status: 'False' as const,
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
  const conditions = conditionsWith(
    deployment.status.conditions,
    { type: 'Available', ...least },
    now,
    !same(deployment, 'Available', least.reason),
  );
  const status = { ...deployment.status, ...counts, conditions: progress(world, deployment, counts, own, conditions) };
  store.save(DEPLOYMENTS, { ...deployment, status });
}

const same = ({ status }: Deployment, type: string, reason: string) =>
  status.conditions.some((one) => one.type === type && one.reason === reason);

interface Counts {
  replicas: number;
  updatedReplicas: number;
  availableReplicas: number;
}

/** The condition by which `kubectl rollout status` knows how far it is, and that it has failed. */
function progress(
  world: World,
  deployment: Deployment,
  counts: Counts,
  own: ReplicaSet | undefined,
  conditions: Deployment['status']['conditions'],
) {
  const { spec, status } = deployment;
  const before = status.conditions.find(({ type }) => type === 'Progressing');
  const known = own && before?.message?.includes(own.metadata.name);
  // A rollout that has come to its end stays so, whatever befalls its pods later.
  const over = before?.reason === 'NewReplicaSetAvailable' && known && counts.updatedReplicas === counts.replicas;
  if (over || (spec.paused && before?.reason === 'DeploymentPaused')) return conditions;
  const set = (reason: string, message: string, holds: 'True' | 'False' | 'Unknown' = 'True') =>
    conditionsWith(conditions, { type: 'Progressing', status: holds, reason, message }, world.now, true);
  if (spec.paused) return set('DeploymentPaused', 'Deployment is paused', 'Unknown');
  const name = own?.metadata.name ?? '';
  const all = [counts.updatedReplicas, counts.replicas, counts.availableReplicas];
  if (all.every((count) => count === spec.replicas))
    return set('NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`);
  const moved =
    !known ||
    counts.updatedReplicas > (status.updatedReplicas ?? 0) ||
    counts.replicas - counts.updatedReplicas < (status.replicas ?? 0) - (status.updatedReplicas ?? 0) ||
    counts.availableReplicas > (status.availableReplicas ?? 0);
  if (moved) return set('ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`);
  const deadline = Date.parse(before?.lastUpdateTime ?? stamp(world.now)) + spec.progressDeadlineSeconds * 1_000;
  if (world.now < deadline) world.wakeAt(deadline);
  else if (isTrue(conditions, 'Progressing'))
    return set('ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`, 'False');
  return conditions;
}
