import { endPod } from '../cluster/controllers/replicas.ts';
import type { ClusterFault, PodEffect, World } from '../cluster/fault.ts';
import { NODES } from '../cluster/kinds.ts';
import { stamp } from '../cluster/state.ts';
import { conditionsWith } from '../cluster/world.ts';
import { BACKEND, backends, changeDeployment, withSpec } from './cluster-objects.ts';

const HUNG: PodEffect = {
  app: BACKEND,
  pods: 'older',
  unready: true,
  lines: [
    'WARNING:  app.main: event loop blocked for 31.4 s',
    'ERROR:    app.main: health check gave up waiting for the event loop',
  ],
};

/** The pods were moved, and the new ones do not start. */
const moved = (world: World) => {
  for (const pod of backends(world)) endPod(world, pod, 0);
  return undefined;
};

const crash = (lines: string[]) => ({
  afterSeconds: 3,
  exitCode: 1,
  reason: 'Error' as const,
  lines: ['Traceback (most recent call last):', ...lines],
});

const image = (world: World, tag: string) =>
  changeDeployment(world, BACKEND, (deployment) => {
    const { template } = deployment.spec;
    const containers = template.spec.containers.map((one) => ({ ...one, image: one.image.replace(/:[^:]*$/, `:${tag}`) }));
    return withSpec(deployment, { template: { ...template, spec: { ...template.spec, containers } } });
  });

function nodesReady({ store, now }: World, status: 'True' | 'Unknown', reason: string): undefined {
  for (const node of store.list(NODES)) {
    const conditions = conditionsWith(
      node.status.conditions,
      { type: 'Ready', status, reason, message: `as of ${stamp(now)}` },
      now,
    );
    store.save(NODES, { ...node, status: { ...node.status, conditions } });
  }
}

/** Why Save-It does not respond: a restart of its pods helps with the first two. */
export const applicationFaults: ClusterFault[] = [
  { id: 'saveit-hung', title: 'The backends run and answer nothing; new pods are well', effects: [HUNG] },
  {
    id: 'saveit-crash-looping',
    title: 'The backends end seconds after each start, over what lies in their scratch folder; new pods are well',
    effects: [
      {
        app: BACKEND,
        pods: 'older',
        ends: crash(['sqlite3.DatabaseError: /tmp/rules-cache.db: database disk image is malformed']),
      },
    ],
  },
  {
    id: 'saveit-crash-broken',
    title: 'The backends end seconds after each start, new ones too: a restart does not help',
    effects: [{ app: BACKEND, pods: 'all', ends: crash(["AttributeError: module 'app.core.rules' has no attribute 'load'"]) }],
  },
  {
    id: 'saveit-image-pull',
    title: 'The backends were moved, and their image can no longer be pulled',
    effects: [
      {
        app: BACKEND,
        pods: 'all',
        waiting: {
          reason: 'ImagePullBackOff',
          message: 'Back-off pulling image "registry.saveit.ai/saveit/backend:2.8.1": 401 Unauthorized',
        },
      },
    ],
    on: moved,
  },
  {
    id: 'saveit-bad-config',
    title: 'The backends were moved, and a key that they need is missing in a Secret',
    effects: [
      {
        app: BACKEND,
        pods: 'all',
        waiting: { reason: 'CreateContainerConfigError', message: "couldn't find key password in Secret saveit/saveit-database" },
      },
    ],
    on: moved,
  },
  {
    id: 'saveit-paused',
    title: 'The backends answer nothing, and somebody has paused their deployment',
    effects: [HUNG],
    on: (world) => void changeDeployment(world, BACKEND, (deployment) => withSpec(deployment, { paused: true })),
    off: (world) => changeDeployment(world, BACKEND, (deployment) => withSpec(deployment, { paused: false })),
  },
  {
    id: 'saveit-empty',
    title: 'Somebody has scaled the backend to nothing',
    on: (world) => {
      changeDeployment(world, BACKEND, (deployment) => withSpec(deployment, { replicas: 0 }));
      return undefined;
    },
    off: (world) =>
      changeDeployment(world, BACKEND, (deployment) => withSpec(deployment, { replicas: Math.max(3, deployment.spec.replicas) })),
  },
  {
    id: 'saveit-nodes-ill',
    title: 'Nobody hears of the nodes any more',
    on: (world) => nodesReady(world, 'Unknown', 'NodeStatusUnknown'),
    off: (world) => void nodesReady(world, 'True', 'KubeletReady'),
  },
  {
    id: 'saveit-deployed',
    title: 'A new version was rolled out a quarter of an hour ago, which alone is no fault',
    harmless: true,
    earlierMinutes: 14,
    earlier: (world) => image(world, '2.9.0'),
  },
  {
    id: 'saveit-rollout',
    title: 'A new version is being rolled out, whose pods take five minutes each; the old ones answer nothing',
    effects: [HUNG, { app: BACKEND, pods: 'all', bootSeconds: 300 }],
    on: (world) => void image(world, '2.9.0'),
    off: (world) => image(world, '2.8.1'),
  },
];
