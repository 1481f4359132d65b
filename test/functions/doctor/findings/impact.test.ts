import { expect, test } from 'vitest';
import type { Facts } from '../../../../functions/doctor/facts.ts';
import { impact } from '../../../../functions/doctor/findings/impact.ts';
import type { ImpactSeen } from '../../../../functions/doctor/impact.ts';
import { deployment } from '../../../../runbooks/language/deployment.ts';
import type { ImpactFacts } from '../../../../runbooks/language/impact.ts';
import { registered } from '../../../../runbooks/language/system.ts';
import { saveit } from '../../../../runbooks/saveit/system.ts';
import { well } from '../well.ts';

const registry = { systems: [registered(saveit)], runbooks: [] };
const READY = 'https://api.saveit.example.com/ready';
const PROMETHEUS = 'https://prometheus.saveit.example.com';
const WORKSPACE = 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-12345678-1234-1234-1234-123456789012';
const known = { state: 'known', value: 1 } as const;
const none = { state: 'no data' } as const;
const unknown = (why: string) => ({ state: 'unknown', why }) as const;
const twice = (now: ImpactFacts['errors']['now']) => ({ now, before: now });

const by: ImpactSeen['by'] = {
  readiness: READY,
  errorRate: 'errors',
  requestRate: 'requests',
  wasReady: 'ready',
  prometheus: PROMETHEUS,
};
const told: ImpactFacts = {
  readiness: { url: READY, status: 200, error: '' },
  wasReady: known,
  errors: twice(none),
  requests: twice(known),
};

function found(
  more: Partial<ImpactFacts>,
  prometheus: string | null = PROMETHEUS,
  given: object = { prometheus },
  local = false,
) {
  const seen = { by: { ...by, prometheus }, told: { ...told, ...more } };
  const facts: Facts = {
    ...well(),
    place: { ...well().place, local },
    given: deployment({ systems: { saveit: { urls: { ready: READY }, ...given } } }, registry.systems),
    systems: new Map([['saveit', { tagged: [], known: [], readiness: new Map(), impact: seen }]]),
  };
  return impact(facts, registry);
}

test('an application that is ready and measured has nothing missing, also while no request fails', () => {
  expect(found({})).toEqual([]);
  expect(impact(well(), registry)).toEqual([]);
});

test.each<[string, string, string, string, Partial<ImpactFacts>, (string | null)?]>([
  [
    'readiness-silent',
    'warning',
    'ENOTFOUND',
    `curl -i '${READY}'`,
    { readiness: { url: READY, status: 0, error: 'ENOTFOUND' } },
  ],
  ['readiness-not-ready', 'warning', 'answers 404', 'systems.saveit.urls', { readiness: { url: READY, status: 404, error: '' } }],
  ['prometheus-none', 'note', 'no Prometheus', 'systems.saveit.prometheus', { requests: twice(unknown('none')) }, null],
  [
    'prometheus-in-cluster',
    'error',
    'only pods',
    'load balancer',
    { requests: twice(unknown('ENOTFOUND')) },
    'http://p.monitoring.svc:9090',
  ],
  ['prometheus-in-cluster', 'error', 'only pods', 'vpc', {}, 'http://p.monitoring.svc.cluster.local:9090'],
  [
    'prometheus-silent',
    'warning',
    'no answer within',
    `curl -sS '${PROMETHEUS}`,
    { requests: twice(unknown('no answer within 2.5 s')) },
  ],
  ['prometheus-silent', 'warning', 'bad_data', 'the queries', { errors: twice(unknown('bad_data: parse error')) }],
  [
    'prometheus-silent',
    'warning',
    'answers 403',
    '--region eu-west-1 --workspace-id ws-1',
    { requests: twice(unknown('it answers 403')) },
    WORKSPACE,
  ],
  ['prometheus-no-requests', 'warning', 'nothing for requests', 'systems.saveit.queries.requests', { requests: twice(none) }],
  ['prometheus-no-readiness', 'note', 'an hour ago', 'docs/alerts/README.md', { wasReady: none }],
])('%s (%s): %s', (check, severity, says, fix, more, prometheus) => {
  const [finding, ...others] = found(more, prometheus);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ area: 'impact', check, severity, where: 'Save-It.AI (saveit)' });
  expect(finding?.what).toContain(says);
  expect([finding?.fix, ...(finding?.commands ?? [])].join('\n')).toContain(fix);
});

test('a placeholder of Prometheus is told where placeholders are, and not a second time', () => {
  expect(found({ requests: twice(unknown('ENOTFOUND')) }, 'http://prometheus.monitoring.svc:9090', {})).toEqual([]);
  expect(found({ requests: twice(unknown('refused')) }, PROMETHEUS, {}, true)).toMatchObject([{ check: 'prometheus-silent' }]);
});
