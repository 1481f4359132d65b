import * as z from 'zod';
import { dataKey, imageName, labelSelector, objectName, portNumber } from '../cluster/parameters.ts';
import { AUTOSCALER, CERTIFICATE, SECRET } from '../cluster/presence.ts';
import { containerName, databaseWord, domainName, hostName, serviceName, stack, url } from '../commands/parameters.ts';
import type { Impact } from '../language/impact.ts';
import { PrometheusUrl } from '../language/prometheus.ts';
import { type ClusterNeed, ClusterPlace, defineSystem, HostedSettings, type HostNeeds } from '../language/system.ts';
import { ladders } from './ladders.ts';

const workload = z.strictObject({
  deployment: objectName,
  /** The container that programs run in, and whose log is read. */
  container: objectName,
  /** The labels of its pods, and of no others. */
  selector: labelSelector,
});

/**
 * What Save-It.AI is made of, as its runbook page tells it. Names are the page's own; addresses are the page's placeholders,
 * which configuration replaces. The page gives deployments, the autoscaler, the certificate and the labels their names; it names
 * no containers, for which the deployment's name is the custom, and no Secret of the database.
 */
export const SaveitSettings = HostedSettings.extend({
  /** Hosts of the page's Docker Compose variant. Where there are none, no runbook may reach a host, and no alert is waited for. */
  hosts: HostedSettings.shape.hosts.default([]),
  hostTag: HostedSettings.shape.hostTag.default('firebreak:system=saveit'),
  /**
   * The Compose stack of `hosts`, and nothing of the cluster. The page names the service `backend` alone. The folder, the names of
   * its dependencies and the port are placeholders; the container is called as Compose itself calls it (version 1: `saveit_backend_1`).
   * `ready` is asked on the host, so that each speaks for itself.
   */
  compose: z
    .strictObject({
      projectDir: stack.projectDir.default('/srv/saveit'),
      composeFile: stack.composeFile.default('docker-compose.yml'),
      composeProject: stack.composeProject.default('saveit'),
      backend: z
        .strictObject({ service: serviceName, container: containerName })
        .default({ service: 'backend', container: 'saveit-backend-1' }),
      /** Services without which the backend is not ready. One that is not in the stack lives elsewhere, and is judged by the log alone. */
      dependencies: z.array(serviceName).default(['db', 'redis']),
      ready: url.default('http://127.0.0.1:8000/api/v1/health/ready'),
    })
    .prefault({}),
  cluster: ClusterPlace.default({ name: 'saveit', namespace: 'saveit' }),
  backend: workload.default({
    deployment: 'saveit-backend',
    container: 'backend',
    selector: 'app.kubernetes.io/name=saveit-backend',
  }),
  frontend: workload.default({
    deployment: 'saveit-frontend',
    container: 'frontend',
    selector: 'app.kubernetes.io/name=saveit-frontend',
  }),
  redis: workload
    .extend({ host: hostName, port: portNumber })
    .default({ deployment: 'redis', container: 'redis', selector: 'app.kubernetes.io/name=redis', host: 'redis', port: 6379 }),
  /** The broker is part of the backend's process: each pod has one. */
  mqtt: z.strictObject({ port: portNumber }).default({ port: 1883 }),
  autoscaler: objectName.default('saveit-backend-hpa'),
  /**
   * How far automation may scale the backend. The page scales to 5 and raises the autoscaler's maximum to 15. `ceiling` is more
   * than nobody may reach without a person; each pod takes so many of the database's connections.
   */
  scale: z
    .strictObject({
      to: z.number().int().min(1),
      autoscalerMost: z.number().int().min(1),
      ceiling: z.number().int().min(1),
      connectionsPerPod: z.number().int().min(0),
    })
    .default({ to: 5, autoscalerMost: 15, ceiling: 15, connectionsPerPod: 5 }),
  certificate: z
    .strictObject({ name: objectName, secret: objectName, domain: domainName, port: portNumber })
    .default({ name: 'saveit-tls', secret: 'saveit-tls', domain: 'api.saveit.ai', port: 443 }),
  /**
   * The page says `psql -h <host> -U saveit`. SQL runs in a Job of the cluster, which takes host, user and password from a Secret
   * by these keys: none of them ever leaves it. The role must be one for whom PostgreSQL keeps connections back
   * (a superuser's, or pg_use_reserved_connections from version 16 on), and needs pg_monitor and pg_signal_backend.
   */
  database: z
    .strictObject({
      name: databaseWord,
      applicationRole: databaseWord,
      secret: objectName,
      keys: z.strictObject({ host: dataKey, user: dataKey, password: dataKey }),
      image: imageName,
    })
    .default({
      name: 'saveit',
      applicationRole: 'saveit',
      secret: 'firebreak-database',
      keys: { host: 'host', user: 'username', password: 'password' },
      image: 'docker.io/library/postgres:16-alpine',
    }),
  /** The page's `nicolaka/netshoot`, by the name that a cluster without a default registry takes. */
  debugImage: z.string().default('docker.io/nicolaka/netshoot:latest'),
  urls: z.strictObject({ ready: z.url() }).default({ ready: 'https://api.saveit.ai/api/v1/health/ready' }),
  grafana: z.url().default('https://grafana.saveit.ai'),
  /** A Prometheus of one's own, or a workspace of Amazon Managed Service for Prometheus; `null` where nothing is measured. */
  prometheus: PrometheusUrl.nullable().default('http://prometheus.monitoring.svc:9090'),
  /**
   * The page's two queries, whose series are added up; a Prometheus that others share needs `job` or `namespace` in them. Whether it
   * was ready an hour before is known where the rules of docs/alerts have their metrics, and so are the messages of devices: how many
   * come each second, or `null` where the backend does not count them. A restart begins its counts anew, so over three minutes and not
   * over five.
   */
  queries: z
    .strictObject({
      errors: z.string().default('rate(http_requests_total{status=~"5.."}[5m])'),
      requests: z.string().default('sum(rate(http_requests_total[5m]))'),
      ready: z.string().default('max(probe_success{job="saveit-ready"})'),
      devices: z.string().nullable().default('sum(rate(mqtt_messages_received_total{job="saveit-backend"}[3m]))'),
    })
    .prefault({}),
});
export type SaveitSettings = z.output<typeof SaveitSettings>;

