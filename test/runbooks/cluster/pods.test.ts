import { describe, expect, it } from 'vitest';
import { debugPods } from '../../../runbooks/cluster/debug-pods.ts';
import { events, jobs, nodes, pods } from '../../../runbooks/cluster/kinds.ts';
import { nameFromKey } from '../../../runbooks/cluster/name-from-key.ts';
import { podLogs } from '../../../runbooks/cluster/pod-logs.ts';
import { podState } from '../../../runbooks/cluster/pod-state.ts';
import { startDebugPod } from '../../../runbooks/cluster/start-debug-pod.ts';
import { InMemoryCluster, oneTurn, TURN } from './in-memory-cluster.ts';

const SELECTOR = 'app.kubernetes.io/name=saveit-backend';
const labels = { 'app.kubernetes.io/name': 'saveit-backend' };
const ready = [{ type: 'Ready', status: 'True' }];

function pod(name: string, status: object, extra: object = {}) {
  return {
    metadata: { name, labels, creationTimestamp: '2026-10-04T03:00:00Z', ...extra },
    spec: { nodeName: 'node-1', containers: [{ name: 'backend', image: 'b:1' }] },
    status: { phase: 'Running', ...status },
  };
}
const container = (state: object, lastState: object = {}, restartCount = 0) => ({
  name: 'backend',
  state,
  lastState,
  restartCount,
});

