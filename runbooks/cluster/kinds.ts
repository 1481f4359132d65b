import * as z from 'zod';
import type { Kind } from '../language/cluster.ts';

/**
 * The kinds of objects that cluster steps read, each with the part of it that they read. The API leaves out what is empty or not
 * yet known, so every default here is the API's own. A Secret's values are in no schema: they never leave the cluster.
 */
export const Metadata = z.object({
  name: z.string(),
  uid: z.string().default(''),
  /** Given back with a patch, it is refused (409) if somebody has changed the object meanwhile. */
  resourceVersion: z.string().default(''),
  generation: z.number().default(0),
  creationTimestamp: z.string().default(''),
  deletionTimestamp: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string(), uid: z.string().default('') })).default([]),
});
export const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
  lastTransitionTime: z.string().optional(),
});
const conditions = z.array(Condition).default([]);
const Resources = z
  .object({ requests: z.record(z.string(), z.string()).default({}), limits: z.record(z.string(), z.string()).default({}) })
  .default({ requests: {}, limits: {} });
const Container = z.object({ name: z.string(), image: z.string().default(''), resources: Resources });
const Template = z.looseObject({
  metadata: z
    .looseObject({
      annotations: z.record(z.string(), z.string()).default({}),
      labels: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
  spec: z.looseObject({
    containers: z.array(z.looseObject({ name: z.string(), image: z.string().default(''), resources: Resources })),
  }),
});

const Terminated = z.object({
  reason: z.string().default(''),
  exitCode: z.number().default(0),
  finishedAt: z.string().nullish(),
  message: z.string().default(''),
});
const ContainerState = z
  .object({
    waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
    running: z.object({ startedAt: z.string().nullish() }).optional(),
    terminated: Terminated.optional(),
  })
  .default({});

export const Pod = z.object({
  metadata: Metadata,
  spec: z.object({
    nodeName: z.string().default(''),
    restartPolicy: z.string().default('Always'),
    containers: z.array(Container),
    volumes: z.array(z.looseObject({ name: z.string() })).default([]),
  }),
  status: z
    .object({
      phase: z.string().default('Unknown'),
      reason: z.string().default(''),
      message: z.string().default(''),
      conditions,
      containerStatuses: z
        .array(
          z.object({
            name: z.string(),
            ready: z.boolean().default(false),
            restartCount: z.number().default(0),
            state: ContainerState,
            lastState: ContainerState,
          }),
        )
        .default([]),
    })
    .prefault({}),
});
export type Pod = z.output<typeof Pod>;

export const Deployment = z.object({
  metadata: Metadata,
  spec: z.object({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    template: Template,
  }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      readyReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
      conditions,
    })
    .prefault({}),
});
export type Deployment = z.output<typeof Deployment>;

export const ReplicaSet = z.object({
  metadata: Metadata,
  spec: z.object({ replicas: z.number().default(1), template: Template }),
  status: z.object({ replicas: z.number().default(0), readyReplicas: z.number().default(0) }).prefault({}),
});
export type ReplicaSet = z.output<typeof ReplicaSet>;

export const HorizontalPodAutoscaler = z.object({
  metadata: Metadata,
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    minReplicas: z.number().default(1),
    maxReplicas: z.number(),
    metrics: z
      .array(
        z.object({
          type: z.string(),
          resource: z
            .object({ name: z.string(), target: z.object({ averageUtilization: z.number().nullish() }).default({}) })
            .optional(),
        }),
      )
      .nullish(),
  }),
  status: z
    .object({
      currentReplicas: z.number().default(0),
      desiredReplicas: z.number().default(0),
      currentMetrics: z
        .array(
          z.object({
            type: z.string(),
            resource: z
              .object({ name: z.string(), current: z.object({ averageUtilization: z.number().nullish() }).default({}) })
              .optional(),
          }),
        )
        .nullish(),
      conditions,
    })
    .prefault({}),
});
export type HorizontalPodAutoscaler = z.output<typeof HorizontalPodAutoscaler>;

export const Event = z.object({
  metadata: z.object({ name: z.string() }),
  type: z.string().default(''),
  reason: z.string().default(''),
  message: z.string().default(''),
  count: z.number().nullish(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }),
});
export type Event = z.output<typeof Event>;

export const Node = z.object({ metadata: Metadata, status: z.object({ conditions }).prefault({}) });
export type Node = z.output<typeof Node>;

/** What a pod's containers use now, as metrics-server tells it. */
export const PodMetrics = z.object({
  metadata: z.object({ name: z.string() }),
  timestamp: z.string().default(''),
  containers: z.array(z.object({ name: z.string(), usage: z.object({ cpu: z.string(), memory: z.string() }) })),
});
export type PodMetrics = z.output<typeof PodMetrics>;

export const pods: Kind<Pod> = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true, object: Pod };
export const events: Kind<Event> = { group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true, object: Event };
export const nodes: Kind<Node> = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false, object: Node };
export const deployments: Kind<Deployment> = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
  object: Deployment,
};
export const replicaSets: Kind<ReplicaSet> = {
  group: 'apps',
  version: 'v1',
  plural: 'replicasets',
  kind: 'ReplicaSet',
  namespaced: true,
  object: ReplicaSet,
};
export const autoscalers: Kind<HorizontalPodAutoscaler> = {
  group: 'autoscaling',
  version: 'v2',
  plural: 'horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler',
  namespaced: true,
  object: HorizontalPodAutoscaler,
};
export const podMetrics: Kind<PodMetrics> = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  plural: 'pods',
  kind: 'PodMetrics',
  namespaced: true,
  object: PodMetrics,
};

/** Something that runs once: its pod is found by the label `job-name`. */
export const Job = z.object({
  metadata: Metadata,
  spec: z.object({ activeDeadlineSeconds: z.number().optional() }).prefault({}),
  status: z
    .object({ active: z.number().default(0), succeeded: z.number().default(0), failed: z.number().default(0), conditions })
    .prefault({}),
});
export type Job = z.output<typeof Job>;
export const jobs: Kind<Job> = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true, object: Job };
