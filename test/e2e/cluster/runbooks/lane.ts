import { AppsV1Api, BatchV1Api, CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import * as z from 'zod';
import { Kubernetes } from '../../../../functions/aws/cluster/kubernetes.ts';
import { SaveitSettings } from '../../../../runbooks/saveit/system.ts';
import type { AccessKey } from '../../../cluster/authenticator.ts';
import { kubeConfig } from '../../../cluster/kubeconfig.ts';
import type { Tally } from '../../tally.ts';
import type { World } from './world.ts';

/** What a process is told that plays chapters in a namespace of its own, beside others. */
export const Told = z.object({
  /** The namespace, and the prefix of its runbooks' groups. */
  name: z.string(),
  plane: z.object({
    cluster: z.string(),
    url: z.string(),
    caData: z.string(),
    adminToken: z.string(),
    folder: z.string(),
    tools: z.string(),
  }),
  /** The access key of each runbook's role, by the runbook's id. */
  keys: z.record(z.string(), z.object({ accessKeyId: z.string(), secretAccessKey: z.string() })),
  /** Plays only chapters whose name has this in it. */
  only: z.string(),
});
export type Told = z.output<typeof Told>;

/** A namespace of the control plane with Save-It.AI in it, and what the world around it is. */
export interface Lane extends Told {
  admin: KubeConfig;
  core: CoreV1Api;
  apps: AppsV1Api;
  batch: BatchV1Api;
  /** As one who may do everything, through the responder's own adapter. */
  cluster: Kubernetes;
  world: World;
  results: Tally;
  print(line: string): void;
}

export async function clientsOf({ plane, name }: Told): Promise<Pick<Lane, 'admin' | 'core' | 'apps' | 'batch' | 'cluster'>> {
  const admin = kubeConfig(plane, plane.adminToken);
  return {
    admin,
    core: admin.makeApiClient(CoreV1Api),
    apps: admin.makeApiClient(AppsV1Api),
    batch: admin.makeApiClient(BatchV1Api),
    cluster: await Kubernetes.open(name, async () => admin),
  };
}

/** Save-It's settings here: its own names, in this namespace, with what stands for the world outside. */
export function settingsOf({ name, plane }: Told, world?: Pick<World, 'url' | 'tlsPort'>): SaveitSettings {
  return SaveitSettings.parse({
    cluster: { name: plane.cluster, namespace: name },
    scale: { to: 5, autoscalerMost: 6, ceiling: 6, connectionsPerPod: 5 },
    ...(world && {
      urls: { ready: `${world.url}/ready` },
      prometheus: `${world.url}/prometheus`,
      certificate: { name: 'saveit-tls', secret: 'saveit-tls', domain: 'api.saveit.ai', port: world.tlsPort },
    }),
  });
}

/** The key with which a runbook's function signs. @throws {Error} for one that has none */
export function keyOf({ keys }: Told, runbook: string): AccessKey {
  const key = keys[runbook];
  if (!key) throw new Error(`no key was made for ${runbook}`);
  return key;
}
