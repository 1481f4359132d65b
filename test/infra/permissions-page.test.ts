import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { permissionsPage, rolesOf, unexplained } from '../../infra/permissions-page.ts';
import { rightsOf } from '../../infra/rights-of.ts';
import { registry } from '../../runbooks/registry.ts';
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
    expect(readFileSync('docs/permissions.md', 'utf8')).toBe(permissionsPage(roles, rights));
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
