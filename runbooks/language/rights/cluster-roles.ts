import type { ClusterVerb } from '../cluster.ts';
import { clusterCommandsOf, clusterRulesOf, type NeededRule } from '../commands-of.ts';
import type { Runbook } from '../definition.ts';
import type { Names } from '../names.ts';
import type { HostedSettings } from '../system.ts';

/** A rule of a Role: verbs on one resource, and which commands of the runbook need it. */
export interface RoleRule {
  /** `''` for the core group. */
  group: string;
  resource: string;
  verbs: readonly ClusterVerb[];
  /** Only these; all of the namespace if not said. Never empty: RBAC would take that for all. */
  names?: readonly string[];
  /** The titles of the commands. */
  for: readonly string[];
}

/** Who a runbook is in its cluster, and what it may do there: nothing else of the cluster is open to it. */
export interface ClusterIdentity {
  /** Of the runbook. */
  runbook: string;
  /** The Kubernetes group: the access entry of EKS puts the function's role into it, the bindings give it the roles below. */
  group: string;
  /** Of its Role and RoleBinding, and of its ClusterRole and ClusterRoleBinding where it has some. */
  name: string;
  namespace: string;
  /** In the namespace: never empty, or the runbook would have no cluster steps. */
  rules: readonly RoleRule[];
  /** On what has no namespace. Often empty. */
  everywhere: readonly RoleRule[];
}

/** The identities of a system's runbooks that have cluster steps, by their own steps. @param settings of the system: they name the objects */
export function clusterIdentities(
  names: Names,
  system: string,
  runbooks: readonly Runbook[],
  settings: HostedSettings,
): ClusterIdentity[] {
  const { cluster } = settings;
  if (!cluster) return [];
  const own = runbooks.filter((runbook) => runbook.system.id === system && clusterCommandsOf(runbook).size > 0);
  return own.map((runbook) => {
    const needed = clusterRulesOf(runbook, settings);
    return {
      runbook: runbook.id,
      group: names.clusterGroup(runbook.id),
      name: names.clusterRole(runbook.id),
      namespace: cluster.namespace,
      rules: merged(needed.filter(({ scope }) => scope !== 'cluster')),
      everywhere: merged(needed.filter(({ scope }) => scope === 'cluster')),
    };
  });
}

/** In their order of harm: what a person reads last is what weighs most. */
const VERBS: readonly ClusterVerb[] = ['get', 'list', 'create', 'patch', 'delete'];

/**
 * The least that allows all of them and nothing more, sorted, whatever order they came in.
 * @throws {Error} for a rule that could allow nothing: `list` or `create` of named objects
 */
export function merged(needed: readonly NeededRule[]): RoleRule[] {
  const byResource = Map.groupBy(needed.flatMap(useful), ({ group, resource }) => `${group}/${resource}`);
  return [...byResource.keys()].sort().flatMap((key) => ofResource(byResource.get(key) ?? []));
}

/** A rule about no object allows nothing, and must not become one about all. */
function useful(rule: NeededRule): NeededRule[] {
  const { verbs, names, resource } = rule;
  const impossible = verbs.find((verb) => verb === 'list' || (verb === 'create' && !resource.includes('/')));
  if (names && impossible) throw new Error(`${rule.for}: ${impossible} of ${resource} can not be limited to names`);
  return names?.length === 0 ? [] : [rule];
}

/** One resource: a verb that is allowed on all objects needs no names, and verbs on the same objects are one rule. */
function ofResource(rules: readonly NeededRule[]): RoleRule[] {
  const [first] = rules;
  if (!first) return [];
  const perVerb = VERBS.filter((verb) => rules.some(({ verbs }) => verbs.includes(verb))).map((verb) => {
    const mine = rules.filter(({ verbs }) => verbs.includes(verb));
    const all = mine.some(({ names }) => names === undefined);
    const names = all ? undefined : unique(mine.flatMap(({ names = [] }) => names));
    return { verb, names, for: mine.map((rule) => rule.for) };
  });
  return [...Map.groupBy(perVerb, ({ names }) => JSON.stringify(names ?? null)).values()].map((alike) => {
    const names = alike[0]?.names;
    return {
      group: first.group,
      resource: first.resource,
      verbs: alike.map(({ verb }) => verb),
      ...(names && { names }),
      for: unique(alike.flatMap((one) => one.for)),
    };
  });
}

const unique = (values: readonly string[]) => [...new Set(values)].sort();

/** What makes pods, by itself or through a controller. */
const MAKES_PODS = ['pods', 'jobs', 'cronjobs', 'deployments', 'replicasets', 'statefulsets', 'daemonsets'];

/** What a right brings beyond its own words, because RBAC can't be told more exactly. @returns nothing for most */
export function reach({ resource, verbs, names }: RoleRule): string | undefined {
  const which = names ? `these ${resource}` : `any ${resource}`;
  if (resource === 'pods/exec')
    return `runs programs in ${names ? 'these pods' : 'any pod of the namespace'}, and so reaches whatever they reach: neither the container nor the program can be limited`;
  if (resource === 'secrets' && verbs.some((verb) => verb === 'get' || verb === 'list'))
    return `may read the values of ${names ? 'these Secrets' : 'every Secret of the namespace'}`;
  if (!MAKES_PODS.includes(resource)) return undefined;
  if (verbs.includes('create'))
    return `may make ${resource}, whose pods can mount any Secret of the namespace and use any of its service accounts`;
  if (verbs.includes('patch') && resource !== 'pods')
    return `may change ${which} in any way, their pods' images and mounted Secrets among it: a patch can not be limited to a field`;
  return undefined;
}
