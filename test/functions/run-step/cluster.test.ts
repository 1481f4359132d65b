import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { outOfTime, turn } from '../../../functions/run-step/executors/cluster.ts';
import type { Surroundings } from '../../../functions/surroundings.ts';
import { deployments, pods } from '../../../runbooks/cluster/kinds.ts';
import { type Cluster, ClusterFault, clusterCommand } from '../../../runbooks/language/cluster.ts';
import { InMemoryCluster } from '../../runbooks/cluster/in-memory-cluster.ts';

const settings = { hosts: [], hostTag: 'a=b', cluster: { name: 'saveit', namespace: 'saveit' } };
const startedAt = '2026-10-04T03:14:20.000Z';

/** A command whose turn is what the test says. */
function command(run: (cluster: Cluster) => Promise<{ facts: { said: string }; evidence?: string } | { waitsFor: string }>) {
  return clusterCommand('say', {
    title: 'Say something',
    safety: 'observe',
    parameters: z.object({ what: z.string().regex(/^[a-z]+$/) }),
    facts: z.object({ said: z.string().max(20) }),
    timeout: '10s',
    rights: (on) => [{ group: '', resource: 'pods', verbs: ['get'], names: on }],
    byHand: () => 'say',
    run,
  });
}

function take(run: Parameters<typeof command>[0], parameters: Record<string, string> = { what: 'hello' }) {
  const cluster = new InMemoryCluster();
  const around = {
    clock: { now: () => new Date(startedAt), sleep: async () => undefined },
    clusters: { open: async () => cluster },
  } as unknown as Surroundings;
  const step = { command: command(run), call: { command: 'say', parameters }, on: ['a'], key: 'k', startedAt };
  return turn(around, settings, step);
}

describe('a turn of a cluster step', () => {
  it('ends with facts and evidence, without secrets', async () => {
    const end = await take(async () => ({ facts: { said: 'hello' }, evidence: 'password=hunter2hunter2' }));
    expect(end).toMatchObject({ status: 'done', facts: { said: 'hello' } });
    expect(JSON.stringify(end)).not.toContain('hunter2');
  });

  it('is not the last where it waits for something', async () => {
    expect(await take(async () => ({ waitsFor: 'a pod' }))).toEqual({ status: 'running', waitsFor: 'a pod', unknown: false });
  });

  it.each([
    ['conflict', { status: 'running', waitsFor: 'words', unknown: false }],
    ['throttled', { status: 'running', waitsFor: 'words', unknown: false }],
    ['unreachable', { status: 'running', waitsFor: 'words', unknown: true }],
    ['unauthorized', { status: 'failed', error: 'words', evidence: '' }],
    ['forbidden', { status: 'failed', error: 'words', evidence: '' }],
    ['gone', { status: 'failed', error: 'words', evidence: '' }],
    ['refused', { status: 'failed', error: 'words', evidence: '' }],
  ] as const)('tries again what is passing, and fails with the rest: %s', async (kind, expected) => {
    expect(await take(() => Promise.reject(new ClusterFault(kind, 'words')))).toEqual(expected);
  });

  it('fails with what the command says', async () => {
    expect(await take(() => Promise.reject(new Error('it is paused')))).toEqual({
      status: 'failed',
      error: 'it is paused',
      evidence: '',
    });
  });

  it('fails with facts that are not what the command declares', async () => {
    const said = 'x'.repeat(21);
    expect(await take(async () => ({ facts: { said } }))).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('said'),
    });
  });

  it('carries out no record whose parameters the command would refuse', async () => {
    const end = await take(async () => ({ facts: { said: 'hello' } }), { what: 'NOT A WORD' });
    expect(end.status).toBe('failed');
  });

  it('goes no further than its rights', async () => {
    const beyond = async (cluster: Cluster) => ({ facts: { said: String(await cluster.get(deployments, 'a')) } });
    const another = async (cluster: Cluster) => ({ facts: { said: String(await cluster.get(pods, 'b')) } });
    const within = async (cluster: Cluster) => ({ facts: { said: String(await cluster.get(pods, 'a')) } });
    expect(await take(beyond)).toMatchObject({ status: 'failed', error: expect.stringContaining('no right') });
    expect(await take(another)).toMatchObject({ status: 'failed', error: expect.stringContaining('no right') });
    expect(await take(within)).toMatchObject({ status: 'done' });
  });

  it('says what is missing where a system names no cluster', async () => {
    const around = {} as unknown as Surroundings;
    const step = {
      command: command(async () => ({ waitsFor: '' })),
      call: { command: 'say', parameters: {} },
      on: [],
      key: 'k',
      startedAt,
    };
    await expect(turn(around, { hosts: [], hostTag: 'a=b' }, step)).rejects.toThrow(/has no cluster/);
  });
});

describe('a step whose time is over', () => {
  it('has failed where its state is known', () => {
    expect(outOfTime({ status: 'running', waitsFor: '1 of 3 pods are new', unknown: false })).toEqual({
      status: 'failed',
      error: 'not over in its time: 1 of 3 pods are new',
      evidence: '',
    });
  });
  it('is in doubt where the cluster was silent at the end', () => {
    expect(outOfTime({ status: 'running', waitsFor: 'no answer', unknown: true })).toMatchObject({ status: 'doubt' });
  });
});
