import { LEADING_KEYS } from '../functions/incident/leading-keys.ts';
import { contactsOf, type Staff } from '../runbooks/language/contact.ts';
import { type Deployment, settingsOf } from '../runbooks/language/deployment.ts';
import { names } from '../runbooks/language/names.ts';
import { permissions } from '../runbooks/language/permissions.ts';
import { type Workspace, workspaceOf } from '../runbooks/language/prometheus.ts';
import type { Place, Rights } from '../runbooks/language/rights/statement.ts';
import type { Registry } from './registry.ts';

/** The rights of all that a deployment has. */
export function rightsOf({ systems, runbooks }: Registry, deployment: Deployment, place: Place, topicKeyArn?: string): Rights[] {
  const given = settingsOf(deployment);
  const settings = Object.entries(given);
  return permissions({
    names: names(deployment.prefix),
    place,
    keys: LEADING_KEYS,
    systems,
    runbooks,
    hostTags: Object.fromEntries(
      settings.flatMap(([system, { hosts, hostTag }]) => (hosts.length > 0 ? [[system, hostTag]] : [])),
    ),
    clusters: Object.fromEntries(settings.flatMap(([system, { cluster }]) => (cluster ? [[system, cluster.name]] : []))),
    workspaces: workspacesOf(systems, given),
    ...(topicKeyArn !== undefined && { topicKeyArn }),
    pagerduty: {
      keys: Object.fromEntries(Object.entries(deployment.systems).map(([id, { staff }]) => [id, pagerdutyKeysOf(staff)])),
      webhookSecret: deployment.pagerduty?.webhookSecret,
    },
    inVpc: deployment.vpc !== undefined,
  });
}

function pagerdutyKeysOf(staff: Readonly<Record<string, Staff>>): string[] {
  return contactsOf(...Object.values(staff)).flatMap(({ pagerduty }) => pagerduty ?? []);
}

/** Where the impact of a system's incidents is measured, if it is Amazon's Prometheus. */
function workspacesOf(systems: Registry['systems'], settings: ReturnType<typeof settingsOf>): Record<string, Workspace> {
  const found = systems.flatMap(({ id, impact }): [string, Workspace][] => {
    const own = settings[id];
    const workspace = impact && own && workspaceOf(impact(own).prometheus ?? '');
    return workspace ? [[id, workspace]] : [];
  });
  return Object.fromEntries(found);
}
