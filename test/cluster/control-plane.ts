import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiextensionsV1Api, type KubeConfig } from '@kubernetes/client-node';
import { until } from '../e2e/until.ts';
import { apply, applyFiles } from './apply.ts';
import { type Authenticator, startAuthenticator } from './authenticator.ts';
import { clusterPrograms } from './build.ts';
import { makeCertificates } from './certificates.ts';
import * as components from './components.ts';
import { aggregatedMetrics } from './fixtures/metrics.ts';
import { type Endpoint, writeKubeConfig } from './kubeconfig.ts';
import { type Start, startProgram } from './process.ts';
import { runShortLivedPods } from './short-lived.ts';

const ESTABLISHED_MS = 120_000;

/**
 * A Kubernetes control plane on the loopback: etcd, kube-apiserver with RBAC and an authenticator such as EKS has,
 * kube-controller-manager, kube-scheduler, and metrics-server are the real ones; nodes and pods are kwok's. Only what a Job's pod
 * is made for runs, on this machine.
 */
export interface ControlPlane extends Endpoint, Pick<Authenticator, 'grant' | 'revoke' | 'refusals'> {
  /** The name that tokens must be signed for. */
  cluster: string;
  adminToken: string;
  /** For the official client, as one who may do everything. */
  admin: KubeConfig;
  /** The same for kubectl: a path. */
  kubeconfig: string;
  /** Where logs of pods can be written. It goes when the control plane does. */
  folder: string;
  /** The folder that is first on the PATH of whatever is run in a pod: commands laid there stand for an image's own. */
  tools: string;
  /** Ends every part, in reverse. @param keepLogs leaves the folder with the parts' logs, for who wants to know why */
  stop(options?: { keepLogs?: boolean }): Promise<void>;
}

/** @throws {Error} naming what is missing, or what did not start and why; then nothing is left running, but its logs stay */
export async function startControlPlane(cluster = 'saveit'): Promise<ControlPlane> {
  const programs = await clusterPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-cluster-'));
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (let part = started.pop(); part; part = started.pop()) await part.stop();
  };
  const start = async (what: Start) => {
    const running = await startProgram(what);
    started.push(running);
  };
  try {
    const place = await components.layOut(folder, programs, await makeCertificates(folder));
    const authenticator = await startAuthenticator(cluster, place.certificates.server);
    started.push(authenticator);
    await start(components.etcd(place));
    await start(components.apiServer(place, authenticator));
    const admin = components.adminConfig(place);
    await prepare(admin, place);
    const parts = [components.controllerManager(place), components.scheduler(place), components.kwok(place, tools)];
    await settled([...parts, components.metricsServer(place)].map(start));
    started.push(runShortLivedPods({ admin, folder, tools }));
    return {
      ...place.endpoint,
      cluster,
      adminToken: place.tokens.admin,
      admin,
      kubeconfig: writeKubeConfig(join(folder, 'admin.kubeconfig'), admin),
      folder,
      tools,
      grant: authenticator.grant,
      revoke: authenticator.revoke,
      refusals: authenticator.refusals,
      stop: async ({ keepLogs = false } = {}) => {
        await stop();
        if (!keepLogs) rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stop();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the control plane did not start (logs in ${folder}): ${why}`);
  }
}

/** What kwok watches must be known before it starts. */
async function prepare(admin: KubeConfig, { programs, ports, endpoint }: components.Place): Promise<void> {
  await applyFiles(admin, programs.crds);
  await established(admin);
  await applyFiles(admin, programs.stages);
  await apply(admin, aggregatedMetrics(ports.metrics, endpoint.caData));
}

/** Waits until the API server serves every custom resource that it was told of. */
export async function established(admin: KubeConfig): Promise<void> {
  const api = admin.makeApiClient(ApiextensionsV1Api);
  await until(
    'the custom resources are served',
    async () => {
      const { items } = await api.listCustomResourceDefinition();
      return items.every(({ status }) =>
        status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True'),
      );
    },
    ESTABLISHED_MS,
  );
}

/** Like Promise.all, but when one fails the others are waited for, so that what they started is known and can be ended. */
async function settled(all: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(all)) if (result.status === 'rejected') throw result.reason;
}
