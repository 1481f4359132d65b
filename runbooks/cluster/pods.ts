import type { Pod } from './kinds.ts';

/** What a person sees in the column STATUS of `kubectl get pods`, in the same words. */
export function standing({ metadata, status }: Pod): string {
  if (metadata.deletionTimestamp) return 'Terminating';
  const waiting = status.containerStatuses.map(({ state }) => state.waiting?.reason).find(Boolean);
  const terminated = status.containerStatuses.map(({ state }) => state.terminated?.reason).find(Boolean);
  return waiting || terminated || status.reason || status.phase;
}

/** By its condition: what a Service asks before it sends anything there. */
export function isReady({ metadata, status }: Pod): boolean {
  return !metadata.deletionTimestamp && status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

/** The scheduler finds no node for it. @returns its words */
export function unschedulable({ status }: Pod): string | undefined {
  const scheduled = status.conditions.find(({ type }) => type === 'PodScheduled');
  return scheduled?.status === 'False' ? scheduled.message || scheduled.reason : undefined;
}

/** Waiting for something that no restart brings: the image is not to be had, or the configuration does not fit. */
const IMAGE = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'RegistryUnavailable'];
const CONFIGURATION = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError', 'ContainerCannotRun'];
export const isImageFault = (reason: string) => IMAGE.includes(reason);
export const isConfigurationFault = (reason: string) => CONFIGURATION.includes(reason);
