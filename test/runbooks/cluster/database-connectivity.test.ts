import { describe, expect, it } from 'vitest';
import { discreet, whyNoConnection } from '../../../runbooks/cluster/connection-failures.ts';
import { databaseConnectivity } from '../../../runbooks/cluster/database-connectivity.ts';
import { pods } from '../../../runbooks/cluster/kinds.ts';
import { ClusterFault, type Executed } from '../../../runbooks/language/cluster.ts';
import { InMemoryCluster, oneTurn } from './in-memory-cluster.ts';

const SELECTOR = 'app.kubernetes.io/name=saveit-backend';
const asked = { selector: SELECTOR, container: 'backend' };
const ok: Executed = { exitCode: 0, stdout: '<sqlalchemy.engine.base.Connection object at 0x7f3c>\n', stderr: '' };
const failed = (stderr: string, exitCode: number | null = 1): Executed => ({ exitCode, stdout: '', stderr });
const psycopg = (words: string) =>
  failed(
    `Traceback (most recent call last):\n  File "<string>"\nsqlalchemy.exc.OperationalError: ${words}\n(Background on this error at: https://sqlalche.me/e/20/e3q8)`,
  );

function backend(answers: Record<string, Executed | Error>, stopped: readonly string[] = []): InMemoryCluster {
  const cluster = new InMemoryCluster();
  for (const name of [...Object.keys(answers), ...stopped])
    cluster.put(pods, {
      metadata: { name, labels: { 'app.kubernetes.io/name': 'saveit-backend' } },
      spec: { containers: [{ name: 'backend' }] },
      status: {
        phase: 'Running',
        containerStatuses: [
          { name: 'backend', state: stopped.includes(name) ? { waiting: { reason: 'CrashLoopBackOff' } } : { running: {} } },
        ],
      },
    });
  cluster.program = (pod, command) => {
    expect(command.slice(0, 2)).toEqual(['python', '-c']);
    const answer = answers[pod] ?? ok;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return cluster;
}

describe('a connection from the backend', () => {
  it.each<[string, Executed, string]>([
    ['works', ok, 'ok'],
    [
      'is refused',
      psycopg(
        '(psycopg2.OperationalError) connection to server at "saveit-db" (10.0.20.14), port 5432 failed: Connection refused',
      ),
      'refused',
    ],
    ['is one too many', psycopg('FATAL:  sorry, too many clients already'), 'too-many'],
    [
      'finds only what is kept back',
      psycopg('FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute'),
      'too-many',
    ],
    ['has a wrong password', psycopg('FATAL:  password authentication failed for user "saveit"'), 'authentication'],
    [
      'has no name to go to',
      psycopg('could not translate host name "saveit-db" to address: Name or service not known'),
      'no-name',
    ],
    ['gets no answer', psycopg('connection to server at "saveit-db" (10.0.20.14), port 5432 failed: timeout expired'), 'timeout'],
    ['comes too early', psycopg('FATAL:  the database system is starting up'), 'starting'],
    ['has no python', failed('executable file not found in $PATH', 127), 'unknown'],
    ['has no such module', failed("ModuleNotFoundError: No module named 'app.core'"), 'unknown'],
    ['does not end', failed('', null), 'unknown'],
    ['is not even tried', { ...ok, stdout: '<sqlalchemy.ext.asyncio.engine.AsyncConnection object>' }, 'unknown'],
  ])('that %s', async (_, answer, reach) => {
    const progress = await oneTurn(backend({ 'backend-1': answer }), databaseConnectivity, asked);
    expect(progress).toMatchObject({ facts: { reach, tried: [{ pod: 'backend-1', reach }] } });
    expect(JSON.stringify(progress)).not.toMatch(/saveit-db|10\.0\.20/);
  });

  it('tells the one pod of three that has none', async () => {
    const cluster = backend({ 'backend-1': ok, 'backend-2': psycopg('Connection refused'), 'backend-3': ok });
    expect(await oneTurn(cluster, databaseConnectivity, asked)).toMatchObject({ facts: { reach: 'refused' } });
  });

  it('asks no pod that does not run, and says so where none does', async () => {
    expect(await oneTurn(backend({}, ['backend-1']), databaseConnectivity, asked)).toEqual({
      facts: { reach: 'unknown', words: 'no pod runs', tried: [] },
    });
  });

  it('goes on without a pod that goes meanwhile, and not without a cluster', async () => {
    const gone = backend({ 'backend-1': new ClusterFault('gone', 'not there'), 'backend-2': ok });
    expect(await oneTurn(gone, databaseConnectivity, asked)).toMatchObject({ facts: { reach: 'ok' } });
    const silent = backend({ 'backend-1': new ClusterFault('unreachable', 'no answer') });
    await expect(oneTurn(silent, databaseConnectivity, asked)).rejects.toThrow('no answer');
  });
});

describe('the words of a failure', () => {
  it('prefers what the server says to the silence of another address', () => {
    const said =
      'connection to server at "db" (::1), port 5432 failed: Connection refused\nconnection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  sorry, too many clients already';
    expect(whyNoConnection(said)).toMatchObject({ reach: 'too-many', words: expect.stringContaining('too many clients') });
  });

  it.each([
    ["Could not parse SQLAlchemy URL from string 'postgresql://saveit:secret@db/x'"],
    ['invalid dsn: postgresql://saveit:secret@db.internal.example.com/x'],
    ['FATAL: no pg_hba.conf entry for host "10.1.2.3", user "secret", database "secret", no encryption'],
    ['could not connect to secret.abc.eu-west-1.rds.amazonaws.com (fe80::1) at 10.1.2.3:5432'],
  ])('are without what a Secret may hold: %s', (line) => {
    expect(discreet(line)).not.toMatch(/secret|10\.1\.2\.3|fe80/);
  });
});
