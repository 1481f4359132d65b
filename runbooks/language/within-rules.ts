import { type Cluster, ClusterFault, type ClusterRule, type ClusterVerb, type Kind } from './cluster.ts';

/** What a step asks of a cluster, as RBAC sees it. */
interface Asked {
  verb: ClusterVerb;
  group: string;
  resource: string;
  name: string | undefined;
  namespaced: boolean;
}

/**
 * The cluster as far as the rules go. What a step asks beyond them never leaves: the cluster's own RBAC refuses it as well, and
 * in local mode and in tests this is what shows that a rule is missing before it is deployed.
 */
export function withinRules(cluster: Cluster, rules: readonly ClusterRule[]): Cluster {
  const may = (verb: ClusterVerb, kind: Pick<Kind<unknown>, 'group' | 'plural' | 'namespaced'>, name?: string, sub?: string) => {
    const { group, plural, namespaced } = kind;
    const asked: Asked = { verb, group, resource: sub ? `${plural}/${sub}` : plural, name, namespaced };
    if (rules.some((rule) => allows(rule, asked))) return;
    throw new ClusterFault(
      'forbidden',
      `${verb} ${asked.resource}${name ? `/${name}` : ''}: the step has no right to it: its command's rights do not name it`,
    );
  };
  const pods = { group: '', plural: 'pods', namespaced: true };
  return {
    namespace: cluster.namespace,
    get: async (kind, name) => {
      may('get', kind, name);
      return cluster.get(kind, name);
    },
    list: async (kind, selector) => {
      may('list', kind);
      return cluster.list(kind, selector);
    },
    patch: async (kind, name, patch, subresource) => {
      may('patch', kind, name, subresource);
      return cluster.patch(kind, name, patch, subresource);
    },
    create: async (kind, object) => {
      may('create', kind);
      return cluster.create(kind, object);
    },
    remove: async (kind, name) => {
      may('delete', kind, name);
      return cluster.remove(kind, name);
    },
    logs: async (pod, query) => {
      may('get', pods, pod, 'log');
      return cluster.logs(pod, query);
    },
    exec: async (pod, container, command, limit) => {
      // Through a WebSocket it begins as a GET, and since 1.35 the API asks for `create` then, too.
      may('get', pods, pod, 'exec');
      may('create', pods, pod, 'exec');
      return cluster.exec(pod, container, command, limit);
    },
  };
}

function allows({ scope, group, resource, verbs, names }: ClusterRule, asked: Asked): boolean {
  // A Role of a namespace can not allow what has none.
  if ((scope !== 'cluster') !== asked.namespaced) return false;
  if (group !== asked.group || resource !== asked.resource || !verbs.includes(asked.verb)) return false;
  return names === undefined || (asked.name !== undefined && names.includes(asked.name));
}