/** The page's "Assess Impact": readiness, and its two queries, the second of which it calls active users. */
export const impactOf = ({ urls, prometheus, queries }: SaveitSettings): Impact => ({
  readiness: urls.ready,
  errorRate: queries.errors,
  requestRate: queries.requests,
  wasReady: queries.ready,
  prometheus,
});

/** What the page says that is in the cluster. Some runbooks can do without an autoscaler, cert-manager or SQL. */
export const clusterNeedsOf = (settings: SaveitSettings): ClusterNeed[] => [
  ...(['backend', 'frontend', 'redis'] as const).map((part): ClusterNeed => {
    const { deployment, container, selector } = settings[part];
    return { kind: 'workload', name: deployment, setting: `${part}.deployment`, severity: 'error', container, selector };
  }),
  { kind: AUTOSCALER, name: settings.autoscaler, setting: 'autoscaler', severity: 'warning' },
  { kind: CERTIFICATE, name: settings.certificate.name, setting: 'certificate.name', severity: 'warning' },
  { kind: SECRET, name: settings.certificate.secret, setting: 'certificate.secret', severity: 'error' },
  { kind: SECRET, name: settings.database.secret, setting: 'database.secret', severity: 'error' },
];

/** What the page's Docker Compose variant needs of a host. */
export const hostNeedsOf = ({ compose: { projectDir, composeFile, composeProject, backend } }: SaveitSettings): HostNeeds => ({
  stack: { projectDir, composeFile, composeProject },
  services: [backend],
  folders: [],
});

