import * as z from 'zod';
import {
  absolutePath,
  databaseWord,
  domainName,
  filePrefix,
  hostName,
  serviceName,
  ssmParameter,
  stack,
} from '../commands/parameters.ts';
import { defineSystem, HostedSettings, type HostNeeds } from '../language/system.ts';
import { ladders } from './ladders.ts';
import { QuietHours } from './quiet-hours.ts';

/**
 * What SIRA is made of, as its runbook page tells it. Names are the page's own; addresses are the page's placeholders,
 * which configuration replaces.
 *
 * The page calls the backend's container both `sira-backend` (backup and quick reference) and `sira_backend_prod`
 * (everywhere else). The compose file names it, and the page's own Compose commands use the service `backend`, so
 * commands address services and take the container's name only for logs, where the page says `sira_backend_prod`.
 */
export const SiraSettings = HostedSettings.extend({
  hosts: HostedSettings.shape.hosts
    .min(1)
    .default([
      { name: 'sira-prod-1', instanceId: 'i-0a1b2c3d4e5f60718', aliases: ['sira-prod-1.internal', '10.0.1.7', '10.0.1.7:9100'] },
    ]),
  hostTag: HostedSettings.shape.hostTag.default('firebreak:system=sira'),
  /** Where the compose file lies on the host. */
  projectDir: absolutePath.default('/srv/sira'),
  composeFile: stack.composeFile.default('docker-compose.prod.yml'),
  composeProject: stack.composeProject.default('sira'),
  services: z
    .strictObject({ backend: z.string(), frontend: z.string(), nginx: z.string(), db: z.string() })
    .default({ backend: 'backend', frontend: 'frontend', nginx: 'nginx', db: 'db' }),
  containers: z
    .strictObject({ backend: z.string(), frontend: z.string(), nginx: z.string(), db: z.string() })
    .default({ backend: 'sira_backend_prod', frontend: 'sira_frontend_prod', nginx: 'sira_nginx_prod', db: 'sira_db_prod' }),
  /**
   * `user` is PostgreSQL's superuser, for whom it keeps some connections back. The page names no role for the application itself:
   * called like its database, as is the custom. Sessions of that role, and of no other, may be ended when connections run out.
   */
  database: z
    .strictObject({ user: databaseWord, name: databaseWord, applicationRole: databaseWord })
    .default({ user: 'postgres', name: 'sira', applicationRole: 'sira' }),
  urls: z
    .strictObject({ api: z.url(), site: z.url(), system: z.url().default('https://api.yourdomain.com/health/system') })
    .default({
      api: 'https://api.yourdomain.com/health',
      site: 'https://yourdomain.com',
      system: 'https://api.yourdomain.com/health/system',
    }),
  /** Looked at from the host, where the backend calls them from. Any answer at all means that they can be reached. */
  externalServices: z
    .strictObject({ mistral: z.url(), pinecone: z.url() })
    .default({ mistral: 'https://api.mistral.ai/v1/models', pinecone: 'https://api.pinecone.io/' }),
  /**
   * Pinecone as it is asked with the key. The page asks the index itself, `https://<host of the index>/describe_index_stats`, whose
   * host is each deployment's own; the list of indexes answers to every key.
   */
  vectorIndex: z.url().default('https://api.pinecone.io/indexes'),
  /** Parameters of Systems Manager that hold the keys. Hosts read them with their own role, and nothing else ever sees them. */
  externalKeys: z
    .strictObject({ mistral: ssmParameter, pinecone: ssmParameter })
    .default({ mistral: '/sira/mistral-api-key', pinecone: '/sira/pinecone-api-key' }),
  /** In the JSON of Statuspage or Instatus; what is neither is told as unknown. */
  statusPages: z.strictObject({ mistral: z.url(), pinecone: z.url() }).default({
    mistral: 'https://status.mistral.ai/api/v2/status.json',
    pinecone: 'https://status.pinecone.io/api/v2/status.json',
  }),
  /** The application's own log, as its container sees it. */
  applicationLog: absolutePath.default('/app/logs/app.log'),
  logFolders: z.array(absolutePath).default(['/srv/sira/logs/nginx', '/srv/sira/logs/backend']),
  /**
   * The script makes them in the folder, which its container sees under the same name or another. The page runs it in
   * `sira-backend` and calls that container `sira_backend_prod` everywhere else: it is the backend's, as `containers` names it.
   */
  backups: z
    .strictObject({ folder: absolutePath, prefix: filePrefix, script: absolutePath.default('/app/scripts/backup_db.sh') })
    .default({ folder: '/backups', prefix: 'sira_', script: '/app/scripts/backup_db.sh' }),
  /** Services that may be restarted for their memory without a question. The database is none of them, whatever stands here. */
  memory: z.strictObject({ restart: z.array(serviceName) }).default({ restart: ['backend', 'frontend', 'nginx'] }),
  /**
   * Where the certificate is asked for (seen from the host), and where it lies: certbot's folders are Debian's, and the page
   * copies into `nginx/ssl` of the project's folder. Behind a load balancer the address is the host's own, 127.0.0.1.
   */
  certificate: z
    .strictObject({
      domain: domainName.default('yourdomain.com'),
      /** The domain itself, if not said. */
      address: hostName.optional(),
      port: z.number().int().min(1).max(65_535).default(443),
      letsencrypt: absolutePath.default('/etc/letsencrypt'),
      certbotLogs: absolutePath.default('/var/log/letsencrypt'),
      folder: absolutePath.default('/srv/sira/nginx/ssl'),
    })
    .prefault({}),
  /** When an interruption of some seconds disturbs the fewest. The page names no such time: this is a placeholder. */
  quietHours: QuietHours.default({ from: '02:00', to: '05:00', timeZone: 'UTC' }),
  /**
   * More workers for a while: so many at a time and so many at most, and what each of them takes. Measured on nobody's host: set
   * them to what your own takes.
   */
  workers: z
    .strictObject({
      step: z.number().int().min(1).max(8),
      most: z.number().int().min(1).max(64),
      memoryMb: z.number().min(1),
      connections: z.number().int().min(0),
    })
    .default({ step: 2, most: 8, memoryMb: 300, connections: 10 }),
  grafana: z.url().default('http://localhost:3001'),
  prometheus: z.url().default('http://localhost:9090'),
});
export type SiraSettings = z.output<typeof SiraSettings>;

