import { apiVersion, KINDS, type Kind } from '../kinds.ts';
import { noSuchPath } from './problem.ts';

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

/** Groups that have no objects of their own: what they answer is made when it is asked for. */
const VIRTUAL: Readonly<Record<string, object[]>> = {
  'metrics.k8s.io/v1beta1': [
    { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
    { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
  ],
  'authorization.k8s.io/v1': [
    { name: 'selfsubjectaccessreviews', singularName: '', namespaced: false, kind: 'SelfSubjectAccessReview', verbs: ['create'] },
    { name: 'subjectaccessreviews', singularName: '', namespaced: false, kind: 'SubjectAccessReview', verbs: ['create'] },
  ],
  'authentication.k8s.io/v1': [
    { name: 'selfsubjectreviews', singularName: '', namespaced: false, kind: 'SelfSubjectReview', verbs: ['create'] },
  ],
};

export const VERSION = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.4-firebreak',
  platform: 'linux/arm64',
  gitCommit: '',
  gitTreeState: 'clean',
  goVersion: '',
  compiler: '',
  buildDate: '2025-04-22T16:03:58Z',
};

const groups = (): string[] => [
  ...new Set([...KINDS.filter(({ group }) => group !== '').map(apiVersion), ...Object.keys(VIRTUAL)]),
];

function groupOf(groupVersion: string) {
  const [name = '', version = ''] = groupVersion.split('/');
  const one = { groupVersion, version };
  return { name, versions: [one], preferredVersion: one };
}

/** What there is, for clients that ask first: `/api`, `/apis`, `/api/v1`, `/apis/<group>[/<version>]`. @throws {Problem} NotFound */
export function discovery(path: readonly string[]): object {
  const [root, ...rest] = path;
  if (root === 'api' && rest.length === 0) return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (root === 'apis' && rest.length === 0) return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups().map(groupOf) };
  const named = rest.join('/');
  const group = rest.length === 1 && root === 'apis' ? groups().find((one) => one.startsWith(`${named}/`)) : undefined;
  if (group) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) };
  const kinds = KINDS.filter((kind) => apiVersion(kind) === named && (kind.group === '') === (root === 'api'));
  const virtual = root === 'apis' ? VIRTUAL[named] : undefined;
  if (kinds.length === 0 && !virtual) throw noSuchPath();
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: named,
    resources: [...kinds.flatMap(resources), ...(virtual ?? [])],
  };
}

function resources(kind: Kind): object[] {
  const { resource, kind: name, namespaced, shortNames, all, status, scale } = kind;
  const one = {
    name: resource,
    singularName: name.toLowerCase(),
    namespaced,
    kind: name,
    verbs: VERBS,
    ...(shortNames.length > 0 && { shortNames }),
    ...(all && { categories: ['all'] }),
  };
  const sub = (name: string, kind: string, verbs: string[], more = {}) => ({
    name: `${resource}/${name}`,
    singularName: '',
    namespaced,
    kind,
    verbs,
    ...more,
  });
  return [
    one,
    ...(status ? [sub('status', name, ['get', 'patch', 'update'])] : []),
    ...(scale ? [sub('scale', 'Scale', ['get', 'patch', 'update'], { group: 'autoscaling', version: 'v1' })] : []),
    ...(resource === 'pods' ? [sub('log', 'Pod', ['get']), sub('exec', 'PodExecOptions', ['create', 'get'])] : []),
  ];
}