export const saveit = defineSystem({
  id: 'saveit',
  title: 'Save-It.AI',
  settings: SaveitSettings,
  severities: [
    { name: 'SEV1', means: 'Complete outage: no user reaches the platform', response: '15m', reviewed: true },
    { name: 'SEV2', means: 'A major feature is unavailable: no login, data is not saved', response: '30m', reviewed: true },
    { name: 'SEV3', means: 'Degraded performance: slow answers, some fail', response: '2h', reviewed: false },
    { name: 'SEV4', means: 'A minor issue', response: 'next-business-day', reviewed: false },
  ],
  // The page gives its seven symptoms no alerts' names and no severities: these follow from its own table.
  alerts: [
    // Readiness fails: 503 for everybody.
    { name: 'ApplicationNotResponding', unit: 'failed checks', about: 'system', severity: 'SEV1' },
    // The same of a Docker Compose host: an alert of its own, so that no signal starts a cluster's runbook for a host, or the other way round.
    { name: 'ComposeNotResponding', unit: 'failed checks', about: 'host', severity: 'SEV1' },
    // Nothing is saved, and nobody can log in, but pages still come.
    { name: 'DatabaseConnectionFailures', unit: 'percent of the connections used', about: 'system', severity: 'SEV2' },
    { name: 'HighMemoryUsage', unit: 'percent of the memory limit used', about: 'system', severity: 'SEV3' },
    { name: 'HighCpuUsage', unit: 'percent of the CPU limit used', about: 'system', severity: 'SEV3' },
    // Every browser warns, every client refuses.
    { name: 'CertificateExpired', unit: 'days left', about: 'system', severity: 'SEV1' },
    // The application falls back to counting in memory.
    { name: 'RedisUnreachable', unit: 'failed checks', about: 'system', severity: 'SEV3' },
    // Devices do not report: a major feature of a platform for them.
    { name: 'MqttBrokerDown', unit: 'pods whose broker is closed', about: 'system', severity: 'SEV2' },
  ],
  roles: [
    { name: 'oncall', title: 'On-call engineer', email: 'oncall@company.com', next: 'lead' },
    { name: 'lead', title: 'Team lead', email: 'lead@company.com', next: 'manager' },
    { name: 'manager', title: 'Engineering manager', email: 'manager@company.com', next: 'vp' },
    { name: 'vp', title: 'VP Engineering', email: 'vp@company.com' },
    { name: 'dba', title: 'Database admin', email: 'dba@company.com', next: 'lead' },
    { name: 'infrastructure', title: 'Infrastructure', email: 'infra@company.com', next: 'lead' },
    { name: 'security', title: 'Security', email: 'security@company.com', next: 'lead' },
    { name: 'team', title: 'Team', email: 'team@company.com' },
    { name: 'stakeholders', title: 'Stakeholders', email: 'stakeholders@company.com' },
  ],
  firstResponder: 'oncall',
  ladders,
  // The page: an initial update for the team, and stakeholders for SEV1 and SEV2. The team's update of what is milder than these is
  // a message in its channel, which the event bus brings there (docs/integrations/slack.md): a mail for each would not be read.
  updates: [
    { to: 'team', severities: ['SEV1', 'SEV2'] },
    { to: 'stakeholders', severities: ['SEV1', 'SEV2'], withDraft: true },
  ],
  // The page: within 48 hours. It names nobody who writes it; the team lead can ask everybody who was there.
  reviews: { owner: 'lead', dueWithin: '48h', remind: '12h' },
  // Four procedures restart the same backend: three restarts in an hour are all of theirs together.
  budgets: { default: { acts: 3, per: '1h' }, restart: { acts: 3, per: '1h' } },
  dashboards: ({ grafana, prometheus }) => ({ Grafana: grafana, ...(prometheus !== null && { Prometheus: prometheus }) }),
  impact: impactOf,
  clusterNeeds: clusterNeedsOf,
  hostNeeds: hostNeedsOf,
});
