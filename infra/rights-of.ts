import { LEADING_KEYS } from '../functions/incident/leading-keys.ts';
import { type Deployment, settingsOf } from '../runbooks/language/deployment.ts';
import { names } from '../runbooks/language/names.ts';
import { permissions } from '../runbooks/language/permissions.ts';
import type { Place, Rights } from '../runbooks/language/rights/statement.ts';
import type { Registry } from './registry.ts';

/** The rights of all that a deployment has. */
export function rightsOf({ systems, runbooks }: Registry, deployment: Deployment, place: Place, topicKeyArn?: string): Rights[] {
  const settings = Object.entries(settingsOf(deployment));
  return permissions({
    names: names(deployment.prefix),
    place,
    keys: LEADING_KEYS,
    systems,
    runbooks,
    hostTags: Object.fromEntries(settings.map(([system, { hostTag }]) => [system, hostTag])),
    clusters: Object.fromEntries(settings.flatMap(([system, { cluster }]) => (cluster ? [[system, cluster.name]] : []))),
    ...(topicKeyArn !== undefined && { topicKeyArn }),
    inVpc: deployment.vpc !== undefined,
  });
}
