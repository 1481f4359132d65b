import { loadAllYaml } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { clusterRulesOf } from '../../../../runbooks/language/commands-of.ts';
import { names } from '../../../../runbooks/language/names.ts';
import { clusterManifest } from '../../../../runbooks/language/rights/cluster-manifest.ts';
import { clusterIdentities, merged, type RoleRule, reach } from '../../../../runbooks/language/rights/cluster-roles.ts';
import { registered } from '../../../../runbooks/language/system.ts';
import { registry } from '../../../../runbooks/registry.ts';
import { kioskDown } from '../kiosk.ts';
import { stall, stallDown, stallLook } from '../stall.ts';

const settings = stall.settings.parse({ cluster: { name: 'market', namespace: 'halls' } });
const identities = clusterIdentities(names(), 'stall', [stallDown(), stallLook(), kioskDown()], settings);
const [identity] = identities;

/** What is allowed, each verb on each object a line: how rules are cut is no matter here. */
const allowed = (rules: readonly Pick<RoleRule, 'group' | 'resource' | 'verbs' | 'names'>[]) =>
  rules.flatMap(({ group, resource, verbs, names: only = ['*'] }) =>
    verbs.flatMap((verb) => only.map((name) => `${verb} ${group}/${resource}/${name}`)),
  );

describe('the Role of a runbook', () => {
  it('is made for those with cluster steps only, in the namespace of their system, for a group of their own', () => {
    expect(identities.map(({ runbook }) => runbook)).toEqual(['stall/no-answer']);
    expect(identity).toMatchObject({ group: 'firebreak:stall-no-answer', name: 'firebreak-stall-no-answer', namespace: 'halls' });
    expect(clusterIdentities(names('blue'), 'stall', [stallDown()], settings)[0]).toMatchObject({
      group: 'blue:stall-no-answer',
      name: 'blue-stall-no-answer',
    });
  });

  it('has every rule of its steps and nothing more', () => {
    expect(new Set(allowed(identity?.rules ?? []))).toEqual(
      new Set([
        'list /events/*',
        'list /pods/*',
        'get /pods/exec/*',
        'create /pods/exec/*',
        'get apps/deployments/stall-backend',
        'get apps/deployments/ticket-printer',
        'patch apps/deployments/stall-backend',
        'list apps/replicasets/*',
        'get batch/jobs/*',
        'create batch/jobs/*',
        'delete batch/jobs/*',
      ]),
    );
    expect(allowed(identity?.everywhere ?? [])).toEqual(['list /nodes/*']);
  });

  it('says of each rule which commands need it', () => {
    const patch = identity?.rules.find(({ verbs }) => verbs.includes('patch'));
    expect(patch).toMatchObject({ names: ['stall-backend'], for: ['Restart a deployment, pod by pod'] });
  });

  it('takes what is allowed on all for what is allowed on some, and keeps a rule about nothing out', () => {
    const rule = { group: 'apps', resource: 'deployments', for: 'x' };
    expect(
      merged([
        { ...rule, verbs: ['patch', 'get'], names: ['b', 'a'] },
        { ...rule, verbs: ['get'], for: 'y' },
        { ...rule, verbs: ['delete'], names: [] },
      ]),
    ).toEqual([
      { group: 'apps', resource: 'deployments', verbs: ['get'], for: ['x', 'y'] },
      { group: 'apps', resource: 'deployments', verbs: ['patch'], names: ['a', 'b'], for: ['x'] },
    ]);
  });

  it('is the same in whatever order its steps stand', () => {
    const needed = clusterRulesOf(stallDown(), settings);
    expect(merged(needed.toReversed())).toEqual(merged(needed));
  });

  it('is refused where a rule could allow nothing', () => {
    const named = { group: '', names: ['a'], for: 'Look' };
    expect(() => merged([{ ...named, resource: 'pods', verbs: ['list'] }])).toThrow('Look: list of pods can not be limited');
    expect(() => merged([{ ...named, resource: 'pods', verbs: ['create'] }])).toThrow('create of pods');
    expect(merged([{ ...named, resource: 'pods/exec', verbs: ['get', 'create'] }])).toHaveLength(1);
  });

  it('is none where there is no cluster', () => {
    expect(clusterIdentities(names(), 'stall', [stallDown()], { hosts: [], hostTag: 'a=b' })).toEqual([]);
  });

  it('says what a right reaches beyond its words', () => {
    const of = (resource: string, verbs: RoleRule['verbs'], only?: string[]) =>
      reach({ group: '', resource, verbs, for: [], ...(only && { names: only }) });
    expect(of('jobs', ['create'])).toContain('any Secret of the namespace');
    expect(of('deployments', ['patch'], ['a'])).toContain('these deployments');
    expect(of('pods/exec', ['get', 'create'])).toContain('any pod of the namespace');
    expect(of('secrets', ['get'], ['a'])).toContain('values of these Secrets');
    expect(of('pods', ['list'])).toBeUndefined();
    expect(of('deployments/scale', ['patch'])).toBeUndefined();
  });
});

