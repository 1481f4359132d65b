import { expect, test } from 'vitest';
import type { ClusterFacts, Facts, ObjectFacts, RunbookAccess } from '../../../../functions/doctor/facts.ts';
import { cluster } from '../../../../functions/doctor/findings/cluster.ts';
import { SECRET } from '../../../../runbooks/cluster/presence.ts';
import { deployment } from '../../../../runbooks/language/deployment.ts';
import { type ClusterNeed, registered } from '../../../../runbooks/language/system.ts';
import { stall, stallDown } from '../../../runbooks/language/stall.ts';
import { well } from '../well.ts';

const registry = { systems: [registered(stall)], runbooks: [stallDown()] };
const group = 'firebreak:stall-no-answer';
const access: RunbookAccess = { runbook: 'stall/no-answer', group, groups: [group], refused: [], everything: false };
const backend: ClusterNeed = {
  ...{ kind: 'workload', name: 'stall-backend', setting: 'backend.deployment', severity: 'error' },
  ...{ container: 'backend', selector: 'app=stall' },
};
const there: ObjectFacts = { need: backend, found: true, containers: ['backend', 'proxy'], labels: { app: 'stall', tier: 'b' } };
const secret: ClusterNeed = { kind: SECRET, name: 'tls', setting: 'certificate.secret', severity: 'warning' };
const good: ClusterFacts = {
  found: { status: 'ACTIVE', authentication: 'API' },
  runbooks: [access],
  objects: [there, { need: secret, found: true }],
  metrics: true,
};

function found(
  change: Partial<ClusterFacts>,
  given: object = { cluster: { name: 'market', namespace: 'halls' } },
  local = false,
) {
  const facts: Facts = {
    ...well(),
    place: { ...well().place, local },
    given: deployment({ systems: { stall: given } }, registry.systems),
    systems: new Map([['stall', { tagged: [], known: [], readiness: new Map(), cluster: { ...good, ...change } }]]),
  };
  return cluster(facts, registry);
}

test('a cluster that has all of it has nothing missing, and neither has one without cluster steps', () => {
  expect(found({})).toEqual([]);
  expect(cluster({ ...well(), given: deployment({}, registry.systems) }, registry)).toEqual([]);
});

test('what could not be seen is told where that is told', () => {
  expect(found({ found: undefined, runbooks: [], objects: [], metrics: undefined })).toEqual([]);
  expect(found({ runbooks: [{ ...access, groups: undefined, refused: undefined, everything: undefined }] })).toEqual([]);
});

test('a placeholder is one on AWS, and not in local mode', () => {
  const [finding, ...more] = found({ found: undefined }, {});
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ check: 'cluster-placeholder', severity: 'error', where: 'fair (stall)' });
  expect(finding?.fix).toContain('systems.stall in firebreak.json');
  expect(found({}, {}, true)).toEqual([]);
});

test.each<[string, string, string, string, Partial<ClusterFacts>]>([
  ['cluster-missing', 'error', 'no such cluster', 'aws eks list-clusters', { found: null }],
  ['cluster-not-active', 'error', 'CREATING', 'ACTIVE', { found: { status: 'CREATING', authentication: 'API' } }],
  [
    'cluster-config-map',
    'error',
    'no access entries',
    '--name market',
    { found: { status: 'ACTIVE', authentication: 'CONFIG_MAP' } },
  ],
  ['access-entry-missing', 'error', 'does not know its function', 'npm run deploy', { runbooks: [{ ...access, groups: null }] }],
  [
    'access-entry-differs',
    'error',
    `admins, and not into ${group}`,
    'delete the entry',
    { runbooks: [{ ...access, groups: ['admins'] }] },
  ],
  [
    'right-missing',
    'error',
    'may not patch deployments/stall-backend of apps',
    'kubectl apply -f cdk.out/firebreak-stall-rbac.yaml',
    { runbooks: [{ ...access, refused: ['patch deployments/stall-backend of apps'] }] },
  ],
  ['right-to-everything', 'warning', 'may do everything', group, { runbooks: [{ ...access, everything: true }] }],
  [
    'object-missing',
    'error',
    'no deployments/stall-backend in halls',
    'systems.stall.backend.deployment',
    { objects: [{ need: backend, found: false }] },
  ],
  [
    'object-missing',
    'warning',
    'no secrets/tls in halls',
    'kubectl get secrets -n halls',
    { objects: [{ need: secret, found: false }] },
  ],
  [
    'container-missing',
    'error',
    'no container backend; it has web',
    'systems.stall.backend.container',
    { objects: [{ ...there, containers: ['web'] }] },
  ],
  ['selector-differs', 'error', 'do not carry app=stall', 'backend.selector', { objects: [{ ...there, labels: { app: 'x' } }] }],
  ['metrics-missing', 'error', 'metrics.k8s.io', '--cluster-name market', { metrics: false }],
])('%s (%s): %s', (check, severity, says, fix, change) => {
  const [finding, ...more] = found(change);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ area: 'cluster', check, severity });
  expect(finding?.what).toContain(says);
  expect([finding?.fix, ...(finding?.commands ?? [])].join('\n')).toContain(fix);
});
