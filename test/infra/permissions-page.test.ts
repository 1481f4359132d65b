import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { identitiesOf } from '../../infra/cluster-manifests.ts';
import { permissionsPage, rolesOf, unexplained } from '../../infra/permissions-page.ts';
import { rightsOf } from '../../infra/rights-of.ts';
import { deployment } from '../../runbooks/language/deployment.ts';
import { explain } from '../../runbooks/language/explain.ts';
import { registered } from '../../runbooks/language/system.ts';
import { registry } from '../../runbooks/registry.ts';
import { stall, stallDown } from '../runbooks/language/stall.ts';
import { GIVEN, type Given, synthesised } from './synthesised.ts';

const of = (given: Given) => {
  const { template, deployment } = synthesised(given);
  const rights = rightsOf(
    registry,
    deployment,
    { partition: 'aws', region: '', account: '' },
    deployment.encryptTopics ? 'key' : undefined,
  );
  return { roles: rolesOf(template.toJSON()), rights };
};

describe('the page of all rights', () => {
  it('is as it would be written now: npm run docs', () => {
    const { roles, rights } = of('nothing');
    const inClusters = identitiesOf(registry, synthesised('nothing').deployment);
    expect(readFileSync('docs/permissions.md', 'utf8')).toBe(permissionsPage(roles, rights, inClusters));
  });

  it.each(Object.keys(GIVEN) as Given[])('has a reason for every statement, and so for every wildcard, given %s', (given) => {
    const { roles, rights } = of(given);
    expect(roles).toHaveLength(rights.length);
    expect(unexplained(roles, rights)).toEqual([]);
    expect(permissionsPage(roles, rights)).not.toContain('NOBODY SAID WHY');
    expect(
      roles.flatMap(({ statements }) => statements.flatMap(({ actions }) => actions)).filter((action) => action.includes('*')),
    ).toEqual([]);
    for (const { statements } of rights) {
      expect(new Set(statements.map(({ sid }) => sid)).size).toBe(statements.length);
      for (const { sid, why } of statements)
        expect([sid, /^[A-Za-z0-9]+$/.test(sid), why.length > 20]).toEqual([sid, true, true]);
    }
  });

  it('says what a runbook may do in its cluster, and what that reaches', () => {
    const registry = { systems: [registered(stall)], runbooks: [stallDown()] };
    const inClusters = identitiesOf(registry, deployment({}, registry.systems));
    const of = 'firebreak-step-stall-no-answer';
    expect([...inClusters.keys()]).toEqual([of]);
    const role = { about: 'Stalls', assumedBy: [], managed: [], statements: [] };
    const page = permissionsPage([role], [{ of, about: 'Stalls', statements: [] }], inClusters);
    expect(page).toContain('as the group `firebreak:stall-no-answer` and in the namespace `stalls`');
    expect(page).toContain(
      '| `patch` | `deployments of apps` | `stall-backend` | Restart a deployment, pod by pod. **It may change',
    );
    expect(page).toContain('| `list` | `nodes` (of the whole cluster) |');
    expect(explain(stallDown())).toContain('mount any Secret of the namespace');
    expect(permissionsPage([role], [], inClusters)).not.toContain('cluster');
  });

  it('fails on a wildcard that nobody explained, and on a managed policy', () => {
    const wide = { sid: 'Wide', actions: ['s3:*'], resources: ['arn:aws:s3:::x'], conditions: [] };
    const role = {
      about: 'Something',
      assumedBy: [],
      managed: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      statements: [wide],
    };
    expect(unexplained([role], [])).toEqual([
      'Something: the managed policy arn:aws:iam::aws:policy/AdministratorAccess',
      'Something: Wide: s3:* on arn:aws:s3:::x',
    ]);
    const rights = [{ of: 'x', about: 'Something', statements: [{ ...wide, conditions: {}, why: 'because it must' }] }];
    expect(unexplained([{ ...role, managed: [] }], rights)).toEqual([]);
  });
});