const Document = z.looseObject({
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional(), labels: z.record(z.string(), z.string()) }),
  rules: z
    .array(
      z.object({
        apiGroups: z.array(z.string()),
        resources: z.array(z.string()),
        verbs: z.array(z.string()),
        resourceNames: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  roleRef: z.object({ apiGroup: z.string(), kind: z.string(), name: z.string() }).optional(),
  subjects: z.array(z.object({ apiGroup: z.string(), kind: z.string(), name: z.string() })).optional(),
});

describe('the manifest', () => {
  const of = { prefix: 'firebreak', system: 'stall', cluster: 'market', given: true, identities };
  const documents = loadAllYaml(clusterManifest(of)).map((document) => Document.parse(document));

  it('is what Kubernetes reads the same rules from, bound to the group', () => {
    expect(documents.map(({ kind, metadata }) => [kind, metadata.name, metadata.namespace])).toEqual([
      ['Role', 'firebreak-stall-no-answer', 'halls'],
      ['RoleBinding', 'firebreak-stall-no-answer', 'halls'],
      ['ClusterRole', 'firebreak-stall-no-answer', undefined],
      ['ClusterRoleBinding', 'firebreak-stall-no-answer', undefined],
    ]);
    const [role, binding, everywhere, bindingEverywhere] = documents;
    const read = (document: (typeof documents)[number] | undefined) =>
      document?.rules?.map(({ apiGroups, resources, verbs, resourceNames }) => ({ apiGroups, resources, verbs, resourceNames }));
    const made = (rules: readonly RoleRule[] = []) =>
      rules.map(({ group, resource, verbs, names: only }) => ({
        apiGroups: [group],
        resources: [resource],
        verbs,
        resourceNames: only,
      }));
    expect(read(role)).toEqual(made(identity?.rules));
    expect(read(everywhere)).toEqual(made(identity?.everywhere));
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'firebreak:stall-no-answer' }];
    const ref = { apiGroup: 'rbac.authorization.k8s.io', name: 'firebreak-stall-no-answer' };
    expect(binding).toMatchObject({ roleRef: { ...ref, kind: 'Role' }, subjects });
    expect(bindingEverywhere).toMatchObject({ roleRef: { ...ref, kind: 'ClusterRole' }, subjects });
  });

  it('never names no object, which RBAC would take for all', () => {
    for (const { rules = [] } of documents)
      for (const { resourceNames, verbs, resources } of rules) {
        expect(resourceNames?.length).not.toBe(0);
        expect([...verbs, ...resources]).not.toContain('*');
      }
  });

  it('says whose it is, what a right reaches, and that a placeholder is one', () => {
    const text = clusterManifest(of);
    expect(text).toContain('mount any Secret of the namespace');
    expect(text).not.toContain('placeholder');
    expect(clusterManifest({ ...of, given: false })).toContain('placeholders');
    for (const { metadata } of documents)
      expect(metadata.labels).toEqual({
        'app.kubernetes.io/managed-by': 'firebreak',
        'firebreak.dev/deployment': 'firebreak',
        'firebreak.dev/system': 'stall',
      });
  });
});

describe.each(registry.systems.map(registered))('the Roles of $id', ({ id, settings }) => {
  it('can be made, each rule about something', () => {
    const made = clusterIdentities(names(), id, registry.runbooks, settings.parse({}));
    for (const { rules, everywhere } of made) expect([...rules, ...everywhere].length).toBeGreaterThan(0);
  });
});
