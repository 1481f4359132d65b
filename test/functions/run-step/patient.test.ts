import { describe, expect, it } from 'vitest';
import { patient } from '../../../functions/run-step/executors/patient.ts';
import { pods } from '../../../runbooks/cluster/kinds.ts';
import { ClusterFault, type ClusterFaultKind } from '../../../runbooks/language/cluster.ts';
import { InMemoryCluster } from '../../runbooks/cluster/in-memory-cluster.ts';

/** A cluster that fails so often, and a clock that moves only when somebody sleeps or a request takes its time. */
function failing(times: number, kind: ClusterFaultKind, tookMs = 0) {
  const cluster = new InMemoryCluster();
  let [made, at] = [0, 0];
  const flaky = async <T>(answer: T): Promise<T> => {
    made += 1;
    at += tookMs;
    if (made <= times) throw new ClusterFault(kind, 'words');
    return answer;
  };
  cluster.list = async () => flaky([]);
  cluster.remove = async () => flaky(true);
  const clock = {
    now: () => new Date(at),
    sleep: async (ms: number) => {
      at += ms;
    },
  };
  return { cluster: patient(cluster, clock), made: () => made, at: () => at };
}

describe('a request to the cluster', () => {
  it.each(['throttled', 'unreachable'] as const)('that looks is made again where it was %s, a second later', async (kind) => {
    const { cluster, made, at } = failing(3, kind);
    expect(await cluster.list(pods)).toEqual([]);
    expect([made(), at()]).toEqual([4, 3_000]);
  });

  it('that changes something is made again where it was throttled, because it was not carried out', async () => {
    const { cluster, made } = failing(1, 'throttled');
    expect(await cluster.remove(pods, 'a')).toBe(true);
    expect(made()).toBe(2);
  });

  it('that changes something is not made again where nobody answered: it may have been carried out', async () => {
    const { cluster, made } = failing(1, 'unreachable');
    await expect(cluster.remove(pods, 'a')).rejects.toThrow('words');
    expect(made()).toBe(1);
  });

  it.each(['conflict', 'unauthorized', 'forbidden', 'gone', 'refused'] as const)('is made once where it was %s', async (kind) => {
    const { cluster, made } = failing(1, kind);
    await expect(cluster.list(pods)).rejects.toThrow('words');
    expect(made()).toBe(1);
  });

  it('is given up after eight tries, and sooner where each takes its time', async () => {
    const many = failing(9, 'throttled');
    await expect(many.cluster.list(pods)).rejects.toThrow('words');
    expect(many.made()).toBe(8);
    const slow = failing(9, 'unreachable', 8_000);
    await expect(slow.cluster.list(pods)).rejects.toThrow('words');
    expect(slow.made()).toBe(1);
  });
});