describe('the state of pods', () => {
  it('says what kubectl says, and why one waits', async () => {
    const cluster = new InMemoryCluster()
      .put(pods, pod('a', { conditions: ready, containerStatuses: [container({ running: {} })] }))
      .put(
        pods,
        pod('b', {
          containerStatuses: [
            container(
              { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
              { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-10-04T03:14:00Z' } },
              4,
            ),
          ],
        }),
      )
      .put(
        pods,
        pod('c', {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/2 nodes are available' }],
        }),
      )
      .put(pods, pod('d', { conditions: ready }, { deletionTimestamp: '2026-10-04T03:14:00Z' }))
      .put(pods, { ...pod('stranger', {}), metadata: { name: 'stranger', labels: {} } });
    expect(await oneTurn(cluster, podState, { selector: SELECTOR })).toMatchObject({
      facts: {
        count: 4,
        illNodes: [],
        pods: [
          { name: 'a', standing: 'Running', ready: true, restarts: 0, lastEnd: '', ageSeconds: 865 },
          {
            name: 'b',
            standing: 'CrashLoopBackOff',
            ready: false,
            restarts: 4,
            waitsFor: 'back-off 40s',
            lastEnd: 'OOMKilled',
            lastEndSecondsAgo: 25,
          },
          { name: 'c', standing: 'Pending', waitsFor: '0/2 nodes are available' },
          { name: 'd', standing: 'Terminating', ready: false },
        ],
      },
    });
  });

  it('names the nodes that are ill, of those that it uses', async () => {
    const node = (name: string, ...conditions: object[]) => ({ metadata: { name }, status: { conditions } });
    const cluster = new InMemoryCluster()
      .put(pods, pod('a', {}))
      .put(nodes, node('node-1', { type: 'Ready', status: 'Unknown', message: 'Kubelet stopped posting node status.' }))
      .put(nodes, node('node-2', { type: 'Ready', status: 'False' }));
    expect(await oneTurn(cluster, podState, { selector: SELECTOR })).toMatchObject({
      facts: { illNodes: ['node-1 is not ready: Kubelet stopped posting node status.'] },
    });
    cluster.put(nodes, node('node-1', { type: 'Ready', status: 'True' }, { type: 'DiskPressure', status: 'True' }));
    expect(await oneTurn(cluster, podState, { selector: SELECTOR })).toMatchObject({
      facts: { illNodes: ['node-1: DiskPressure'] },
    });
  });

  it('keeps what describe would show of them, the newest last', async () => {
    const event = (name: string, of: string, at: string) => ({
      metadata: { name },
      type: 'Warning',
      reason: 'BackOff',
      message: `restarting ${of}`,
      count: 3,
      lastTimestamp: at,
      involvedObject: { kind: 'Pod', name: of },
    });
    const cluster = new InMemoryCluster()
      .put(pods, pod('a', {}))
      .put(events, event('2', 'a', '2026-10-04T03:02:00Z'))
      .put(events, event('1', 'a', '2026-10-04T03:01:00Z'))
      .put(events, event('3', 'another', '2026-10-04T03:03:00Z'));
    const progress = await oneTurn(cluster, podState, { selector: SELECTOR });
    expect('evidence' in progress && progress.evidence).toBe(
      '2026-10-04T03:01:00Z Warning BackOff a restarting a (x3)\n2026-10-04T03:02:00Z Warning BackOff a restarting a (x3)',
    );
  });
});

describe('the logs of pods', () => {
  const call = { selector: SELECTOR, container: 'backend', lines: 100 };

  it('counts what they speak of, and takes the one before a crash where the present one is empty', async () => {
    const cluster = new InMemoryCluster().put(pods, pod('a', {})).put(pods, pod('b', {})).put(pods, pod('c', {}));
    cluster.logTexts.set('a', 'ok\n2026-10-04T03:00:01 ERROR could not connect 17: Connection refused\n');
    cluster.logTexts.set('b', '');
    cluster.logTexts.set(
      'previous:b',
      'ERROR could not connect 18: Connection refused\nFATAL: sorry, too many clients already\n',
    );
    const progress = await oneTurn(cluster, podLogs, call);
    expect(progress).toMatchObject({
      facts: { pods: 3, silent: ['c'], errors: 3, speaksOf: { refused: 2, tooMany: 1, memory: 0 } },
    });
    expect('facts' in progress && podLogs.facts.parse(progress.facts).top[0]).toEqual({
      line: 'ERROR could not connect #: Connection refused',
      times: 2,
    });
  });

  it('keeps as evidence only what it is about', async () => {
    const cluster = new InMemoryCluster().put(pods, pod('a', {}));
    cluster.logTexts.set('a', 'MQTT broker started\nGET / 200\nERROR mqtt: closed\n');
    const about = async (what: 'mqtt' | 'errors') => {
      const progress = await oneTurn(cluster, podLogs, { ...call, about: what });
      return 'evidence' in progress && progress.evidence;
    };
    expect(await about('mqtt')).toBe('a MQTT broker started\na ERROR mqtt: closed');
    expect(await about('errors')).toBe('a ERROR mqtt: closed');
  });

  it('finds of memory what the page would find, and who was killed for want of it', async () => {
    const speak = [
      'MemoryError',
      'WARNING memory use is high',
      'Out of Memory: heap',
      'oom-kill: python',
      'OOMKilled',
      'code OOM',
    ];
    const cluster = new InMemoryCluster().put(pods, pod('a', {}));
    cluster.logTexts.set('a', ['no room left', 'bloom filter made', ...speak].join('\n'));
    expect(await oneTurn(cluster, podLogs, { ...call, about: 'memory' })).toMatchObject({
      facts: { speaksOf: { memory: speak.length } },
      evidence: speak.map((line) => `a ${line}`).join('\n'),
    });
  });
});

/** As the programs have it: CPython, asyncio, SQLAlchemy, asyncpg, redis-py, httpx, uvicorn, gunicorn, psycopg and PostgreSQL. */
const TIMEOUTS = [
  'TimeoutError',
  'asyncio.exceptions.TimeoutError',
  'OSError: [Errno 110] Connection timed out',
  'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00',
  'asyncpg.exceptions.QueryCanceledError: canceling statement due to statement timeout',
  'redis.exceptions.TimeoutError: Timeout reading from redis:6379',
  'redis.exceptions.TimeoutError: Timeout connecting to server',
  'httpx.ReadTimeout',
  'ERROR:    Cancel 3 running task(s), timeout graceful shutdown exceeded',
  '[2026-10-04 03:14:00 +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:17)',
  'connection to server at "db" (10.0.0.5), port 5432 failed: timeout expired',
  'WARNING:  app.main: requests to /api/v1/savings time out',
  'Error: connect ETIMEDOUT 10.0.0.5:5432',
];
const REFUSALS = [
  'connection to server at "db" (10.0.0.5), port 5432 failed: Connection refused',
  "ConnectionRefusedError: [Errno 111] Connect call failed ('10.0.0.5', 5432)",
  'redis.exceptions.ConnectionError: Error 111 connecting to redis:6379. Connection refused.',
];
const NEITHER = [
  'INFO:     app.core.database: pool_timeout=30, "timeout": 30, retry_on_timeout=True',
  'INFO:     uvicorn: timeout_keep_alive=5',
  'runtime out of the box',
  'took 111 ms, refused nobody',
];

describe('lines that tell of a dependency', () => {
  const spoken = async (lines: readonly string[]) => {
    const cluster = new InMemoryCluster().put(pods, pod('a', {}));
    cluster.logTexts.set('a', lines.join('\n'));
    const progress = await oneTurn(cluster, podLogs, { selector: SELECTOR, container: 'backend', lines: 100 });
    return 'facts' in progress ? podLogs.facts.parse(progress.facts) : expect.fail('it waits');
  };

  it.each(TIMEOUTS)('speak of a timeout: %s', async (line) => {
    expect((await spoken([line])).speaksOf.timeouts).toBe(1);
  });
  it.each(REFUSALS)('speak of a refused connection: %s', async (line) => {
    expect((await spoken([line])).speaksOf).toMatchObject({ refused: 1, timeouts: 0 });
  });
  it('do not where they speak of a setting, or of something else', async () => {
    expect((await spoken(NEITHER)).speaksOf).toMatchObject({ refused: 0, timeouts: 0 });
  });
  it('are errors by the name of an exception, too', async () => {
    expect((await spoken(['TimeoutError', 'redis.exceptions.ConnectionError: gone', 'GET / 200'])).errors).toBe(2);
  });
});

describe('a debug pod', () => {
  const call = { image: 'docker.io/nicolaka/netshoot:latest', minutes: 60 };
  const debug = { 'job-name': nameFromKey('debug', TURN.key), 'firebreak.dev/purpose': 'debug' };

  it('is a Job that the cluster itself ends and takes away, made once', async () => {
    const cluster = new InMemoryCluster();
    expect(await oneTurn(cluster, startDebugPod, call)).toHaveProperty('waitsFor');
    expect(await oneTurn(cluster, startDebugPod, call)).toHaveProperty('waitsFor');
    const name = nameFromKey('debug', TURN.key);
    expect(cluster.changes).toEqual([`create jobs/${name}`]);
    expect(cluster.raw(jobs, name)).toMatchObject({
      spec: {
        activeDeadlineSeconds: 3600,
        ttlSecondsAfterFinished: 0,
        backoffLimit: 0,
        template: { spec: { automountServiceAccountToken: false, restartPolicy: 'Never' } },
      },
    });
    cluster.put(pods, { ...pod('debug-1', { phase: 'Running' }), metadata: { name: 'debug-1', labels: debug } });
    expect(await oneTurn(cluster, startDebugPod, call)).toEqual({
      facts: { pod: 'debug-1', until: '2026-10-04T04:14:00.000Z', enter: 'kubectl exec -it debug-1 -n saveit -- bash' },
    });
    expect(await oneTurn(cluster, debugPods, {})).toEqual({ facts: { running: ['debug-1'], others: [] } });
  });

  it('says so where its image cannot be had', async () => {
    const cluster = new InMemoryCluster();
    await oneTurn(cluster, startDebugPod, call);
    const status = { phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ImagePullBackOff' } })] };
    cluster.put(pods, { ...pod('debug-1', status), metadata: { name: 'debug-1', labels: debug } });
    await expect(oneTurn(cluster, startDebugPod, call)).rejects.toThrow(/cannot have its image/);
  });
});

describe('a name from a key', () => {
  it('is one that Kubernetes takes, and fits the names of its pods', () => {
    const name = nameFromKey('debug', TURN.key);
    expect(name).toMatch(/^firebreak-debug-01j9zk3v5q8xn4c2w7h6t0rbdm-1-[0-9a-f]{8}$/);
    expect(nameFromKey('a-rather-long-purpose-of-a-job', `${TURN.key}-${'x'.repeat(150)}`).length).toBeLessThanOrEqual(57);
  });
  it('is another for another step, and the same for the same', () => {
    expect(nameFromKey('debug', TURN.key)).toBe(nameFromKey('debug', TURN.key));
    expect(nameFromKey('debug', TURN.key)).not.toBe(nameFromKey('debug', `${TURN.key}-undo`));
  });
});
