import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cluster, ClusterFault, type ClusterRule } from '../../../runbooks/language/cluster.ts';
import { BACKEND, NAMESPACE } from '../../cluster/fixtures/saveit.ts';
import { podHasLogged, podRuns } from '../../cluster/pods.ts';
import { identity, podsOf, type Stage } from './stage.ts';

const CONTAINER = 'backend';
const RIGHTS: ClusterRule[] = [
  { group: '', resource: 'pods', verbs: ['get', 'list'] },
  { group: '', resource: 'pods/log', verbs: ['get'] },
  // The WebSocket's handshake is a GET, and from Kubernetes 1.35 on it needs `create` as well.
  { group: '', resource: 'pods/exec', verbs: ['get', 'create'] },
];
/** Says who it is, and ends as it was told to. */
const TOOL = `#!/bin/sh
echo "I am $HOSTNAME, my broker is $BROKER"
echo "asked: $*" >&2
exit "\${1:-0}"
`;

/** What a runbook reads and runs in pods: through the API server to the kubelet, with the responder's own adapter. */
export async function insidePods(stage: Stage): Promise<void> {
  const { results, plane } = stage;
  const { cluster } = await identity(stage, 'insidepods', RIGHTS);
  const [one, two] = await podsOf(stage, BACKEND);
  if (!one || !two) throw new Error('the backend has no two pods');
  await logs(stage, cluster, one.name);

  const tool = join(plane.tools, 'ask-the-broker');
  writeFileSync(tool, TOOL);
  chmodSync(tool, 0o755);
  await podRuns(plane, { namespace: NAMESPACE, name: one.name }, { BROKER: 'open' });
  await podRuns(plane, { namespace: NAMESPACE, name: two.name }, { BROKER: 'closed' });
  const run = (pod: string, ...command: string[]) => cluster.exec(pod, CONTAINER, command, '30s');
  const answer = { exitCode: 0, stdout: `I am ${one.name}, my broker is open\n`, stderr: 'asked: \n' };
  results.equal('exec gives back both streams', await run(one.name, 'ask-the-broker'), answer);
  const other = await run(two.name, 'ask-the-broker', '3', 'times');
  const expected = { exitCode: 3, stdout: `I am ${two.name}, my broker is closed\n`, stderr: 'asked: 3 times\n' };
  results.equal('and the exit code of the program, in the pod that was asked', other, expected);
  results.equal('a program that is not there is 127', (await run(one.name, 'no-such-program')).exitCode, 127);
  results.equal(
    'one that takes too long has no exit code',
    (await cluster.exec(one.name, CONTAINER, ['sleep', '20'], '1s')).exitCode,
    null,
  );
  const long = await run(one.name, 'seq', '1', '20000');
  results.holds('long output comes whole', long.stdout.endsWith('19999\n20000\n'));
  results.equal('a pod that is not there is gone', await fault(run('saveit-backend-gone', 'true')), 'gone');
}

async function logs(stage: Stage, cluster: Cluster, pod: string): Promise<void> {
  const { results, plane } = stage;
  const line = (minutes: number, text: string) => ({ at: new Date(Date.now() - minutes * 60_000), text });
  const now = [line(30, 'started'), line(20, 'FATAL: too many connections'), line(1, 'ready')];
  await podHasLogged(plane, { namespace: NAMESPACE, name: pod }, now, [line(40, 'Killed')]);
  const read = (query: object) => cluster.logs(pod, { container: CONTAINER, lines: 100, ...query });
  results.equal('the log of a container', await read({}), 'started\nFATAL: too many connections\nready\n');
  results.equal('its last line', await read({ lines: 1 }), 'ready\n');
  results.equal('not older than five minutes', await read({ sinceSeconds: 300 }), 'ready\n');
  results.equal('the one before it was restarted', await read({ previous: true }), 'Killed\n');
  results.equal('of a container that is not there', await read({ container: 'sidecar' }), undefined);
  results.equal('of a pod that is not there', await cluster.logs('saveit-backend-gone', { lines: 1 }), undefined);
}

export async function fault(asked: Promise<unknown>): Promise<string> {
  return await asked.then(
    () => 'no fault',
    (error: unknown) => (error instanceof ClusterFault ? error.kind : String(error)),
  );
}
