import * as z from 'zod';
import { hostName } from '../commands/parameters.ts';
import { type Cluster, ClusterFault, clusterCommand, type Executed } from '../language/cluster.ts';
import { type Pod, pods } from './kinds.ts';
import { labelSelector, objectName, portNumber } from './parameters.ts';
import { isReady, standing } from './pods.ts';
import { inEachPod } from './typed.ts';

/** One pod may be ill itself: what two say is more. */
const PODS_ASKED = 2;

export const RedisAnswer = z.object({
  pod: z.string(),
  /**
   * - `pong`, `loading`, `password`: it answers, be it that it reads its data first or wants to know who asks;
   * - `odd`: it answers something else;
   * - `refused`, `silent`: it does not answer;
   * - `unknown`: nobody could ask: no `redis-cli` in the image, no such name, a pod that has gone.
   */
  answer: z.enum(['pong', 'loading', 'password', 'odd', 'refused', 'silent', 'unknown']),
  said: z.string(),
});
export type RedisAnswer = z.output<typeof RedisAnswer>;

export const redisPing = clusterCommand('redis-ping', {
  title: 'Ping Redis from two pods',
  safety: 'observe',
  parameters: z.object({ selector: labelSelector, container: objectName, host: hostName, port: portNumber }),
  facts: z.object({ answers: z.array(RedisAnswer) }),
  timeout: '30s',
  rights: () => [
    { group: '', resource: 'pods', verbs: ['list'] },
    { group: '', resource: 'pods/exec', verbs: ['get', 'create'] },
  ],
  byHand: ({ given: { selector = '', container = '', host, port }, namespace }) =>
    inEachPod(namespace, selector, container, `redis-cli -h ${host} -p ${port} ping`),
  run: async (cluster, { selector, container, host, port }) => {
    const asked = apart((await cluster.list(pods, selector)).filter((pod) => standing(pod) === 'Running'));
    const command = ['redis-cli', '-h', host, '-p', String(port), 'ping'];
    const answers = await Promise.all(asked.map((pod) => ping(cluster, pod, container, command)));
    return { facts: { answers } };
  },
});

/** Ready ones first, and the second on another node where there is one: then a node is told from Redis. */
function apart(running: readonly Pod[]): string[] {
  const ordered = [...running].sort(
    (a, b) => Number(isReady(b)) - Number(isReady(a)) || a.metadata.name.localeCompare(b.metadata.name),
  );
  const [first] = ordered;
  const elsewhere = ordered.find(({ spec }) => spec.nodeName !== first?.spec.nodeName);
  const chosen = [first, elsewhere, ...ordered].flatMap((pod) => (pod ? [pod.metadata.name] : []));
  return [...new Set(chosen)].slice(0, PODS_ASKED);
}

async function ping(cluster: Cluster, pod: string, container: string, command: readonly string[]): Promise<RedisAnswer> {
  try {
    const ended = await cluster.exec(pod, container, command, '8s');
    const said = (ended.stdout || ended.stderr).trim().split('\n').at(-1)?.slice(0, 200) ?? '';
    return { pod, answer: answerOf(ended), said };
  } catch (error) {
    if (!(error instanceof ClusterFault) || error.kind !== 'gone') throw error;
    return { pod, answer: 'unknown', said: error.message.slice(0, 200) };
  }
}

/** `redis-cli` ends with 0 also where Redis answers with an error, so its words count; what it prints of its own is in stderr. */
export function answerOf({ exitCode, stdout, stderr }: Executed): RedisAnswer['answer'] {
  const said = `${stdout}\n${stderr}`;
  if (exitCode === 127 || exitCode === 126) return 'unknown';
  if (/^\s*PONG\s*$/m.test(stdout)) return 'pong';
  if (/\bLOADING\b/.test(said)) return 'loading';
  if (/\b(NOAUTH|WRONGPASS|NOPERM)\b/.test(said)) return 'password';
  if (/connection refused/i.test(said)) return 'refused';
  if (exitCode === null || /timed? ?out|connection reset|server closed the connection/i.test(said)) return 'silent';
  if (/not known|could not resolve|no address|name resolution|not found|no such file/i.test(said)) return 'unknown';
  return exitCode === 0 && stdout.trim() !== '' ? 'odd' : 'unknown';
}
