import * as z from 'zod';
import { clusterCommand } from '../language/cluster.ts';
import { jobs, pods } from './kinds.ts';
import { nameFromKey } from './name-from-key.ts';
import { isImageFault, standing, unschedulable } from './pods.ts';

/**
 * The page's `kubectl run debug --rm -it`, whose pod stays for ever when the terminal is lost. Here it is a Job with an end: the
 * cluster itself ends it when its time is up and takes it away, whatever became of Firebreak meanwhile.
 */
export const startDebugPod = clusterCommand('start-debug-pod', {
  title: 'Start a pod to debug the network from',
  safety: 'routine',
  verb: 'debug',
  resource: () => 'debug-pod',
  parameters: z.object({
    image: z.string().regex(/^[a-z0-9][a-zA-Z0-9._/:@-]{0,254}$/, 'expected the name of an image'),
    minutes: z.number().int().min(1).max(240),
  }),
  facts: z.object({
    pod: z.string(),
    /** ISO 8601 in UTC: then it goes. */
    until: z.string(),
    /** What a person types to be inside. */
    enter: z.string(),
  }),
  timeout: '5m',
  rights: () => [
    { group: 'batch', resource: 'jobs', verbs: ['get', 'create'] },
    { group: '', resource: 'pods', verbs: ['list'] },
  ],
  byHand: ({ given: { image }, namespace }) => `kubectl run debug --rm -it --image=${image} --restart=Never -n ${namespace}`,
  run: async (cluster, { image, minutes }, { key, startedAt }) => {
    const name = nameFromKey('debug', key);
    const job = (await cluster.get(jobs, name)) ?? (await cluster.create(jobs, debugJob(name, image, minutes * 60)));
    if (!job) return { waitsFor: `the Job ${name} is being made` };
    const [pod] = await cluster.list(pods, `job-name=${name}`);
    if (!pod) return { waitsFor: `${name} has no pod yet` };
    const state = standing(pod);
    if (isImageFault(state)) throw new Error(`${pod.metadata.name} cannot have its image ${image} (${state})`);
    if (state !== 'Running') return { waitsFor: unschedulable(pod) ?? `${pod.metadata.name} is ${state}` };
    const began = job.metadata.creationTimestamp || startedAt;
    const until = new Date(Date.parse(began) + minutes * 60_000).toISOString();
    return {
      facts: { pod: pod.metadata.name, until, enter: `kubectl exec -it ${pod.metadata.name} -n ${cluster.namespace} -- bash` },
    };
  },
});

/** It may do nothing to the cluster: it has no token of it. What it can reach, it reaches as a pod of the namespace. */
function debugJob(name: string, image: string, seconds: number) {
  return {
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'firebreak', 'firebreak.dev/purpose': 'debug' } },
    spec: {
      activeDeadlineSeconds: seconds,
      ttlSecondsAfterFinished: 0,
      backoffLimit: 0,
      template: {
        metadata: { labels: { 'app.kubernetes.io/managed-by': 'firebreak', 'firebreak.dev/purpose': 'debug' } },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 5,
          containers: [
            {
              name: 'debug',
              image,
              command: ['sleep', String(seconds)],
              resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
              securityContext: { allowPrivilegeEscalation: false },
            },
          ],
        },
      },
    },
  };
}
