import * as z from 'zod';
import { clusterCommand } from '../language/cluster.ts';
import { autoscalers, deployments, type HorizontalPodAutoscaler } from './kinds.ts';
import { secondsBetween } from './new-pods.ts';
import { ownerOf } from './owner.ts';
import { objectName } from './parameters.ts';

export const AutoscalerFacts = z.object({
  name: z.string(),
  min: z.number(),
  max: z.number(),
  current: z.number(),
  /** How many it would have, within its bounds. */
  desired: z.number(),
  /** Of what the pods request, on average, in percent; `null` where it does not know, or goes by something else. */
  cpuPercent: z.number().nullable(),
  /** What it holds that at. */
  cpuTargetPercent: z.number().nullable(),
  /** It would have more than its maximum. */
  atMost: z.boolean(),
  /** Why it can not decide: its metrics can not be had, its target is not there; `''` when it can. */
  blind: z.string(),
  /** Who decides its bounds: `KEDA (saveit-backend)`; `''` for nobody else. */
  ownedBy: z.string(),
});

export const autoscalerState = clusterCommand('autoscaler-state', {
  title: 'See who decides how many pods there are',
  safety: 'observe',
  parameters: z.object({
    deployment: objectName,
    /** How long one that is at work is given to come to its end, before it is told how things are; 0 for not at all. */
    settleSeconds: z.number().int().min(0).max(300).default(0),
  }),
  facts: z.object({
    deployment: z.object({ replicas: z.number(), generation: z.number(), ownedBy: z.string() }),
    /** Whatever scales the deployment, whichever its name. More than one is a mistake that only a person can mend. */
    autoscalers: z.array(AutoscalerFacts),
  }),
  timeout: '6m',
  rights: (on) => [
    { group: 'apps', resource: 'deployments', verbs: ['get'], names: on },
    { group: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: ['list'] },
  ],
  byHand: ({ namespace }) => `kubectl get hpa -n ${namespace}; kubectl describe hpa -n ${namespace}`,
  run: async (cluster, { deployment, settleSeconds }, { startedAt, now }) => {
    const [found, all] = await Promise.all([cluster.get(deployments, deployment), cluster.list(autoscalers)]);
    if (!found) throw new Error(`there is no deployment ${deployment} in ${cluster.namespace}`);
    const own = all.filter(({ spec: { scaleTargetRef: target } }) => target.kind === 'Deployment' && target.name === deployment);
    const told = own.map(factsOf);
    const busy = told.find(isAtWork);
    if (busy && secondsBetween(startedAt, now) < settleSeconds)
      return { waitsFor: `${busy.name} is at work: ${busy.current} of up to ${busy.max} pods, wants ${busy.desired}` };
    return {
      facts: {
        deployment: {
          replicas: found.spec.replicas,
          generation: found.metadata.generation,
          ownedBy: ownerOf(found.metadata),
        },
        autoscalers: told,
      },
      evidence: own.map(described).join('\n'),
    };
  },
});

function factsOf({ metadata, spec, status }: HorizontalPodAutoscaler): z.output<typeof AutoscalerFacts> {
  const condition = (type: string) => status.conditions.find((one) => one.type === type);
  const limited = condition('ScalingLimited');
  // One that is scaled to nothing is switched off, which is not blindness.
  const ill = [condition('AbleToScale'), condition('ScalingActive')].find(
    (one) => one?.status === 'False' && one.reason !== 'ScalingDisabled',
  );
  const target = spec.metrics?.find(({ resource }) => resource?.name === 'cpu')?.resource?.target;
  const used = status.currentMetrics?.find(({ resource }) => resource?.name === 'cpu')?.resource?.current;
  return {
    name: metadata.name,
    min: spec.minReplicas,
    max: spec.maxReplicas,
    current: status.currentReplicas,
    desired: status.desiredReplicas,
    cpuPercent: used?.averageUtilization ?? null,
    cpuTargetPercent: target?.averageUtilization ?? null,
    atMost: limited?.status === 'True' && limited.reason === 'TooManyReplicas',
    blind: ill ? `${ill.reason}: ${ill.message}`.slice(0, 300) : '',
    ownedBy: ownerOf(metadata),
  };
}

/** What an autoscaler tolerates: use that is not a tenth above its target moves nothing. */
const TOLERANCE = 1.1;

/** It has room, and reason to make more pods: the next time it looks, or when those that it has asked for are there. */
function isAtWork({ max, current, desired, cpuPercent, cpuTargetPercent, blind }: z.output<typeof AutoscalerFacts>): boolean {
  if (blind !== '') return false;
  const wants = cpuPercent !== null && cpuTargetPercent !== null && cpuPercent > cpuTargetPercent * TOLERANCE;
  return desired > current || (wants && Math.max(current, desired) < max);
}

/** Its conditions, as `kubectl describe hpa` shows them. */
function described({ metadata, status }: HorizontalPodAutoscaler): string {
  return status.conditions
    .map(({ type, status: is, reason, message }) => `${metadata.name} ${type} ${is} ${reason} ${message}`)
    .join('\n');
}
