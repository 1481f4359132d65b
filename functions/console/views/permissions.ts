import type { Runbook } from '../../../runbooks/language/definition.ts';
import { workspaceOf } from '../../../runbooks/language/prometheus.ts';
import { clusterIdentities, type RoleRule, reach } from '../../../runbooks/language/rights/cluster-roles.ts';
import type { Making } from '../../../runbooks/language/rights/making.ts';
import { step } from '../../../runbooks/language/rights/run.ts';
import { arnsIn } from '../../../runbooks/language/rights/statement.ts';
import { LEADING_KEYS } from '../../incident/leading-keys.ts';
import type { Surroundings } from '../../surroundings.ts';

/** What a runbook's function may do, as its role says it. */
export interface Permission {
  /** For example `ssm:SendCommand`, or `delete` of a Kubernetes object. */
  actions: string[];
  on: string[];
  /** The conditions that must hold, each in a line. */
  onlyIf: string[];
  why: string;
}

export interface Permissions {
  /** By IAM. */
  aws: Permission[];
  /** By the roles of its cluster; empty for a runbook without steps there. */
  cluster: Permission[];
}

/**
 * What a runbook may do, from its own steps: by the same derivation that deploys its role and writes `docs/permissions.md`. What a
 * deployment adds for all of its functions alike, a VPC or a key of the topics, is not among it.
 */
export function permissionsOf({ config, names, systems, runbooks }: Surroundings, runbook: Runbook): Permissions {
  const { id: system, impact } = runbook.system;
  const settings = config.settingsOf(system);
  const { hosts, hostTag, cluster } = settings;
  const place = { partition: 'aws', region: config.region, account: config.account };
  const workspace = impact && workspaceOf(impact(settings).prometheus ?? '');
  const making: Making = {
    names,
    place,
    arn: arnsIn(place),
    keys: LEADING_KEYS,
    systems,
    runbooks,
    hostTags: hosts.length > 0 ? { [system]: hostTag } : {},
    clusters: cluster ? { [system]: cluster.name } : {},
    workspaces: workspace ? { [system]: workspace } : {},
    inVpc: false,
  };
  const [identity] = clusterIdentities(names, system, [runbook], settings);
  return {
    aws: step(making, runbook).statements.map(({ actions, resources, conditions = {}, why }) => ({
      actions: [...actions],
      on: [...resources],
      onlyIf: Object.values(conditions).flatMap((keys) =>
        Object.entries(keys).map(([name, values]) => `${name}: ${[values].flat().join(', ')}`),
      ),
      why,
    })),
    cluster: identity
      ? [
          ...identity.rules.map((rule) => inCluster(rule, identity.namespace)),
          ...identity.everywhere.map((rule) => inCluster(rule)),
        ]
      : [],
  };
}

/** @param namespace in which it holds; in the whole cluster, if not said */
function inCluster(rule: RoleRule, namespace?: string): Permission {
  const { group, resource, verbs, names = [], for: needed } = rule;
  const far = reach(rule);
  return {
    actions: [...verbs],
    on: [group === '' ? resource : `${resource} of ${group}`],
    onlyIf: [namespace ? `in the namespace ${namespace}` : 'in the whole cluster', ...names.map((name) => `called ${name}`)],
    why: `${needed.join('; ')}.${far ? ` It ${far}.` : ''}`,
  };
}
