import { describe, expect, it } from 'vitest';
import { pods } from '../../../runbooks/cluster/kinds.ts';
import { redisPersistence } from '../../../runbooks/cluster/redis-persistence.ts';
import { answerOf, redisPing } from '../../../runbooks/cluster/redis-ping.ts';
import { ClusterFault, type Executed } from '../../../runbooks/language/cluster.ts';
import { InMemoryCluster, oneTurn } from './in-memory-cluster.ts';

const BACKEND = 'app.kubernetes.io/name=saveit-backend';
const REDIS = 'app.kubernetes.io/name=redis';
const PING = { selector: BACKEND, container: 'backend', host: 'redis', port: 6379 };
const KEEPS = { selector: REDIS, container: 'redis', port: 6379 };
const ended = (exitCode: number | null, stdout = '', stderr = ''): Executed => ({ exitCode, stdout, stderr });

function pod(
  name: string,
  { node = 'n1', ready = 'True', phase = 'Running', of = 'saveit-backend', volumes = [] as object[] } = {},
) {
  return {
    metadata: { name, labels: { 'app.kubernetes.io/name': of } },
    spec: { nodeName: node, containers: [{ name: 'backend' }], volumes },
    status: { phase, conditions: [{ type: 'Ready', status: ready }] },
  };
}

describe('what an answer of redis-cli means', () => {
  it.each<[string, Executed, string]>([
    ['it is well', ended(0, 'PONG\n'), 'pong'],
    ['it reads its data', ended(0, 'LOADING Redis is loading the dataset in memory\n'), 'loading'],
    ['so it says with -e, too', ended(1, '', '(error) LOADING Redis is loading the dataset in memory'), 'loading'],
    ['it wants a password', ended(0, 'NOAUTH Authentication required.\n'), 'password'],
    ['the password is wrong', ended(0, 'WRONGPASS invalid username-password pair'), 'password'],
    ['nobody listens', ended(1, '', 'Could not connect to Redis at redis:6379: Connection refused'), 'refused'],
    ['no way there', ended(1, '', 'Could not connect to Redis at redis:6379: Connection timed out'), 'silent'],
    ['it hangs', ended(null), 'silent'],
    ['it hangs up', ended(1, '', 'Error: Server closed the connection'), 'silent'],
    ['there is no redis-cli', ended(127, '', 'executable file not found in $PATH'), 'unknown'],
    ['redis-cli may not be run', ended(126, '', 'permission denied'), 'unknown'],
    ['the name is not known', ended(1, '', 'Could not connect to Redis at redis:6379: Name or service not known'), 'unknown'],
    ['it is full of clients', ended(0, 'ERR max number of clients reached'), 'odd'],
    ['it says nothing', ended(0), 'unknown'],
    ['something else is wrong', ended(1, '', 'Segmentation fault'), 'unknown'],
  ])('%s', (_, answer, means) => {
    expect(answerOf(answer)).toBe(means);
  });
});

describe('a ping from two pods', () => {
  const three = () =>
    new InMemoryCluster()
      .put(pods, pod('b-1', { ready: 'False' }))
      .put(pods, pod('b-2'))
      .put(pods, pod('b-3'))
      .put(pods, pod('b-4', { node: 'n2' }))
      .put(pods, pod('b-5', { phase: 'Pending' }));

  it('comes from ready ones, on two nodes where there are two', async () => {
    const cluster = three();
    const heard: string[] = [];
    cluster.program = (name, command) => {
      heard.push(`${name} ${command.join(' ')}`);
      return ended(0, 'PONG\n');
    };
    const answers = ['b-2', 'b-4'].map((name) => ({ pod: name, answer: 'pong', said: 'PONG' }));
    expect(await oneTurn(cluster, redisPing, PING)).toEqual({ facts: { answers } });
    expect(heard).toEqual(['b-2 redis-cli -h redis -p 6379 ping', 'b-4 redis-cli -h redis -p 6379 ping']);
    expect(cluster.changes).toEqual([]);
  });
  it('takes a pod that has gone meanwhile for unknown, and not Redis for down', async () => {
    const cluster = three();
    cluster.program = (name) => {
      if (name === 'b-2') throw new ClusterFault('gone', 'exec in b-2: the pod is not there any more');
      return ended(1, '', 'Connection refused');
    };
    expect(await oneTurn(cluster, redisPing, PING)).toMatchObject({
      facts: { answers: [{ answer: 'unknown' }, { answer: 'refused' }] },
    });
  });
  it('lets through that the cluster has too much to do', async () => {
    const cluster = three();
    cluster.program = () => {
      throw new ClusterFault('throttled', 'exec in b-2: the cluster answered 429');
    };
    await expect(oneTurn(cluster, redisPing, PING)).rejects.toMatchObject({ passing: true });
  });
  it('says that there is nobody to ask from', async () => {
    expect(await oneTurn(new InMemoryCluster(), redisPing, PING)).toEqual({ facts: { answers: [] } });
  });
});

describe('what Redis keeps', () => {
  const claim = [{ name: 'data', persistentVolumeClaim: { claimName: 'redis-data' } }];
  const look = (volumes: object[], config: Record<string, Executed>) => {
    const cluster = new InMemoryCluster().put(pods, pod('redis-0', { of: 'redis', volumes }));
    cluster.program = (_, command) => config[command.at(-1) ?? ''] ?? ended(127);
    return oneTurn(cluster, redisPersistence, KEEPS);
  };
  it('is on a volume that outlives it, and written there', async () => {
    const config = { save: ended(0, 'save\n3600 1 300 100\n'), appendonly: ended(0, 'appendonly\nno\n') };
    expect(await look(claim, config)).toEqual({ facts: { pods: 1, claims: ['redis-data'], writes: 'yes' } });
    expect(await look([{ name: 'data', emptyDir: {} }], config)).toMatchObject({ facts: { claims: [], writes: 'yes' } });
  });
  it('is nothing where it is told to write nothing', async () => {
    const config = { save: ended(0, 'save\n\n'), appendonly: ended(0, 'appendonly\nno\n') };
    expect(await look(claim, config)).toMatchObject({ facts: { writes: 'no' } });
  });
  it.each<[string, Record<string, Executed>]>([
    ['it does not answer', { save: ended(1, '', 'refused'), appendonly: ended(1, '', 'refused') }],
    ['it wants a password', { save: ended(0, 'NOAUTH Authentication required.'), appendonly: ended(0, 'NOAUTH') }],
    ['only half of it was told', { save: ended(0, 'save\n\n'), appendonly: ended(null) }],
    ['there is no redis-cli', {}],
  ])('is unknown where %s', async (_, config) => {
    expect(await look(claim, config)).toMatchObject({ facts: { writes: 'unknown' } });
  });
});
