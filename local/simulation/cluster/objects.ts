import * as z from 'zod';

/**
 * The Kubernetes objects of the simulated cluster, as far as its controllers read them. Everything else that a client writes
 * stays with the object and comes back.
 */

const Labels = z.record(z.string(), z.string());

export const OwnerReference = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
});
export type OwnerReference = z.infer<typeof OwnerReference>;

export const Metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string(),
  resourceVersion: z.string(),
  generation: z.int().optional(),
  creationTimestamp: z.string(),
  deletionTimestamp: z.string().optional(),
  labels: Labels.optional(),
  annotations: Labels.optional(),
  ownerReferences: z.array(OwnerReference).optional(),
});
export type Metadata = z.infer<typeof Metadata>;

export const KubeObject = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: Metadata });
export type KubeObject = z.infer<typeof KubeObject>;

export const Condition = z.looseObject({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastUpdateTime: z.string().optional(),
  lastTransitionTime: z.string().nullish(),
});
export type Condition = z.infer<typeof Condition>;

const Amounts = z.record(z.string(), z.union([z.string(), z.number()]));

export const Container = z.looseObject({
  name: z.string().min(1),
  image: z.string().min(1),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  resources: z.looseObject({ requests: Amounts.optional(), limits: Amounts.optional() }).optional(),
});
export type Container = z.infer<typeof Container>;

const PodSpec = z.looseObject({
  containers: z.array(Container).min(1),
  nodeName: z.string().optional(),
  restartPolicy: z.enum(['Always', 'OnFailure', 'Never']).default('Always'),
  terminationGracePeriodSeconds: z.int().default(30),
  activeDeadlineSeconds: z.int().optional(),
});

const PodTemplate = z.looseObject({
  metadata: z.looseObject({ labels: Labels.optional(), annotations: Labels.optional() }).default({}),
  spec: PodSpec,
});

const Terminated = z.looseObject({
  exitCode: z.int(),
  reason: z.string().optional(),
  message: z.string().optional(),
  startedAt: z.string(),
  finishedAt: z.string(),
});
export const ContainerState = z.looseObject({
  waiting: z.looseObject({ reason: z.string(), message: z.string().optional() }).optional(),
  running: z.looseObject({ startedAt: z.string() }).optional(),
  terminated: Terminated.optional(),
});
export type ContainerState = z.infer<typeof ContainerState>;

export const ContainerStatus = z.looseObject({
  name: z.string(),
  ready: z.boolean(),
  restartCount: z.int(),
  image: z.string(),
  imageID: z.string(),
  state: ContainerState,
  lastState: ContainerState,
});
export type ContainerStatus = z.infer<typeof ContainerStatus>;

export const Pod = KubeObject.extend({
  spec: PodSpec,
  status: z
    .looseObject({
      phase: z.enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']).default('Pending'),
      conditions: z.array(Condition).default([]),
      containerStatuses: z.array(ContainerStatus).default([]),
      startTime: z.string().optional(),
      podIP: z.string().optional(),
      hostIP: z.string().optional(),
      reason: z.string().optional(),
      message: z.string().optional(),
    })
    .default({ phase: 'Pending', conditions: [], containerStatuses: [] }),
});
export type Pod = z.infer<typeof Pod>;

const Selector = z.looseObject({ matchLabels: Labels.default({}) });
const Share = z.union([z.int(), z.string()]);
const none = z.int().default(0);

export const Deployment = KubeObject.extend({
  spec: z.looseObject({
    replicas: z.int().min(0).default(1),
    selector: Selector,
    template: PodTemplate,
    paused: z.boolean().optional(),
    progressDeadlineSeconds: z.int().default(600),
    strategy: z
      .looseObject({
        type: z.enum(['RollingUpdate', 'Recreate']).default('RollingUpdate'),
        rollingUpdate: z.looseObject({ maxUnavailable: Share.default('25%'), maxSurge: Share.default('25%') }).optional(),
      })
      .default({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } }),
  }),
  status: z
    .looseObject({
      observedGeneration: z.int().optional(),
      replicas: z.int().optional(),
      updatedReplicas: z.int().optional(),
      readyReplicas: z.int().optional(),
      availableReplicas: z.int().optional(),
      unavailableReplicas: z.int().optional(),
      conditions: z.array(Condition).default([]),
    })
    .default({ conditions: [] }),
});
export type Deployment = z.infer<typeof Deployment>;

export const ReplicaSet = KubeObject.extend({
  spec: z.looseObject({ replicas: z.int().min(0).default(1), selector: Selector, template: PodTemplate }),
  status: z
    .looseObject({ replicas: none, readyReplicas: none, availableReplicas: none })
    .default({ replicas: 0, readyReplicas: 0, availableReplicas: 0 }),
});
export type ReplicaSet = z.infer<typeof ReplicaSet>;

export const Job = KubeObject.extend({
  spec: z.looseObject({
    template: PodTemplate,
    backoffLimit: z.int().default(6),
    activeDeadlineSeconds: z.int().optional(),
    ttlSecondsAfterFinished: z.int().optional(),
    suspend: z.boolean().optional(),
  }),
  status: z
    .looseObject({
      active: z.int().optional(),
      succeeded: z.int().optional(),
      failed: z.int().optional(),
      startTime: z.string().optional(),
      completionTime: z.string().optional(),
      conditions: z.array(Condition).default([]),
    })
    .default({ conditions: [] }),
});
export type Job = z.infer<typeof Job>;

export const Node = KubeObject.extend({
  spec: z.looseObject({ unschedulable: z.boolean().optional() }).default({}),
  status: z.looseObject({ allocatable: Amounts, conditions: z.array(Condition).default([]) }),
});
export type Node = z.infer<typeof Node>;

const Reference = z.looseObject({ kind: z.string(), name: z.string() });

export const Autoscaler = KubeObject.extend({
  spec: z
    .looseObject({
      scaleTargetRef: Reference,
      minReplicas: z.int().min(0).default(1),
      maxReplicas: z.int().min(1),
      metrics: z
        .array(
          z.looseObject({
            type: z.string(),
            resource: z
              .looseObject({ name: z.string(), target: z.looseObject({ averageUtilization: z.int().optional() }) })
              .optional(),
          }),
        )
        .default([]),
    })
    .refine(({ minReplicas, maxReplicas }) => minReplicas <= maxReplicas, {
      path: ['maxReplicas'],
      message: 'must be greater than or equal to `minReplicas`',
    }),
  status: z
    .looseObject({
      currentReplicas: none,
      desiredReplicas: none,
      lastScaleTime: z.string().optional(),
      currentMetrics: z.array(z.looseObject({})).default([]),
      conditions: z.array(Condition).default([]),
    })
    .default({ currentReplicas: 0, desiredReplicas: 0, currentMetrics: [], conditions: [] }),
});
export type Autoscaler = z.infer<typeof Autoscaler>;

export const Event = KubeObject.extend({
  involvedObject: z.looseObject({ kind: z.string(), name: z.string(), uid: z.string().optional() }),
  reason: z.string().default(''),
  message: z.string().default(''),
  type: z.string().default('Normal'),
  count: z.int().default(1),
  firstTimestamp: z.string().nullish(),
  lastTimestamp: z.string().nullish(),
});
export type Event = z.infer<typeof Event>;
