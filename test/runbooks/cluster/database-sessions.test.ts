import { describe, expect, it } from 'vitest';
import { databaseSessions } from '../../../runbooks/cluster/database-sessions.ts';
import { IDLE_FOR_LONG } from '../../../runbooks/cluster/database-statements.ts';
import { endIdleSessions } from '../../../runbooks/cluster/end-idle-sessions.ts';
import { jobs, pods } from '../../../runbooks/cluster/kinds.ts';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { endIdleSessions as endOnHost } from '../../../runbooks/commands/end-idle-sessions.ts';
import type { ClusterCommand } from '../../../runbooks/language/cluster.ts';
import { InMemoryCluster, oneTurn, TURN } from './in-memory-cluster.ts';

const asked = {
  ...{ database: 'saveit', secret: 'firebreak-database', image: 'docker.io/library/postgres:16-alpine' },
  ...{ hostKey: 'host', userKey: 'username', passwordKey: 'password', role: 'saveit', idleSeconds: 600 },
};
const COUNTED = {
  ...{ most: 100, reserved: 5, roleMost: -1, clients: 96, role: 'ordinary', longestActiveSeconds: 2 },
  application: { all: 95, active: 3, inTransaction: 0, idle: 92, idleLong: 80 },
  asker: { seesAll: true, mayEnd: true, keptBack: true },
};
const LOG = [
  JSON.stringify(COUNTED),
  '{"page" : {"connections" : 96, "longestSeconds" : 2400}}',
  '{"groups" : [{"role": "saveit", "state": "idle", "sessions": 92}]}',
].join('\n');

interface PodState {
  waiting?: { reason: string; message?: string };
  terminated?: { exitCode: number; reason?: string };
}
/** One whose Job has been made, and whose pod is in this state. */
async function begun(command: ClusterCommand, state: PodState, log?: string) {
  const cluster = new InMemoryCluster();
  const first = await oneTurn(cluster, command, asked);
  expect(first).toMatchObject({ waitsFor: expect.stringContaining('begins') });
  const name = cluster.changes[0]?.split('/')[1] ?? '';
  cluster.put(pods, {
    metadata: { name: `${name}-abcde`, labels: { 'firebreak.dev/job': name } },
    spec: { containers: [{ name: 'psql' }] },
    status: { phase: state.terminated ? 'Succeeded' : 'Pending', containerStatuses: [{ name: 'psql', state }] },
  });
  if (log !== undefined) cluster.logTexts.set(`${name}-abcde`, log);
  return { cluster, name };
}
const done = { terminated: { exitCode: 0 } };

