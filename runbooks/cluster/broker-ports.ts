import * as z from 'zod';
import { type Cluster, ClusterFault, clusterCommand, type Executed } from '../language/cluster.ts';
import { type Pod, pods } from './kinds.ts';
import { labelSelector, objectName, portNumber } from './parameters.ts';
import { isReady, standing } from './pods.ts';
import { inEachPod } from './typed.ts';

const MOST_PODS = 15;

export const BrokerPort = z.object({
  pod: z.string(),
  /** `silent`: no answer in time. `unknown`: nobody could ask: no `nc` in the image, or no pod that runs. */
  port: z.enum(['open', 'closed', 'silent', 'unknown']),
  said: z.string(),
  ready: z.boolean(),
  ageSeconds: z.number(),
});
export type BrokerPort = z.output<typeof BrokerPort>;

export const brokerPorts = clusterCommand('broker-ports', {
  title: 'See in each pod whether the port of its broker is open',
  safety: 'observe',
  parameters: z.object({ selector: labelSelector, container: objectName, port: portNumber }),
  facts: z.object({
    pods: z.array(BrokerPort),
    /** Of more than these only so many are asked. */
    count: z.number(),
  }),
  timeout: '30s',
  rights: () => [
    { group: '', resource: 'pods', verbs: ['list'] },
    { group: '', resource: 'pods/exec', verbs: ['get', 'create'] },
  ],
  byHand: ({ given: { selector = '', container = '', port }, namespace }) =>
    inEachPod(namespace, selector, container, `nc -zv localhost ${port}`),
  run: async (cluster, { selector, container, port }, { now }) => {
    const found = (await cluster.list(pods, selector)).filter((pod) => !['Completed', 'Terminating'].includes(standing(pod)));
    const asked = found.sort((a, b) => a.metadata.name.localeCompare(b.metadata.name)).slice(0, MOST_PODS);
    const answers = await Promise.all(asked.map((pod) => ask(cluster, pod, container, port)));
    const facts = asked.map((pod, at) => ({
      pod: pod.metadata.name,
      port: answers[at]?.port ?? ('unknown' as const),
      said: answers[at]?.said ?? '',
      ready: isReady(pod),
      ageSeconds: Math.max(0, Math.round((Date.parse(now) - Date.parse(pod.metadata.creationTimestamp)) / 1_000)) || 0,
    }));
    return { facts: { pods: facts, count: found.length } };
  },
});

async function ask(cluster: Cluster, pod: Pod, container: string, port: number): Promise<Pick<BrokerPort, 'port' | 'said'>> {
  const stands = standing(pod);
  if (stands !== 'Running') return { port: 'unknown', said: `it is ${stands}` };
  try {
    const ended = await cluster.exec(pod.metadata.name, container, ['nc', '-zv', 'localhost', String(port)], '6s');
    return { port: portOf(ended), said: (ended.stderr || ended.stdout).trim().split('\n').at(-1)?.slice(0, 200) ?? '' };
  } catch (error) {
    if (!(error instanceof ClusterFault) || error.kind !== 'gone') throw error;
    return { port: 'unknown', said: error.message.slice(0, 200) };
  }
}

/** `localhost` has two addresses: `nc` ends well where one of them is open, and says refused of the other. */
export function portOf({ exitCode, stdout, stderr }: Executed): BrokerPort['port'] {
  const said = `${stdout}\n${stderr}`;
  if (exitCode === 0) return 'open';
  if (exitCode === 127 || exitCode === 126 || /not found/i.test(said)) return 'unknown';
  if (/refused/i.test(said)) return 'closed';
  return exitCode === null || /timed? ?out/i.test(said) ? 'silent' : 'unknown';
}
