import type { ClusterIdentity, RoleRule } from './cluster-roles.ts';
import { reach } from './cluster-roles.ts';

/** By which everything of one deployment and system is found in a cluster. */
export const LABELS = {
  managedBy: 'app.kubernetes.io/managed-by',
  deployment: 'firebreak.dev/deployment',
  system: 'firebreak.dev/system',
};

export interface ManifestOf {
  prefix: string;
  system: string;
  cluster: string;
  /** Whether the configuration names the cluster; otherwise its names are placeholders. */
  given: boolean;
  identities: readonly ClusterIdentity[];
}

/** What `kubectl apply -f` takes: a Role and its binding for each runbook. The same identities give the same text. */
export function clusterManifest(of: ManifestOf): string {
  const head = [
    `# What the runbooks of ${of.system} may do in the cluster ${of.cluster}, each in a group of its own.`,
    '# Made by "npm run synth" from the runbooks\' own steps: change them, not this.',
    ...(of.given ? [] : ['# The cluster was not given: its name and its namespace are placeholders. Do not apply this yet.']),
  ].join('\n');
  return [head, ...of.identities.flatMap((identity) => documents(of, identity))].join('\n---\n').concat('\n');
}

function documents(of: ManifestOf, { runbook, name, namespace, group, rules, everywhere }: ClusterIdentity): string[] {
  const role = (kind: 'Role' | 'ClusterRole', rules: readonly RoleRule[]) => {
    const metadata = metadataOf(of, name, kind === 'Role' ? namespace : undefined);
    return [
      [`# ${runbook}`, ...header(kind), ...metadata, ...(rules.length > 0 ? ['rules:', ...rules.flatMap(rule)] : ['rules: []'])],
      [
        ...header(`${kind}Binding`),
        ...metadata,
        'roleRef:',
        '  apiGroup: rbac.authorization.k8s.io',
        `  kind: ${kind}`,
        `  name: ${quoted(name)}`,
        'subjects:',
        '  - apiGroup: rbac.authorization.k8s.io',
        '    kind: Group',
        `    name: ${quoted(group)}`,
      ],
    ].map((lines) => lines.join('\n'));
  };
  return [...role('Role', rules), ...(everywhere.length > 0 ? role('ClusterRole', everywhere) : [])];
}

const header = (kind: string) => ['apiVersion: rbac.authorization.k8s.io/v1', `kind: ${kind}`];

function metadataOf({ prefix, system }: ManifestOf, name: string, namespace: string | undefined): string[] {
  return [
    'metadata:',
    `  name: ${quoted(name)}`,
    ...(namespace === undefined ? [] : [`  namespace: ${quoted(namespace)}`]),
    '  labels:',
    `    ${LABELS.managedBy}: firebreak`,
    `    ${LABELS.deployment}: ${quoted(prefix)}`,
    `    ${LABELS.system}: ${quoted(system)}`,
  ];
}

function rule(one: RoleRule): string[] {
  const far = reach(one);
  return [
    `  # ${one.for.join('; ')}`,
    ...(far ? [`  # It ${far}.`] : []),
    `  - apiGroups: ${flow([one.group])}`,
    `    resources: ${flow([one.resource])}`,
    `    verbs: ${flow(one.verbs)}`,
    ...(one.names ? [`    resourceNames: ${flow(one.names)}`] : []),
  ];
}

/** JSON's text is YAML's, too. */
const quoted = (value: string) => JSON.stringify(value);
const flow = (values: readonly string[]) => `[${values.map(quoted).join(', ')}]`;
