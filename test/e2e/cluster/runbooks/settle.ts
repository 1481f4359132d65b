import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAllYaml } from '@kubernetes/client-node';
import { names } from '../../../../runbooks/language/names.ts';
import { clusterManifest } from '../../../../runbooks/language/rights/cluster-manifest.ts';
import { type ClusterIdentity, clusterIdentities } from '../../../../runbooks/language/rights/cluster-roles.ts';
import { registry } from '../../../../runbooks/registry.ts';
import { apply, type Manifest } from '../../../cluster/apply.ts';
import { node } from '../../../cluster/fixtures/nodes.ts';
import { BACKEND, FRONTEND, REDIS, saveit } from '../../../cluster/fixtures/saveit.ts';
import { everyPodRuns, podHasLogged } from '../../../cluster/pods.ts';
import { until } from '../../until.ts';
import { type Lane, settingsOf, type Told } from './lane.ts';
import { nameOf, podsOf, see } from './seen.ts';
import { TOOL } from './world.ts';

const SETTLED_MS = 240_000;
export const CLAIM = 'redis-data';
/** What the page runs in pods; each says there what the story has it say. */
const TOOLS = ['redis-cli', 'nc', 'python'];

export const runbooksOfSaveit = registry.runbooks.filter(({ system }) => system.id === 'saveit');

/** Who the runbooks are in a lane's namespace, each in a group that is of this lane alone. */
export function identitiesOf(lane: Pick<Told, 'name' | 'plane'>): ClusterIdentity[] {
  const { name, plane } = lane;
  const settings = settingsOf({ name, plane, keys: {}, only: '' });
  return clusterIdentities(names(`firebreak-${name}`), 'saveit', runbooksOfSaveit, settings);
}

/** The manifest that is generated from all runbooks, as a person applies it. */
export async function applyManifest(lane: Lane): Promise<void> {
  const { name, plane } = lane;
  const of = { prefix: `firebreak-${name}`, system: 'saveit', cluster: plane.cluster, given: true };
  await apply(lane.admin, loadAllYaml(clusterManifest({ ...of, identities: identitiesOf(lane) })));
}

/** Save-It.AI in a namespace with nodes of its own, all of it well, and its runbooks' rights. */
export async function settle(lane: Lane, nodes: number): Promise<void> {
  const { name } = lane;
  installTools(lane);
  const own = Array.from({ length: nodes }, (_, at) => node(`${name}-${at + 1}`, { only: name }));
  const [namespace, ...workloads] = saveit(name, { claim: CLAIM });
  await apply(lane.admin, [...own, ...(namespace ? [namespace] : []), ...volume(name), ...workloads]);
  await everyPodRuns(laneFolder(lane), name, { TOOL_PORT: String(lane.world.toolPort) });
  await applyManifest(lane);
  await whole(lane);
}

/** Waits until all deployments are as they are wished, with nothing left of before, and each pod of the backend has a log. */
export async function whole(lane: Lane, replicas = 3): Promise<void> {
  const wished: [string, number][] = [
    [BACKEND, replicas],
    [FRONTEND, 2],
    [REDIS, 1],
  ];
  await until(
    `${lane.name} is whole`,
    async () => {
      const { pods, deployments } = await see(lane);
      const rolled = wished.every(([name, count]) => {
        const { spec, status, metadata } = deployments.find((one) => one.metadata?.name === name) ?? {};
        const counts = [spec?.replicas, status?.replicas, status?.updatedReplicas, status?.availableReplicas];
        return counts.every((one) => one === count) && (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
      });
      return rolled && pods.every(({ metadata }) => !metadata?.deletionTimestamp);
    },
    SETTLED_MS,
  );
  for (const pod of await backends(lane)) await logs(lane, pod, []);
}

/** The names of the backend's pods. */
export async function backends(lane: Lane): Promise<string[]> {
  return podsOf(await see(lane), BACKEND).map(nameOf);
}

/** What a pod has logged, the newest last, a minute ago. */
export async function logs(lane: Lane, pod: string, lines: readonly string[]): Promise<void> {
  const at = new Date(Date.now() - 60_000);
  const all = ['GET /api/v1/devices 200', ...lines].map((text) => ({ at, text }));
  await podHasLogged(laneFolder(lane), { namespace: lane.name, name: pod }, all);
}

export const laneFolder = ({ admin, plane }: Lane) => ({ admin, folder: plane.folder });

/** Others make the same at the same time: each comes whole. */
function installTools({ plane, name }: Lane): void {
  for (const tool of TOOLS) {
    const own = join(plane.tools, `.${tool}-${name}`);
    writeFileSync(own, TOOL);
    chmodSync(own, 0o755);
    renameSync(own, join(plane.tools, tool));
  }
}

/** A volume that outlives its pod, as a storage class would make it. */
function volume(namespace: string): Manifest[] {
  const [capacity, accessModes] = [{ storage: '1Gi' }, ['ReadWriteOnce']];
  const name = `${namespace}-${CLAIM}`;
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: { capacity, accessModes, storageClassName: '', hostPath: { path: `/var/lib/${name}` } },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: CLAIM, namespace },
      spec: { accessModes, storageClassName: '', volumeName: name, resources: { requests: capacity } },
    },
  ];
}
