import { loadAllYaml } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { questionsOf } from '../../../../functions/doctor/clusters.ts';
import { identitiesOf, saveitSettings } from '../../../../local/saveit-scene.ts';
import { type Attributes, allowedBy, applyRoles } from '../../../../local/simulation/cluster/access.ts';
import { BINDINGS, CLUSTER_BINDINGS, CLUSTER_ROLES, type Kind, ROLES } from '../../../../local/simulation/cluster/kinds.ts';
import { clusterManifest } from '../../../../runbooks/language/rights/cluster-manifest.ts';
import type { ClusterIdentity } from '../../../../runbooks/language/rights/cluster-roles.ts';
import { registry } from '../../../../runbooks/registry.ts';
import { clusterStage } from './stage.ts';

const URL = 'http://127.0.0.1:4600';
const identities = identitiesOf(registry, URL);

const asked = ({ verb, group, resource, name = '', namespace = '' }: ReturnType<typeof questionsOf>[number]): Attributes => {
  const [plural = '', subresource = ''] = resource.split('/');
  return { verb, group, resource: plural, subresource, name, namespace };
};
const patch: Attributes = {
  ...{ namespace: 'saveit', verb: 'patch', group: 'apps', resource: 'deployments', subresource: '', name: 'saveit-backend' },
};

const Applied = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  rules: z.unknown().optional(),
  roleRef: z.unknown().optional(),
  subjects: z.unknown().optional(),
});
/** What an object says of who may do what; a rule without names says them as none. */
function gist(object: unknown): unknown {
  const text = JSON.stringify(Applied.parse(object), (key, value) =>
    key === 'resourceNames' && value.length === 0 ? undefined : value,
  );
  return JSON.parse(text);
}
const byName = (a: unknown, b: unknown) => JSON.stringify(a).localeCompare(JSON.stringify(b));

it('has the Roles and bindings of the manifest that a person applies, and no others', async () => {
  const { store } = (await clusterStage()).cluster;
  applyRoles(store, identities);
  const kinds: readonly Kind[] = [ROLES, BINDINGS, CLUSTER_ROLES, CLUSTER_BINDINGS];
  const manifest = clusterManifest({
    ...{ prefix: 'firebreak', system: 'saveit', cluster: saveitSettings(URL).cluster.name, given: true, identities },
  });
  const applied = kinds.flatMap((kind) => store.list(kind));
  expect(applied.map(gist).sort(byName)).toEqual(loadAllYaml(manifest).map(gist).sort(byName));
});

it('applies them again without a change, and changes what is otherwise', async () => {
  const { store } = (await clusterStage()).cluster;
  applyRoles(store, identities);
  const { version } = store;
  applyRoles(store, identities);
  expect(store.version).toBe(version);
  const role = store.get(ROLES, 'saveit', 'firebreak-saveit-high-memory');
  if (!role) throw new Error('there is no such Role');
  store.save(ROLES, { ...role, rules: [] });
  expect(allowedBy(store, ['firebreak:saveit-high-memory'], patch)).toBeUndefined();
  applyRoles(store, identities);
  expect(allowedBy(store, ['firebreak:saveit-high-memory'], patch)).toBe('firebreak-saveit-high-memory');
});

it('allows a group what its steps need and nothing else', async () => {
  const { store } = (await clusterStage()).cluster;
  applyRoles(store, identities);
  for (const identity of identities)
    for (const question of questionsOf(identity))
      expect(allowedBy(store, [identity.group], asked(question)), identity.group).toBeDefined();
  const memory = ['firebreak:saveit-high-memory'];
  for (const change of [
    { name: 'another' },
    { name: '' },
    { namespace: 'default' },
    { namespace: '' },
    { verb: 'delete' },
    { verb: '*' },
    { group: '' },
    { resource: 'statefulsets' },
    { subresource: 'status' },
  ])
    expect(allowedBy(store, memory, { ...patch, ...change }), JSON.stringify(change)).toBeUndefined();
  expect(allowedBy(store, ['system:authenticated'], patch)).toBeUndefined();
  expect(allowedBy(store, [], patch)).toBeUndefined();
  expect(allowedBy(store, ['system:masters'], { ...patch, verb: '*', resource: '*' })).toBeDefined();
});

it('answers a review by them, and to whoever is nobody that it must be said who is meant', async () => {
  const { cluster, url } = await clusterStage();
  applyRoles(cluster.store, identities);
  const review = async (spec: object) => {
    const answer = await fetch(`${url}/apis/authorization.k8s.io/v1/subjectaccessreviews`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ spec }) },
    });
    const { status } = z.object({ status: z.unknown() }).parse(await answer.json());
    return [answer.status, status];
  };
  const groups = ['firebreak:saveit-high-memory', 'system:authenticated'];
  const reason = 'RBAC: allowed by firebreak-saveit-high-memory';
  expect(await review({ groups, resourceAttributes: patch })).toEqual([201, { allowed: true, reason }]);
  expect(await review({ groups, resourceAttributes: { ...patch, verb: 'delete' } })).toEqual([201, { allowed: false }]);
  expect((await review({ resourceAttributes: patch }))[0]).toBe(422);
  cluster.switchOn('saveit-api-forbids');
  expect(await review({ groups, resourceAttributes: patch })).toMatchObject([201, { allowed: false }]);
  expect(await review({ groups, resourceAttributes: { ...patch, verb: 'get' } })).toMatchObject([201, { allowed: true }]);
});

it('gives none to a namespace that there is not', async () => {
  const { store } = (await clusterStage()).cluster;
  const [first] = identities;
  if (!first) throw new Error('Save-It has cluster steps');
  const elsewhere: ClusterIdentity = { ...first, namespace: 'nowhere' };
  applyRoles(store, [elsewhere]);
  expect(store.list(ROLES)).toEqual([]);
});
