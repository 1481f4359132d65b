import type { Deployment, ReplicaSet } from './kinds.ts';

/**
 * Whether a deployment's newest template is all that runs, and available: what `kubectl rollout status` waits for.
 * @returns `true`, or what is missing, in a sentence
 */
export function rolledOut({ metadata, spec, status }: Deployment): true | string {
  if (status.observedGeneration < metadata.generation) return 'the change has not been seen by its controller yet';
  const { replicas } = spec;
  if (status.updatedReplicas < replicas) return `${status.updatedReplicas} of ${replicas} pods are new`;
  if (status.replicas > status.updatedReplicas) return `${status.replicas - status.updatedReplicas} old pods are still there`;
  if (status.availableReplicas < status.updatedReplicas)
    return `${status.availableReplicas} of ${status.updatedReplicas} new pods are available`;
  return true;
}

/** The controller has given up: nothing has moved within the deployment's own `progressDeadlineSeconds`. */
export function gaveUp({ status }: Deployment): string | undefined {
  const progressing = status.conditions.find(({ type }) => type === 'Progressing');
  return progressing?.status === 'False'
    ? `the rollout does not go on (${progressing.reason}): ${progressing.message}`
    : undefined;
}

/** The annotation by which `kubectl rollout restart` makes pods new: a deployment that differs in nothing else is the same one. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/**
 * When the template was last changed in more than a restart, which is what people call a deployment.
 * @param sets the ReplicaSets of the deployment
 * @returns ISO 8601 in UTC; `undefined` where no older template is kept, or all are restarts of the oldest that is
 */
export function lastDeployed(sets: readonly ReplicaSet[]): string | undefined {
  const oldestFirst = [...sets].sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp));
  return oldestFirst
    .filter((set, at) => {
      const before = oldestFirst[at - 1];
      return before !== undefined && essence(set) !== essence(before);
    })
    .at(-1)?.metadata.creationTimestamp;
}

/** A template without what a restart changes, and without the hash that the controller puts in. */
function essence({ spec: { template } }: ReplicaSet): string {
  const { [RESTARTED_AT]: _restarted, ...annotations } = template.metadata.annotations;
  const { 'pod-template-hash': _hash, ...labels } = template.metadata.labels;
  return JSON.stringify(sorted({ ...template, metadata: { annotations, labels } }));
}

/** With its keys in order, so that the same is written the same. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