describe('the Job that asks', () => {
  it('is made once, found again, and removed when it has been read', async () => {
    const { cluster, name } = await begun(databaseSessions, { waiting: { reason: 'ContainerCreating' } });
    expect(await oneTurn(cluster, databaseSessions, asked)).toEqual({ waitsFor: `the Job ${name}: ContainerCreating` });
    expect(cluster.changes).toEqual([`create jobs/${name}`]);
    expect(name).toMatch(/^[a-z0-9-]{10,57}$/);
  });

  it('takes nothing of the Secret but by its name, has no right, and ends by itself', async () => {
    const { cluster, name } = await begun(databaseSessions, {});
    const job = cluster.raw(jobs, name);
    expect(job).toMatchObject({
      spec: {
        ...{ backoffLimit: 0, activeDeadlineSeconds: 75, ttlSecondsAfterFinished: 300 },
        template: {
          spec: {
            restartPolicy: 'Never',
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true },
            containers: [{ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
          },
        },
      },
    });
    const secretKeyRef = { name: 'firebreak-database', key: 'password' };
    expect(JSON.stringify(job)).toContain(JSON.stringify({ name: 'PGPASSWORD', valueFrom: { secretKeyRef } }));
    // Kubernetes would put something else in its place.
    expect(JSON.stringify(job)).not.toContain('$(');
  });

  it('does not take the Job of another step for its own', async () => {
    const { cluster, name } = await begun(databaseSessions, done, LOG);
    await cluster.patch(jobs, name, { metadata: { annotations: { 'firebreak.dev/step': 'another' } } });
    await expect(oneTurn(cluster, databaseSessions, asked)).rejects.toThrow('it is not of this step');
  });

  it('is another for another step', async () => {
    const { cluster } = await begun(databaseSessions, {});
    await oneTurn(cluster, databaseSessions, asked, { turn: { ...TURN, key: `${TURN.key}-2` } });
    expect(new Set(cluster.changes).size).toBe(2);
  });
});

describe('counting sessions', () => {
  it('answers with the lines of JSON as one', async () => {
    const { cluster, name } = await begun(databaseSessions, done, `NOTICE: nothing\n${LOG}\n`);
    const progress = await oneTurn(cluster, databaseSessions, asked);
    expect(progress).toMatchObject({ facts: { reach: 'ok', ...COUNTED, page: { connections: 96 } } });
    expect(progress).toMatchObject({ evidence: 'role | state | sessions\nsaveit | idle | 92' });
    expect(cluster.changes.at(-1)).toBe(`delete jobs/${name}`);
  });

  const refused =
    'psql: error: connection to server at "db.internal" (10.0.20.14), port 5432 failed: Connection refused\n\tIs the server running?';
  it.each<[string, PodState, string | undefined, string, string]>([
    ['is refused', { terminated: { exitCode: 2 } }, refused, 'refused', 'connection to server at "..." , port 5432 failed'],
    [
      'has no time left',
      { terminated: { exitCode: 3 } },
      'ERROR: canceling statement due to statement timeout',
      'unknown',
      'ended with 3',
    ],
    ['has no psql', { terminated: { exitCode: 127 } }, 'sh: psql: not found', 'unknown', 'ended with 127'],
    ['was killed', { terminated: { exitCode: 137, reason: 'OOMKilled' } }, '', 'unknown', 'OOMKilled'],
    ['says nothing', done, '', 'unknown', 'answered nothing'],
    ['lost its log', done, undefined, 'unknown', 'answered nothing'],
    ['has no image', { waiting: { reason: 'ImagePullBackOff' } }, undefined, 'unknown', 'ImagePullBackOff'],
    [
      'has no Secret',
      { waiting: { reason: 'CreateContainerConfigError', message: 'secret "x" not found' } },
      undefined,
      'unknown',
      'secret "..." not found',
    ],
  ])('tells one that %s, and removes its Job', async (_, state, log, reach, words) => {
    const { cluster, name } = await begun(databaseSessions, state, log);
    const progress = await oneTurn(cluster, databaseSessions, asked);
    expect(progress).toMatchObject({ facts: { reach, words: expect.stringContaining(words) } });
    expect(JSON.stringify(progress)).not.toMatch(/db\.internal|10\.0\.20/);
    expect(cluster.changes.at(-1)).toBe(`delete jobs/${name}`);
  });

  it('does not take a Job that ran out of time for a silent database', async () => {
    const { cluster, name } = await begun(databaseSessions, {});
    const condition = { type: 'Failed', status: 'True', reason: 'DeadlineExceeded', message: 'Job was active longer' };
    await cluster.patch(jobs, name, { status: { conditions: [condition] } });
    await cluster.remove(pods, `${name}-abcde`);
    const progress = await oneTurn(cluster, databaseSessions, asked);
    expect(progress).toMatchObject({ facts: { reach: 'unknown', words: expect.stringContaining('DeadlineExceeded') } });
  });

  it('refuses parameters that could be more than a value', () => {
    expect(() => databaseSessions({ ...asked, role: "x'; DROP" })).toThrow();
    expect(() => databaseSessions({ ...asked, secret: '../x' })).toThrow();
    expect(() => databaseSessions({ ...asked, image: 'x $(id)' })).toThrow();
  });
});

describe('ending idle sessions', () => {
  const ended = { before: 96, role: 'ordinary', seesAll: true, late: false, ended: 80 };
  const log = (over: object) => `${JSON.stringify({ ...ended, ...over })}\n\n{"after" : 16}\n`;

  it('counts before and after', async () => {
    const { cluster } = await begun(endIdleSessions, done, log({}));
    expect(await oneTurn(cluster, endIdleSessions, asked)).toEqual({ facts: { before: 96, ended: 80, after: 16 } });
  });

  it('is not done later than its Job may run', async () => {
    const { cluster, name } = await begun(endIdleSessions, done);
    expect(JSON.stringify(cluster.raw(jobs, name))).toContain('"value":"2026-10-04T03:15:35.000Z"');
  });

  it.each([
    ['it is late', { late: true }, 'its time was over'],
    ['the role is a superuser', { role: 'superuser' }, 'is a superuser'],
    ['the role is not there', { role: 'missing' }, 'is not there'],
    ['it cannot see who is idle', { seesAll: false }, 'grant pg_monitor'],
  ])('fails where %s', async (_, over, words) => {
    const { cluster, name } = await begun(endIdleSessions, done, log({ ended: 0, ...over }));
    await expect(oneTurn(cluster, endIdleSessions, asked)).rejects.toThrow(words);
    expect(cluster.changes.at(-1)).toBe(`delete jobs/${name}`);
  });

  it('fails where the database does not answer', async () => {
    const { cluster } = await begun(endIdleSessions, { terminated: { exitCode: 2 } }, 'FATAL: sorry, too many clients already');
    await expect(oneTurn(cluster, endIdleSessions, asked)).rejects.toThrow('has no connection left');
  });

  it('ends the same sessions as on a host', () => {
    const onHost = scriptOf(endOnHost).replaceAll(':idleSeconds', ":'idleSeconds'::int");
    expect(onHost).toContain(IDLE_FOR_LONG);
  });
});