/** How logs name the services outside: the keys of `externalServices`. */
export const OUTSIDE = ['mistral', 'pinecone'] as const;

/** The page's four services; the database is among them. */
const SERVICES = ['backend', 'frontend', 'nginx', 'db'] as const;

/** What the page says that is on a host. */
export const needsOf = ({
  projectDir,
  composeFile,
  composeProject,
  services,
  containers,
  logFolders,
  backups,
  certificate,
}: SiraSettings): HostNeeds => ({
  stack: { projectDir, composeFile, composeProject },
  services: SERVICES.map((key) => ({ service: services[key], container: containers[key] })),
  folders: [
    ...logFolders.map((path) => ({ path, what: 'logs', access: 'write' as const })),
    { path: backups.folder, what: 'backups', access: 'write' },
    { path: certificate.folder, what: 'certificate', access: 'write' },
  ],
});

export const sira = defineSystem<SiraSettings>({
  id: 'sira',
  title: 'SIRA',
  settings: SiraSettings,
  severities: [
    {
      name: 'P0',
      means: 'The application is completely down, a data breach, a corrupt database',
      response: '15m',
      reviewed: true,
    },
    {
      name: 'P1',
      means: 'A partial outage, more than 5 % errors, severely degraded performance',
      response: '1h',
      reviewed: true,
    },
    {
      name: 'P2',
      means: 'Minor errors, some users affected, something that is not critical broken',
      response: '4h',
      reviewed: false,
    },
    { name: 'P3', means: 'Minor bugs, requests, documentation', response: 'next-business-day', reviewed: false },
  ],
  alerts: [
    { name: 'APIDown', unit: 'failed checks', about: 'system', severity: 'P0' },
    // The page has it twice: above 5 % is P1, and section 5 is about 2 to 5 %, which P2 describes. Without a value: the lesser, and a page.
    { name: 'HighErrorRate', unit: 'percent of requests that failed', about: 'system', severity: 'P2' },
    // Among the page's critical ones: without its database the application is completely down.
    { name: 'DatabaseDown', unit: 'failed checks', about: 'system', severity: 'P0' },
    // A green section, so P3; its runbook raises it to P2 where recommendations do not work at all.
    { name: 'SlowRecommendationGeneration', unit: 'seconds for a recommendation', about: 'system', severity: 'P3' },
    // The page's prevention of section 2. Nothing is ended before somebody is turned away, so a person decides; some users may wait.
    { name: 'DatabaseConnectionsHigh', unit: 'percent of the connections used', about: 'system', severity: 'P2' },
    // The page calls it critical, and its table of severities makes severely degraded performance P1.
    { name: 'HighResponseTime', unit: 'seconds within which 95 % of answers come', about: 'system', severity: 'P1' },
    { name: 'DiskSpaceLow', unit: 'percent of the disk used', about: 'host', severity: 'P1' },
    // The page's "alerts at 70 %", to which it gives no name: early enough for a person to look by day.
    { name: 'DiskSpaceFilling', unit: 'percent of the disk used', about: 'host', severity: 'P3' },
    // The page's section 7, among those of high priority (yellow, so P1), gives it no name. A container that has come to its own
    // limit raises it, too: that ends in the same way.
    { name: 'MemoryExhausted', unit: "percent of the memory used, the host's or a container's", about: 'host', severity: 'P1' },
    // The page's section 9 is among those of low priority and gives it no name; its table of severities calls P3 low. The
    // runbook makes it P2 ("something that is not critical broken") once nothing younger than two days can be restored.
    { name: 'BackupFailed', unit: 'hours since the last good backup', about: 'host', severity: 'P3' },
    // The page names no alert for its section 4: "Certificate expiring soon". Expired or nearly so is worse: the runbook's triggers say so.
    { name: 'CertificateExpiring', unit: 'days left', about: 'system', severity: 'P2' },
  ],
  // The page's contacts, each with its own path. It has no addresses for the CTO and the CISO; these are in its manner.
  roles: [
    { name: 'oncall', title: 'On-call engineer', email: 'oncall@yourdomain.com', next: 'lead' },
    { name: 'lead', title: 'Engineering lead', email: 'lead@yourdomain.com', next: 'cto' },
    { name: 'cto', title: 'CTO', email: 'cto@yourdomain.com' },
    { name: 'dba', title: 'Database admin', email: 'dba@yourdomain.com', next: 'lead' },
    { name: 'security', title: 'Security team', email: 'security@yourdomain.com', next: 'ciso' },
    { name: 'ciso', title: 'CISO', email: 'ciso@yourdomain.com' },
    { name: 'devops', title: 'DevOps', email: 'devops@yourdomain.com', next: 'lead' },
    { name: 'team', title: 'Team', email: 'team@yourdomain.com' },
    { name: 'stakeholders', title: 'Stakeholders', email: 'stakeholders@yourdomain.com' },
  ],
  firstResponder: 'oncall',
  ladders,
  // The page names nobody who is told and has nothing to do. Where the application is down for everyone, they ask. Of a partial
  // outage the engineering lead knows (P1), and says who else must.
  updates: [
    { to: 'team', severities: ['P0'] },
    { to: 'stakeholders', severities: ['P0'], withDraft: true },
  ],
  // The page asks for it after each P0 and P1 and gives neither a day nor a name: within the working week, while people remember.
  reviews: { owner: 'lead', dueWithin: '5d', remind: '1d' },
  budgets: {
    default: { acts: 3, per: '1h' },
    restart: { acts: 3, per: '1h' },
  },
  dashboards: (settings) => ({ Grafana: settings.grafana, Prometheus: settings.prometheus }),
  hostNeeds: needsOf,
});
