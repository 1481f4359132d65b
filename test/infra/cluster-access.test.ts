import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { templatesOf } from '../../infra/assemble.ts';
import { clusterManifests, writeManifests } from '../../infra/cluster-manifests.ts';
import { deployment } from '../../runbooks/language/deployment.ts';
import { names } from '../../runbooks/language/names.ts';
import { registered } from '../../runbooks/language/system.ts';
import { stall, stallDown, stallLook } from '../runbooks/language/stall.ts';

const registry = { systems: [registered(stall)], runbooks: [stallDown(), stallLook()] };
const PLACE = { name: 'market', namespace: 'halls' };
const given = deployment({ systems: { stall: { cluster: PLACE } } }, registry.systems);
const nothing = deployment({}, registry.systems);
const read = templatesOf(registry, given);
const template = Template.fromJSON(z.record(z.string(), z.unknown()).parse(read.template));
const entries = template.findResources('AWS::EKS::AccessEntry');

describe('access entries', () => {
  it('let the function of each runbook with cluster steps in, as its own group, without a policy of EKS', () => {
    expect(Object.keys(entries)).toHaveLength(1);
    const [entry] = Object.values(entries);
    expect(entry?.Properties).toMatchObject({
      ClusterName: 'market',
      KubernetesGroups: ['firebreak:stall-no-answer'],
      Type: 'STANDARD',
      Tags: expect.arrayContaining([{ Key: 'firebreak:deployment', Value: 'firebreak' }]),
    });
    expect(entry?.Properties).not.toHaveProperty('AccessPolicies');
    const step = Object.values(template.findResources('AWS::Lambda::Function')).find(
      ({ Properties }) => Properties.FunctionName === names().stepFunction('stall/no-answer'),
    );
    expect(entry?.Properties.PrincipalArn).toEqual(step?.Properties.Role);
  });

  it('are not made for a placeholder, and the stack says so', () => {
    const { template, warnings } = templatesOf(registry, nothing);
    expect(JSON.stringify(template)).not.toContain('AWS::EKS');
    expect(warnings.join()).toContain('systems.stall.cluster: not given');
    expect(read.warnings.join()).not.toContain('cluster');
  });

  it('are to the cluster that the function may find, and to no other', () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::Role')).filter(({ Properties }) =>
      String(Properties.Description).startsWith('Carries out the steps of stall/no-answer'),
    );
    const text = JSON.stringify(policy);
    expect(text).toContain('eks:DescribeCluster');
    expect(text).toContain('cluster/market');
    expect(text.match(/"eks:[A-Za-z]+"/g)).toEqual(['"eks:DescribeCluster"']);
  });
});

describe('the manifest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-manifest-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is written beside the templates, one for each system with cluster steps, and the same each time', () => {
    const made = clusterManifests(registry, given);
    const [path = '', ...more] = writeManifests(folder, made);
    expect(more).toEqual([]);
    expect(path).toBe(join(folder, 'firebreak-stall-rbac.yaml'));
    expect(readFileSync(path, 'utf8')).toBe(clusterManifests(registry, given)[0]?.text);
    expect(made[0]?.text).toContain('namespace: "halls"');
    expect(clusterManifests(registry, nothing)[0]?.text).toContain('placeholders');
  });

  it('is none where nothing has cluster steps', () => {
    expect(clusterManifests({ ...registry, runbooks: [stallLook()] }, given)).toEqual([]);
  });
});
