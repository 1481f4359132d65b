import { describe, expect, it } from 'vitest';
import { brokerPorts, portOf } from '../../../runbooks/cluster/broker-ports.ts';
import { deployments, pods, replicaSets } from '../../../runbooks/cluster/kinds.ts';
import { replacePods } from '../../../runbooks/cluster/replace-pods.ts';
import { restartDeployment } from '../../../runbooks/cluster/restart-deployment.ts';
import { ClusterFault, type Executed } from '../../../runbooks/language/cluster.ts';
import { InMemoryCluster, oneTurn } from './in-memory-cluster.ts';

const PORTS = { selector: 'app.kubernetes.io/name=saveit-backend', container: 'backend', port: 1883 };
const DEPLOYED = { name: 'saveit-backend', uid: 'd1' };
const ended = (exitCode: number | null, stderr = ''): Executed => ({ exitCode, stdout: '', stderr });

function pod(name: string, { ready = true, set = 'rs1', phase = 'Running', ending = false } = {}) {
  return {
    metadata: {
      name,
      creationTimestamp: '2026-10-04T03:04:25Z',
      labels: { 'app.kubernetes.io/name': 'saveit-backend' },
      ownerReferences: [{ kind: 'ReplicaSet', name: set, uid: set }],
      ...(ending && { deletionTimestamp: '2026-10-04T03:14:22Z' }),
    },
    spec: { containers: [{ name: 'backend' }] },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

describe('what an answer of nc means', () => {
  it.each<[string, Executed, string]>([
    ['open', ended(0, 'Connection to localhost 1883 port [tcp/*] succeeded!'), 'open'],
    ['open at one of two addresses', ended(0, 'nc: connect to localhost (::1) port 1883 failed: Connection refused'), 'open'],
    ['closed', ended(1, 'nc: connect to localhost port 1883 (tcp) failed: Connection refused'), 'closed'],
    ['closed, in the words of BusyBox', ended(1, 'nc: localhost (127.0.0.1:1883): Connection refused'), 'closed'],
    ['no nc', ended(127, 'executable file not found in $PATH'), 'unknown'],
    ['no nc, in the words of a shell', ended(1, 'sh: 1: nc: not found'), 'unknown'],
    ['an nc that knows no -z', ended(1, "nc: invalid option -- 'z'"), 'unknown'],
    ['no answer in time', ended(null), 'silent'],
    ['timed out', ended(1, 'nc: connect to localhost port 1883 (tcp) timed out'), 'silent'],
  ])('%s', (_, answer, means) => {
    expect(portOf(answer)).toBe(means);
  });
});

describe('a look at the ports', () => {
  it('tells each pod by itself, and asks only those that run', async () => {
    const cluster = new InMemoryCluster()
      .put(pods, pod('b-1'))
      .put(pods, pod('b-2'))
      .put(pods, pod('b-3', { phase: 'Pending', ready: false }))
      .put(pods, pod('b-4'))
      .put(pods, pod('b-5', { ending: true }));
    cluster.program = (name) => {
      if (name === 'b-4') throw new ClusterFault('gone', 'exec in b-4: the pod is not there any more');
      return name === 'b-1' ? ended(1, 'Connection refused') : ended(0, 'succeeded!');
    };
    expect(await oneTurn(cluster, brokerPorts, PORTS)).toEqual({
      facts: {
        count: 4,
        pods: [
          { pod: 'b-1', port: 'closed', said: 'Connection refused', ready: true, ageSeconds: 600 },
          { pod: 'b-2', port: 'open', said: 'succeeded!', ready: true, ageSeconds: 600 },
          { pod: 'b-3', port: 'unknown', said: 'it is Pending', ready: false, ageSeconds: 600 },
          { pod: 'b-4', port: 'unknown', said: 'exec in b-4: the pod is not there any more', ready: true, ageSeconds: 600 },
        ],
      },
    });
    expect(cluster.changes).toEqual([]);
  });
});

describe('making single pods new', () => {
  const template = { spec: { containers: [{ name: 'backend' }] } };
  const three = () =>
    new InMemoryCluster()
      .put(deployments, { metadata: DEPLOYED, spec: { replicas: 3, template } })
      .put(replicaSets, {
        metadata: set('rs1', 'd1'),
        spec: { replicas: 3, template },
      })
      .put(pods, pod('b-1'))
      .put(pods, pod('b-2'))
      .put(pods, pod('b-3'));
  const turn = (cluster: InMemoryCluster, ...names: string[]) =>
    oneTurn(cluster, replacePods, { deployment: 'saveit-backend', pods: names }, { on: ['saveit-backend'] });

  it('deletes one, once, and is over when a new one is ready', async () => {
    const cluster = three();
    expect(await turn(cluster, 'b-2')).toEqual({ waitsFor: 'b-2 is deleted' });
    expect(await turn(cluster, 'b-2')).toEqual({ waitsFor: '2 of 3 other pods are ready' });
    cluster.put(pods, pod('b-9', { ready: false }));
    expect(await turn(cluster, 'b-2')).toHaveProperty('waitsFor');
    cluster.put(pods, pod('b-9'));
    expect(await turn(cluster, 'b-2')).toEqual({ facts: { deployment: 'saveit-backend', replaced: ['b-2'], tookSeconds: 5 } });
    expect(cluster.changes).toEqual(['delete pods/b-2']);
  });
  it('goes from one to the next only when the new one is ready', async () => {
    const cluster = three();
    await turn(cluster, 'b-1', 'b-3');
    expect(await turn(cluster, 'b-1', 'b-3')).toEqual({ waitsFor: '1 of 2 other pods are ready' });
    cluster.put(pods, pod('b-9'));
    expect(await turn(cluster, 'b-1', 'b-3')).toEqual({ waitsFor: 'b-3 is deleted' });
    cluster.put(pods, pod('b-8'));
    expect(await turn(cluster, 'b-1', 'b-3')).toHaveProperty('facts');
    expect(cluster.changes).toEqual(['delete pods/b-1', 'delete pods/b-3']);
  });
  it('waits while the others are not well: it makes nothing worse', async () => {
    const cluster = three().put(pods, pod('b-3', { ready: false }));
    expect(await turn(cluster, 'b-1')).toEqual({ waitsFor: '1 of 2 other pods are ready' });
    expect(cluster.changes).toEqual([]);
  });
  it('waits for one that is ending', async () => {
    const cluster = three().put(pods, pod('b-1', { ending: true }));
    expect(await turn(cluster, 'b-1')).toEqual({ waitsFor: 'b-1 is ending' });
    expect(cluster.changes).toEqual([]);
  });
  it('touches no pod of anybody else, whatever its labels say', async () => {
    const cluster = three().put(pods, pod('by-hand', { set: 'another' }));
    await expect(turn(cluster, 'b-1', 'by-hand')).rejects.toThrow('by-hand is no pod of saveit-backend');
    expect(cluster.changes).toEqual([]);
  });
  it('needs the deployment', async () => {
    await expect(turn(new InMemoryCluster(), 'b-1')).rejects.toThrow('there is no deployment saveit-backend');
  });
  it('is counted with the other restarts of the backend', () => {
    const one = { deployment: 'saveit-backend', pods: ['b-1'] };
    expect(replacePods.verb).toBe(restartDeployment.verb);
    expect(replacePods.resource?.(one)).toBe(restartDeployment.resource?.(one));
  });
});

function set(name: string, owner: string) {
  const owned = { uid: name, ownerReferences: [{ kind: 'Deployment', name: 'saveit-backend', uid: owner }] };
  return { name, ...owned };
}
