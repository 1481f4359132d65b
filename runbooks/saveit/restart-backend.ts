import { restartDeployment } from '../cluster/restart-deployment.ts';
import type { SaveitSettings } from './system.ts';

/** The page's restart of the backend, which several of its procedures end with. Why, each runbook says itself. */
export const restartBackend = {
  command: restartDeployment,
  on: ({ backend }: SaveitSettings) => [backend.deployment],
  with: (_: unknown, __: unknown, { backend }: SaveitSettings) => ({ deployment: backend.deployment }),
  says: ({ pods, tookSeconds }: { pods: number; tookSeconds: number }) =>
    `${pods} new pods are available, after ${tookSeconds} s`,
};
