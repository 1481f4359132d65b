/** Objects of a backend as the API tells them, for the tests of what scales it. Times are those of the tests' turn. */

export const SELECTOR = 'app.kubernetes.io/name=saveit-backend';

interface DeploymentLike {
  spec?: object;
  status?: object;
  metadata?: object;
}
export function backendDeployment({ spec = {}, status = {}, metadata = {} }: DeploymentLike = {}) {
  return {
    metadata: { name: 'saveit-backend', uid: 'u1', generation: 4, resourceVersion: '100', ...metadata },
    spec: { replicas: 3, template: { metadata: {}, spec: { containers: [{ name: 'backend', image: 'b:1' }] } }, ...spec },
    status: { observedGeneration: 4, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3, ...status },
  };
}

export function backendAutoscaler({ spec = {}, status = {}, metadata = {} }: DeploymentLike = {}) {
  return {
    metadata: { name: 'saveit-backend-hpa', resourceVersion: '200', ...metadata },
    spec: {
      scaleTargetRef: { kind: 'Deployment', name: 'saveit-backend' },
      minReplicas: 3,
      maxReplicas: 10,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 80 } } }],
      ...spec,
    },
    status: {
      currentReplicas: 3,
      desiredReplicas: 3,
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 36 } } }],
      conditions: [{ type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound' }],
      ...status,
    },
  };
}

interface PodLike {
  readySince?: string;
  startedAt?: string;
  killedAt?: string;
  phase?: string;
  unschedulable?: string;
  waiting?: string;
}
/** A pod that has been ready for an hour, if nothing else is said. */
export function backendPod(name: string, like: PodLike = {}) {
  const { readySince = '2026-10-04T02:14:00Z', startedAt = readySince, killedAt, phase, unschedulable, waiting } = like;
  const begun = unschedulable === undefined && waiting === undefined;
  return {
    metadata: { name, labels: { 'app.kubernetes.io/name': 'saveit-backend' }, creationTimestamp: startedAt },
    spec: { containers: [{ name: 'backend', resources: { limits: { cpu: '1', memory: '1Gi' } } }] },
    status: {
      phase: phase ?? (begun ? 'Running' : 'Pending'),
      conditions: [
        ...(begun ? [{ type: 'Ready', status: 'True', lastTransitionTime: readySince }] : []),
        ...(unschedulable ? [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: unschedulable }] : []),
      ],
      containerStatuses: [
        {
          name: 'backend',
          ready: begun,
          restartCount: killedAt ? 1 : 0,
          state: begun ? { running: { startedAt } } : waiting ? { waiting: { reason: waiting } } : {},
          lastState: killedAt ? { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: killedAt } } : {},
        },
      ],
    },
  };
}
