import * as z from 'zod';
import { type Cluster, ClusterFault, clusterCommand } from '../language/cluster.ts';
import { type Pod, pods } from './kinds.ts';
import { labelSelector, objectName, portNumber } from './parameters.ts';
import { standing } from './pods.ts';
import { inEachPod } from './typed.ts';

const Claim = z.looseObject({ persistentVolumeClaim: z.looseObject({ claimName: z.string() }) });

export const redisPersistence = clusterCommand('redis-persistence', {
  title: 'See what Redis keeps over a restart',
  safety: 'observe',
  parameters: z.object({ selector: labelSelector, container: objectName, port: portNumber }),
  facts: z.object({
    pods: z.number(),
    /** The volumes of its pods that outlive them. */
    claims: z.array(z.string()),
    /** Whether it writes its data to disk: `save` or `appendonly` of its configuration. One that does not answer can't say. */
    writes: z.enum(['yes', 'no', 'unknown']),
  }),
  timeout: '30s',
  rights: () => [
    { group: '', resource: 'pods', verbs: ['list'] },
    { group: '', resource: 'pods/exec', verbs: ['get', 'create'] },
  ],
  byHand: ({ given: { selector = '', container = '', port = 6379 }, namespace }) =>
    [
      `kubectl get pods -n ${namespace} -l ${selector} -o jsonpath='{.items[*].spec.volumes}'`,
      ...['save', 'appendonly'].map((what) =>
        inEachPod(namespace, selector, container, `redis-cli -p ${port} CONFIG GET ${what}`),
      ),
    ].join('; '),
  run: async (cluster, { selector, container, port }) => {
    const found = await cluster.list(pods, selector);
    const running = found.find((pod) => standing(pod) === 'Running');
    const writes = running ? await configured(cluster, running.metadata.name, container, port) : 'unknown';
    return { facts: { pods: found.length, claims: [...new Set(found.flatMap(claims))], writes } };
  },
});

const claims = ({ spec }: Pod) =>
  spec.volumes.flatMap((volume) => Claim.safeParse(volume).data?.persistentVolumeClaim.claimName ?? []);

async function configured(cluster: Cluster, pod: string, container: string, port: number): Promise<'yes' | 'no' | 'unknown'> {
  const [save, append] = await Promise.all(['save', 'appendonly'].map((name) => setting(cluster, pod, container, port, name)));
  if (append === 'yes' || save) return 'yes';
  return append === 'no' && save === '' ? 'no' : 'unknown';
}

/** @returns `undefined` where it was not told; an empty `save` means that it saves nothing */
async function setting(cluster: Cluster, pod: string, container: string, port: number, name: string) {
  try {
    const command = ['redis-cli', '-p', String(port), 'CONFIG', 'GET', name];
    const { exitCode, stdout } = await cluster.exec(pod, container, command, '5s');
    const [first, value = ''] = stdout.split('\n').map((line) => line.trim());
    return exitCode === 0 && first === name ? value : undefined;
  } catch (error) {
    if (error instanceof ClusterFault && error.kind === 'gone') return undefined;
    throw error;
  }
}
