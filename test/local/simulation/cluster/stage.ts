import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { onTestFinished } from 'vitest';
import { leapingClock } from '../../../../local/clocks.ts';
import { listen } from '../../../../local/front-door.ts';
import { kubernetesApi } from '../../../../local/simulation/cluster/api/server.ts';
import { TOKEN_BY_HAND } from '../../../../local/simulation/cluster/api/token.ts';
import { SimulatedCluster } from '../../../../local/simulation/cluster/cluster.ts';
import { CLUSTER_FAULTS } from '../../../../local/simulation/faults/cluster.ts';

export const PATH = '/kubernetes/saveit';

/** A simulated cluster behind a server of its own, on a clock that leaps. */
export interface ClusterStage {
  cluster: SimulatedCluster;
  clock: ReturnType<typeof leapingClock>;
  url: string;
  config: KubeConfig;
  seconds(count: number): void;
  /** The same file, read anew, as a restart does it. */
  reopen(): SimulatedCluster;
}

export async function clusterStage(token = TOKEN_BY_HAND): Promise<ClusterStage> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-cluster-'));
  const clock = leapingClock();
  const open = () => SimulatedCluster.open({ clock, file: join(folder, 'cluster.json'), faults: CLUSTER_FAULTS });
  const cluster = open();
  const api = kubernetesApi(cluster, PATH);
  const server = createServer((request, response) => void api.handle(request, response));
  server.on('upgrade', (request, socket) => void api.upgrade(request, socket));
  const url = `${await listen(server, 0)}${PATH}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { cluster, clock, url, config: configOf(url, token), seconds: (count) => clock.leap(count * 1_000), reopen: open };
}

export function configOf(server: string, token: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    // The official client refuses plain HTTP otherwise.
    clusters: [{ name: 'saveit', server, skipTLSVerify: true }],
    users: [{ name: 'firebreak', token }],
    contexts: [{ name: 'saveit', cluster: 'saveit', user: 'firebreak' }],
    currentContext: 'saveit',
  });
  return config;
}
