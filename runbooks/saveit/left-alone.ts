import type * as z from 'zod';
import type { podState } from '../cluster/pod-state.ts';
import { isConfigurationFault, isImageFault } from '../cluster/pods.ts';
import type { rolloutState } from '../cluster/rollout-state.ts';

/** A workload as its looks tell of it. */
export interface Workload {
  pods: z.output<typeof podState.facts>;
  deployment: z.output<typeof rolloutState.facts>;
}

/**
 * What neither a restart nor more pods would mend, in a sentence: somebody works at it, or new pods would not begin.
 * `undefined` when nothing speaks against them.
 */
export function leftAlone({ deployment, pods }: Workload): string | undefined {
  if (deployment.paused) return 'the deployment is paused: somebody works at it';
  if (deployment.replicas === 0) return 'the deployment is scaled to nothing: somebody has switched it off';
  const image = pods.pods.find(({ standing }) => isImageFault(standing));
  if (image) return `${image.name} cannot have its image (${image.standing}${image.waitsFor ? `: ${image.waitsFor}` : ''})`;
  const configuration = pods.pods.find(({ standing }) => isConfigurationFault(standing));
  if (configuration)
    return `the configuration of ${configuration.name} does not fit (${configuration.standing}${configuration.waitsFor ? `: ${configuration.waitsFor}` : ''})`;
  if (pods.illNodes.length > 0) return `the nodes are ill: ${pods.illNodes.join('; ')}`;
  const homeless = pods.pods.find(({ standing, waitsFor }) => standing === 'Pending' && waitsFor !== '');
  return homeless && `no node has room for ${homeless.name}: ${homeless.waitsFor}`;
}
