import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { ConfiguredAlarm } from '../../../functions/aws/account/alarms.ts';
import type { Agent } from '../../../functions/aws/account/hosts.ts';
import type { Facts, Readiness, SystemFacts, TopicFacts } from '../../../functions/doctor/facts.ts';
import { documentContent } from '../../../runbooks/commands/document.ts';
import type { hostReadiness } from '../../../runbooks/commands/host-readiness.ts';
import { commandsOf } from '../../../runbooks/language/commands-of.ts';
import { deployment } from '../../../runbooks/language/deployment.ts';
import { names } from '../../../runbooks/language/names.ts';
import { registry as whole } from '../../../runbooks/registry.ts';

/** What an account looks like in which nothing is missing: each test takes one thing away. */

/** SIRA alone, whose account it is: hosts, contacts and alarms of one system are enough to find what is missing among them. */
export const registry = {
  systems: whole.systems.filter(({ id }) => id === 'sira'),
  runbooks: whole.runbooks.filter(({ system }) => system.id === 'sira'),
};

export const HOST = 'i-0f1e2d3c4b5a69788';
const PLACE = '123456789012';
export const TAG = 'firebreak:system=sira';

/** Roles whose contacts are called as they are. */
const OTHERS = ['lead', 'cto', 'dba', 'security', 'ciso', 'devops', 'team', 'stakeholders'];

/** As a platform engineer would write it. */
export const GIVEN = {
  operators: ['platform@example.com'],
  systems: {
    sira: {
      hosts: [{ name: 'sira-prod-1', instanceId: HOST, aliases: ['10.0.1.7'] }],
      hostTag: TAG,
      urls: { api: 'https://api.sira.example.com/health', site: 'https://sira.example.com' },
      certificate: { domain: 'sira.example.com' },
      contacts: {
        oncall: { name: 'Ada Lovelace', email: 'ada@example.com' },
        ...Object.fromEntries(OTHERS.map((role) => [role, { name: role, email: `${role}@example.com` }])),
      },
    },
  },
};

export const topicArn = (name: string) => `arn:aws:sns:eu-central-1:${PLACE}:${name}`;

export function topic(name: string, ...endpoints: string[]): TopicFacts {
  const subscribers = endpoints.map((endpoint) => ({
    protocol: 'email',
    endpoint,
    arn: `${topicArn(name)}:${endpoint}`,
    authenticated: true,
  }));
  return { name, arn: topicArn(name), subscribers };
}

export function alarm(
  name: string,
  dimensions: Record<string, string> = {},
  more: Partial<ConfiguredAlarm> = {},
): ConfiguredAlarm {
  return { name, state: 'OK', actionsEnabled: true, actions: [], dimensions: [dimensions], metrics: ['CWAgent/disk'], ...more };
}

export const agent: Agent = { instanceId: HOST, version: '3.3.2746.0', online: true, ping: 'Online', platform: 'Linux' };

export const ready: z.output<typeof hostReadiness.facts> = {
  bash: '5.2.15(1)-release',
  now: 1_000,
  missingTools: [],
  notGnu: [],
  paths: [
    ...['/srv/sira', '/srv/sira/logs/nginx', '/srv/sira/logs/backend', '/backups', '/srv/sira/nginx/ssl'].map((path) => ({
      path,
      kind: 'folder' as const,
    })),
    { path: '/srv/sira/docker-compose.prod.yml', kind: 'file' as const },
  ].map((path) => ({ ...path, owner: 'root', mode: '755', readable: true, writable: true })),
  markersWritable: true,
  docker: '27.3.1',
  dockerError: '',
  compose: 'docker compose 2.29.7',
  composeError: '',
  services: ['backend', 'frontend', 'nginx', 'db'].map((service) => ({ service, container: `sira_${service}_prod` })),
};

/** @param facts what the host has otherwise than a well one */
export function system(facts: Partial<typeof ready> = {}, more: Partial<SystemFacts> = {}): Facts['systems'] {
  const readiness: Readiness = { facts: { ...ready, ...facts }, asked: 999, answered: 1_001 };
  return new Map([['sira', { tagged: [agent], known: [agent], readiness: new Map([[HOST, readiness]]), ...more }]]);
}

export function well(): Facts {
  const named = names();
  const { alerts } = registry.systems[0] ?? { alerts: [] };
  const watchdog = { actions: [topicArn(named.watchdogTopic)] };
  return {
    now: '2026-11-27T12:00:00.000Z',
    place: { account: PLACE, region: 'eu-central-1', prefix: 'firebreak', local: false },
    given: deployment(GIVEN, registry.systems),
    unseen: [],
    configured: { account: PLACE, region: 'eu-central-1', defaultMode: 'observe' },
    machines: registry.runbooks.map(({ id }) => named.stateMachine(id)),
    documents: [...commandsOf(registry).values()].map((command) => {
      const hash = createHash('sha256')
        .update(JSON.stringify(documentContent(command)))
        .digest('hex')
        .slice(0, 8);
      return named.pinnedDocument(command.name, hash);
    }),
    table: { deletionProtection: true, pointInTimeRecovery: true },
    topics: [
      {
        name: named.signalsTopic,
        arn: topicArn(named.signalsTopic),
        subscribers: [{ protocol: 'sqs', endpoint: 'q', arn: 's' }],
      },
      topic(named.operatorsTopic, 'platform@example.com'),
      topic(named.watchdogTopic, 'platform@example.com'),
      topic(named.contactTopic('sira', 'ada-lovelace'), 'ada@example.com'),
      ...OTHERS.map((name) => topic(named.contactTopic('sira', name), `${name}@example.com`)),
    ],
    alarms: [
      ...alerts.map(({ name, about }) =>
        alarm(
          named.systemAlarm('sira', name, about === 'host' ? 'sira-prod-1' : ''),
          about === 'host' ? { InstanceId: HOST } : {},
        ),
      ),
      alarm(named.ownAlarm('heartbeat'), {}, { metrics: ['Firebreak/Heartbeat'], ...watchdog }),
      alarm(named.ownAlarm('dead-letters'), {}, { metrics: ['AWS/SQS'], ...watchdog }),
    ],
    systems: system(),
    modes: registry.runbooks.map(({ id, title }) => ({ runbook: id, title, mode: 'auto', settings: [] })),
  };
}
