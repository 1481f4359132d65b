import type { ClusterIdentity, RoleRule } from '../../../runbooks/language/rights/cluster-roles.ts';
import type { Binding, PolicyRule } from './access-objects.ts';
import { BINDINGS, CLUSTER_BINDINGS, CLUSTER_ROLES, type Kind, NAMESPACES, ROLES } from './kinds.ts';
import type { KubeObject } from './objects.ts';
import type { Draft, ObjectStore } from './store.ts';

/** What is to be done with what. `''` where it has none; a `name` of `''` is every object of the resource. */
export interface Attributes {
  namespace: string;
  verb: string;
  group: string;
  resource: string;
  subresource: string;
  name: string;
}

/** Who is in it may do everything, whatever is bound. */
const MASTERS = 'system:masters';
const API_GROUP = 'rbac.authorization.k8s.io';

/**
 * As the API server's RBAC decides: allowed is what some rule of a Role allows that is bound to one of the groups, and nothing else.
 * @returns which binding allows it; `undefined` where none does
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function allowedBy(store: ObjectStore, groups: readonly string[], asked: Attributes): string | undefined {
  if (groups.includes(MASTERS)) return MASTERS;
  const here = asked.namespace === '' ? [] : store.list(BINDINGS, asked.namespace);
  return [...store.list(CLUSTER_BINDINGS), ...here]
    .filter(({ subjects }) => subjects.some(({ kind, name }) => kind === 'Group' && groups.includes(name)))
    .find((binding) => rulesOf(store, binding).some((rule) => covers(rule, asked)))?.metadata.name;
}

function rulesOf(store: ObjectStore, { metadata, roleRef: { kind, name } }: Binding): readonly PolicyRule[] {
  const role = kind === 'Role' ? store.get(ROLES, metadata.namespace, name) : store.get(CLUSTER_ROLES, undefined, name);
  return role?.rules ?? [];
}

function covers({ apiGroups, resources, resourceNames, verbs }: PolicyRule, asked: Attributes): boolean {
  const { verb, group, subresource, name } = asked;
  const resource = subresource === '' ? asked.resource : `${asked.resource}/${subresource}`;
  const has = (list: readonly string[], ...any: string[]) => list.includes('*') || any.some((one) => list.includes(one));
  return (
    has(verbs, verb) &&
    has(apiGroups, group) &&
    has(resources, resource, ...(subresource === '' ? [] : [`*/${subresource}`])) &&
    (resourceNames.length === 0 || resourceNames.includes(name))
  );
}

/**
 * Puts the Roles of the runbooks into the cluster, as somebody does who applies the manifest; what is as it must be already is left
 * alone. A namespace that there is not gets none.
 */
export function applyRoles(store: ObjectStore, identities: readonly ClusterIdentity[]): void {
  for (const { name, namespace, group, rules, everywhere } of identities) {
    if (!store.get(NAMESPACES, undefined, namespace)) continue;
    apply(store, ROLES, { metadata: { name, namespace }, rules: rules.map(policy) });
    apply(store, BINDINGS, { metadata: { name, namespace }, ...bound('Role', name, group) });
    if (everywhere.length === 0) continue;
    apply(store, CLUSTER_ROLES, { metadata: { name }, rules: everywhere.map(policy) });
    apply(store, CLUSTER_BINDINGS, { metadata: { name }, ...bound('ClusterRole', name, group) });
  }
}

const policy = ({ group, resource, verbs, names }: RoleRule) => ({
  ...{ apiGroups: [group], resources: [resource], verbs: [...verbs] },
  ...(names && { resourceNames: [...names] }),
});

const bound = (kind: string, name: string, group: string) => ({
  roleRef: { apiGroup: API_GROUP, kind, name },
  subjects: [{ apiGroup: API_GROUP, kind: 'Group', name: group }],
});

function apply<T extends KubeObject>(
  store: ObjectStore,
  kind: Kind<T>,
  { metadata, ...rest }: Draft & { metadata: { name: string } },
): void {
  const before = store.get(kind, metadata.namespace, metadata.name);
  if (before) store.save(kind, store.check(kind, { ...before, ...rest }));
  else store.create(kind, { metadata, ...rest });
}
