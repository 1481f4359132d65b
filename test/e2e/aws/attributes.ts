import type { Attributes } from '../../../local/simulation/cluster/access.ts';

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PATCH: 'patch', PUT: 'update', DELETE: 'delete' };

/**
 * What a request of the Kubernetes API wants to do with what, as its RBAC is asked.
 *
 * @param url below the cluster's own path
 * @returns `undefined` where it is about no resource, such as discovery
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
 */
export function attributesOf(method: string, url: string): Attributes | undefined {
  const [root, ...rest] = new URL(url, 'http://cluster').pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const [group = '', , ...below] = root === 'api' ? ['', ...rest] : rest;
  if ((root !== 'api' && root !== 'apis') || below.length === 0) return undefined;
  const spaced = below[0] === 'namespaces' && below.length > 2;
  const [resource = '', name = '', subresource = ''] = spaced ? below.slice(2) : below;
  const verb = VERBS[method] ?? (name === '' ? 'list' : 'get');
  return { namespace: spaced ? (below[1] ?? '') : '', verb, group, resource, subresource, name };
}
