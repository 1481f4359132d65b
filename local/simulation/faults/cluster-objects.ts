import type { World } from '../cluster/fault.ts';
import { NAMESPACE } from '../cluster/healthy.ts';
import { DEPLOYMENTS, PODS } from '../cluster/kinds.ts';
import type { Deployment, Pod } from '../cluster/objects.ts';
import { appOf } from '../cluster/world.ts';

export const BACKEND = 'saveit-backend';

/** The backends that there are, in the order of their names. */
export function backends({ store }: World): Pod[] {
  return store
    .list(PODS, NAMESPACE)
    .filter((pod) => appOf(pod) === BACKEND)
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

export function changeDeployment({ store }: World, name: string, change: (deployment: Deployment) => Deployment): void {
  const deployment = store.get(DEPLOYMENTS, NAMESPACE, name);
  if (deployment) store.save(DEPLOYMENTS, change(deployment));
}

export const withSpec = (deployment: Deployment, spec: Partial<Deployment['spec']>): Deployment => ({
  ...deployment,
  spec: { ...deployment.spec, ...spec },
});
