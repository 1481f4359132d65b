import { join } from 'node:path';
import type { ServedCertificate } from '../../functions/handshake.ts';
import type { ClusterIdentity } from '../../runbooks/language/rights/cluster-roles.ts';
import { saveit } from '../../runbooks/saveit/system.ts';
import { applyRoles } from './cluster/access.ts';
import { type KubernetesApi, kubernetesApi } from './cluster/api/server.ts';
import { SimulatedCluster } from './cluster/cluster.ts';
import { measurements, readiness, served } from './cluster/outside.ts';
import { query } from './cluster/prometheus.ts';
import { CLUSTER_FAULTS } from './faults/cluster.ts';
import type { Fault, Measurement } from './fleet.ts';
import type { SimulatedClock } from './host/sleep.ts';
import { createMonitoring, type Monitoring, type MonitoringPort } from './monitoring.ts';

/** Where local mode serves the cluster's API, and Save-It itself with its Prometheus. */
export const KUBERNETES = '/kubernetes/saveit';
export const SIMULATED = '/simulated/saveit';
export const PROMETHEUS = `${SIMULATED}/prometheus`;

export interface SaveitSimulation {
  cluster: SimulatedCluster;
  api: KubernetesApi;
  faults(): Fault[];
  /** Idempotent. @throws {RangeError} for a fault that there is not */
  switchOn(id: string): void;
  /** Idempotent. @throws {RangeError} for a fault that there is not */
  switchOff(id: string): void;
  measure(): Measurement[];
  /**
   * What its own URLs answer, by path and query below {@link SIMULATED}.
   * @param form what was sent, where it is a form: Prometheus takes its query there, too
   */
  answer(url: string, form?: string): { status: number; body: string };
  /** The certificate that its front door shows: the one in the cluster's Secret. */
  certificate(): ServedCertificate;
  /** Prometheus and Alertmanager, which tell of every change at once. Call `start` on it. */
  monitoring(port: MonitoringPort): Monitoring;
}

export interface SaveitParts {
  dataDir: string;
  clock: SimulatedClock;
  /** Who the runbooks are in the cluster: their Roles are applied at each start, as after a deployment. */
  identities?: readonly ClusterIdentity[];
}

/** Save-It.AI, simulated: its cluster, what users see of it, and its monitoring. */
export function createSaveit({ dataDir, clock, identities = [] }: SaveitParts): SaveitSimulation {
  const cluster = SimulatedCluster.open({ clock, file: join(dataDir, 'cluster.json'), faults: CLUSTER_FAULTS });
  applyRoles(cluster.store, identities);
  cluster.settle();
  const started: Monitoring[] = [];
  const measure = () => {
    cluster.settle();
    return measurements(cluster);
  };
  const soon = () => {
    for (const monitoring of started) monitoring.soon();
  };
  return {
    cluster,
    api: kubernetesApi(cluster, KUBERNETES),
    measure,
    faults: () =>
      CLUSTER_FAULTS.map(({ id, title }) => {
        const { since } = cluster.store.state.faults[id] ?? {};
        return { id, title, system: 'saveit', on: since !== undefined, ...(since !== undefined && { since }) };
      }),
    switchOn: (id) => {
      cluster.switchOn(id);
      soon();
    },
    switchOff: (id) => {
      cluster.switchOff(id);
      soon();
    },
    certificate: () => {
      cluster.settle();
      return served(cluster);
    },
    answer: (url, form = '') => {
      cluster.settle();
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      if (pathname.endsWith('/prometheus/api/v1/query'))
        return query(cluster, new URLSearchParams([...searchParams, ...new URLSearchParams(form)]));
      return pathname.endsWith('/api/v1/health/ready') ? readiness(cluster) : { status: 404, body: 'there is nothing here' };
    },
    monitoring: (port) => {
      const failed = (error: unknown) => console.warn('the simulated Prometheus failed and tries again:', error);
      const file = join(dataDir, 'prometheus.json');
      const labels = (alert: string) => ({
        namespace: 'saveit',
        severity: saveit.alerts.find(({ name }) => name === alert)?.severity ?? '',
      });
      const monitoring = createMonitoring({
        clock,
        port,
        alarms: [],
        system: 'saveit',
        measure,
        file,
        labels,
        failed,
      });
      started.push(monitoring);
      return monitoring;
    },
  };
}
