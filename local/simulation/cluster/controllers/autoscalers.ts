import { processorOf } from '../inside/usage.ts';
import { AUTOSCALERS, DEPLOYMENTS, PODS } from '../kinds.ts';
import type { Autoscaler, Deployment, Pod } from '../objects.ts';
import { millicores } from '../quantity.ts';
import { stamp } from '../state.ts';
import { conditionsWith, isReady, note, type World } from '../world.ts';

/** How often it looks, and how long it waits before it scales down. Milliseconds. */
const EVERY = 15_000;
const STABLE = 300_000;
/** It leaves alone what differs by less. */
const TOLERANCE = 0.1;

/** Scales what it owns by the use of processors, between its bounds. */
export function autoscalers(world: World): void {
  for (const autoscaler of world.store.list(AUTOSCALERS)) {
    const { name } = autoscaler.spec.scaleTargetRef;
    const deployment = world.store.get(DEPLOYMENTS, autoscaler.metadata.namespace, name);
    if (deployment) decide(world, autoscaler, deployment);
  }
}

function decide(world: World, autoscaler: Autoscaler, deployment: Deployment): void {
  const { now, store } = world;
  const { minReplicas, maxReplicas, metrics } = autoscaler.spec;
  const current = deployment.spec.replicas;
  const target = metrics[0]?.resource?.target.averageUtilization ?? 80;
  const ready = readyOf(world, deployment);
  const use = averageOf(world, ready);
  const percent = utilization(use, ready.length, deployment);
  // Scaled to nothing it is off, as Kubernetes has it.
  const would = wanted(current, percent, target, ready.length);
  const asked = current === 0 ? 0 : Math.min(maxReplicas, Math.max(minReplicas, would));
  const last = Date.parse(autoscaler.status.lastScaleTime ?? stamp(now - STABLE));
  const down = asked < current && current <= maxReplicas;
  if (down && now < last + STABLE) world.wakeAt(last + STABLE);
  const desired = down && now < last + STABLE ? current : asked;
  const changed = desired !== current;
  if (changed) {
    store.save(DEPLOYMENTS, { ...deployment, spec: { ...deployment.spec, replicas: desired } });
    note(
      world,
      AUTOSCALERS,
      autoscaler,
      'Normal',
      'SuccessfulRescale',
      `New size: ${desired}; reason: cpu resource utilization (percentage of request) ${desired > current ? 'above' : 'below'} target`,
    );
  }
  if (percent !== undefined && desired < maxReplicas && percent > target) world.wakeAt(now + EVERY);
  const limited = current > 0 && would > maxReplicas;
  const limit = limited
    ? {
        status: 'True' as const,
        reason: 'TooManyReplicas',
        message: 'the desired replica count is more than the maximum replica count',
      }
    : { status: 'False' as const, reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' };
  const able = conditionsWith(
    autoscaler.status.conditions,
    { type: 'AbleToScale', status: 'True', reason: 'ReadyForNewScale' },
    now,
  );
  const active = conditionsWith(
    able,
    {
      type: 'ScalingActive',
      status: current === 0 ? 'False' : 'True',
      reason: current === 0 ? 'ScalingDisabled' : 'ValidMetricFound',
    },
    now,
  );
  const measured =
    percent === undefined
      ? []
      : [
          {
            type: 'Resource',
            resource: { name: 'cpu', current: { averageUtilization: percent, averageValue: `${use}m` } },
          },
        ];
  store.save(AUTOSCALERS, {
    ...autoscaler,
    status: {
      ...autoscaler.status,
      observedGeneration: autoscaler.metadata.generation,
      ...(changed && { lastScaleTime: stamp(now) }),
      currentReplicas: deployment.status.replicas ?? 0,
      desiredReplicas: desired,
      currentMetrics: measured,
      conditions: conditionsWith(active, { type: 'ScalingLimited', ...limit }, now),
    },
  });
}

/**
 * How many pods would have the use that is aimed at. As in Kubernetes, those that are not ready count as idle before more are
 * made: the first that is back has the load of all, and that is no reason for ten.
 */
function wanted(current: number, percent: number | undefined, target: number, ready: number): number {
  if (percent === undefined || Math.abs(percent / target - 1) <= TOLERANCE) return current;
  if (percent < target) return Math.ceil((current * percent) / target);
  const all = (percent * ready) / Math.max(ready, current);
  return all / target <= 1 + TOLERANCE ? current : Math.ceil((current * all) / target);
}

const readyOf = ({ store }: World, { metadata, spec }: Deployment): Pod[] =>
  store
    .list(PODS, metadata.namespace)
    .filter(
      (pod) =>
        isReady(pod) && Object.entries(spec.selector.matchLabels).every(([name, value]) => pod.metadata.labels?.[name] === value),
    );

function averageOf(world: World, pods: readonly Pod[]): number {
  return Math.round(pods.reduce((sum, pod) => sum + processorOf(world, pod), 0) / Math.max(1, pods.length));
}

/** Of what the pods request, in percent; `undefined` where none is ready. */
function utilization(use: number, ready: number, { spec }: Deployment): number | undefined {
  const request = millicores(spec.template.spec.containers[0]?.resources?.requests?.cpu ?? 0);
  return ready === 0 || request === 0 ? undefined : Math.round((use / request) * 100);
}
