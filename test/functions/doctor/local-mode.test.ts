import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { makeClients } from '../../../functions/aws/clients.ts';
import { collect } from '../../../functions/doctor/collect.ts';
import { examine } from '../../../functions/doctor/examine.ts';
import { personId } from '../../../runbooks/language/contact.ts';
import { deployment } from '../../../runbooks/language/deployment.ts';
import { LOCAL_ACCOUNT } from '../../../runbooks/language/names.ts';
import { registry } from '../../../runbooks/registry.ts';
import { SaveitSettings, saveit } from '../../../runbooks/saveit/system.ts';
import { type Whole, whole } from '../../local/whole.ts';

const topicArn = (name: string) => `arn:aws:sns:us-east-1:${LOCAL_ACCOUNT}:${name}`;

/** The doctor, as it is sent to a local mode. */
async function doctor({ url, clock }: Whole, askHosts = true, file: object = {}) {
  const clients = makeClients();
  const given = deployment(file, registry.systems);
  // It waits for a script that really runs: time need not pass for that.
  const waiting = { now: () => clock.now(), sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };
  const facts = await collect({ registry, given, clients, clock: waiting, endpoint: url, askHosts });
  return { facts, clients, checks: () => examine(facts, registry).map(({ severity, check, where }) => [severity, check, where]) };
}

test('a local mode as it starts has nothing but what is noted of any', async () => {
  const { facts, checks } = await doctor(await whole({ monitoring: false }));
  expect(facts.place).toMatchObject({ account: LOCAL_ACCOUNT, region: 'us-east-1', local: true });
  expect(facts.unseen).toEqual([]);
  expect(facts.systems.get('sira')?.readiness.size).toBe(1);
  expect(facts.table).toEqual({ deletionProtection: false, pointInTimeRecovery: false });
  // SIRA's alarms are CloudWatch's here. Save-It's come from a Prometheus, which the doctor can't see, and it says so of each.
  // For one about a host nobody waits: its settings here have none.
  const byPrometheus = saveit.alerts
    .filter(({ about }) => about === 'system')
    .map(({ name }) => ['warning', 'trigger-unfed', `the alert ${name} of saveit`]);
  expect(checks().filter(([severity]) => severity !== 'note')).toEqual(byPrometheus);
  expect(checks().map(([, check]) => check)).toContain('local-mode');
});

test('a host of the Docker Compose variant is asked what its runbook needs, and has it', async () => {
  const local = await whole({ monitoring: false });
  const { hosts } = SaveitSettings.parse(local.around.config.settingsOf('saveit'));
  const { facts, checks } = await doctor(local, true, { systems: { saveit: { hosts } } });
  const readiness = facts.systems.get('saveit')?.readiness.get(hosts[0]?.instanceId ?? '');
  expect(readiness).toMatchObject({
    facts: { services: expect.arrayContaining([{ service: 'backend', container: 'saveit-backend-1' }]) },
  });
  expect(checks().filter(([, , where]) => `${where}`.includes('saveit-compose-1'))).toEqual([]);
});

test('what is taken away there is found missing', async () => {
  const local = await whole({ monitoring: false });
  const { clients } = await doctor(local, false);
  const host = join(local.dataDir, 'simulation', 'hosts', 'sira-prod-1');
  rmSync(join(host, 'bin', 'iostat'));
  rmSync(join(host, 'root', 'srv', 'sira', 'logs', 'nginx'), { recursive: true });
  const metric = {
    Namespace: 'N',
    MetricName: 'M',
    Threshold: 1,
    EvaluationPeriods: 1,
    ComparisonOperator: 'LessThanThreshold',
  } as const;
  await clients.alarms.send(new PutMetricAlarmCommand({ AlarmName: 'sira-Nonsense', ...metric }));
  const topic = local.names.contactTopic('sira', personId('On-call engineer'));
  const subscribe = { TopicArn: topicArn(topic), Protocol: 'email', Endpoint: 'new@example.com' };
  await clients.topics.send(new SubscribeCommand(subscribe));
  await local.around.store.controls.setMode({
    ...{ v: 1, scope: 'all', mode: 'observe', until: null, reason: 'a drill', at: '2026-10-04T03:14:00.000Z' },
    by: { name: 'Ada', kind: 'person', verified: false },
  });
  const [oncall, prod] = [expect.stringContaining(`${topic} (SIRA, On-call engineer`), expect.stringContaining('sira-prod-1')];
  expect((await doctor(local)).checks()).toEqual(
    expect.arrayContaining([
      ['warning', 'subscription-pending', oncall],
      ['error', 'path-missing', prod],
      ['warning', 'tool-missing', prod],
      ['warning', 'alarm-unknown', 'sira-Nonsense'],
      ['warning', 'alarm-without-data', 'sira-Nonsense'],
      ['note', 'mode-observe', 'sira/disk-space-low'],
    ]),
  );
});

test('how its users fare is asked of its own endpoint and Prometheus, and what is ill there is found', async () => {
  const local = await whole({ monitoring: false });
  const well = (await doctor(local, false)).facts.systems.get('saveit')?.impact;
  expect(well?.by.readiness).toContain(local.url);
  expect(well?.told).toMatchObject({ readiness: { status: 200 }, wasReady: { value: 1 }, requests: { now: { value: 42.5 } } });
  local.simulation.switchOn('saveit-database-refused');
  expect((await doctor(local, false)).checks()).toContainEqual(['warning', 'readiness-not-ready', 'Save-It.AI (saveit)']);
});

test('each runbook may do in the local cluster what its steps need, and a Role that is taken away is missed', async () => {
  const local = await whole({ monitoring: false });
  const { facts } = await doctor(local, false);
  const runbooks = facts.systems.get('saveit')?.cluster?.runbooks ?? [];
  expect(runbooks.map(({ runbook }) => runbook)).toContain('saveit/high-memory');
  for (const { group, groups, refused, everything } of runbooks)
    expect({ groups, refused, everything }).toEqual({ groups: [group], refused: [], everything: false });
  const role = `${local.url}/kubernetes/saveit/apis/rbac.authorization.k8s.io/v1/namespaces/saveit/roles/firebreak-saveit-high-memory`;
  expect((await fetch(role, { method: 'DELETE' })).status).toBe(200);
  const { facts: after, checks } = await doctor(local, false);
  expect(checks().filter(([severity]) => severity === 'error')).toEqual([['error', 'right-missing', 'saveit/high-memory']]);
  const [finding] = examine(after, registry).filter(({ check }) => check === 'right-missing');
  expect(finding?.what).toContain('patch deployments/saveit-backend of apps');
  expect(finding?.fix).toContain('Start local mode again');
});

test('a host that can not be reached is found, and the doctor does not wait for it', async () => {
  const local = await whole({ monitoring: false });
  local.simulation.switchOn('host-unreachable');
  const { facts, checks } = await doctor(local);
  expect(facts.systems.get('sira')?.readiness.size).toBe(0);
  expect(checks()).toContainEqual(['error', 'host-offline', expect.stringContaining('sira-prod-1')]);
});

test('nothing is sent to a host that it was told to leave alone', async () => {
  const local = await whole({ monitoring: false });
  const { facts } = await doctor(local, false);
  expect(facts.systems.get('sira')?.readiness.size).toBe(0);
});
