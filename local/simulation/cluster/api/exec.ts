import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SimulatedCluster } from '../cluster.ts';
import { type Ended, NoSuchProgram } from '../inside/program.ts';
import { runProgram } from '../inside/programs.ts';
import { PODS } from '../kinds.ts';
import type { Pod } from '../objects.ts';
import { containerOf } from './logs.ts';
import { notFound, Problem } from './problem.ts';
import type { ApiRequest, Place } from './request.ts';
import { accept } from './websocket.ts';

/** The first byte of each message says which stream it is of. */
const [STDOUT, STDERR, STATUS] = [1, 2, 3];
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/**
 * `pods/<name>/exec` over a WebSocket. Input is not read: no program of the simulation waits for any.
 * @throws {Problem} before the handshake, where there is no such pod or container, or it does not run
 */
export async function exec(
  cluster: SimulatedCluster,
  request: ApiRequest,
  place: Place,
  incoming: IncomingMessage,
  socket: Duplex,
): Promise<void> {
  const { query } = request;
  const pod = runningPod(cluster, place, query.get('container'));
  const offered = (incoming.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
  const protocol = PROTOCOLS.find((one) => offered.includes(one));
  const channel = protocol && accept(incoming, socket, protocol);
  if (!channel) throw new Problem('BadRequest', `exec is over a WebSocket, with one of ${PROTOCOLS.join(', ')}`);
  const say = (stream: number, text: string) => {
    if (text !== '') channel.send(Buffer.concat([Buffer.from([stream]), Buffer.from(text)]));
  };
  const ended = carriedOut(cluster, pod, query.getAll('command'));
  if ('failure' in ended) say(STATUS, JSON.stringify(ended.failure));
  else {
    const { clock } = cluster.parts;
    const slept = ended.seconds ? clock.sleep(ended.seconds * 1_000) : undefined;
    if (slept) await (clock.resting?.(slept) ?? slept);
    if (query.get('stdout') !== 'false') say(STDOUT, ended.stdout);
    if (query.get('stderr') !== 'false') say(STDERR, ended.stderr);
    say(STATUS, JSON.stringify(statusOf(ended.exitCode)));
  }
  await channel.close();
}

function runningPod({ store }: SimulatedCluster, { namespace, name = '' }: Place, container: string | null): Pod {
  const pod = store.get(PODS, namespace, name);
  if (!pod) throw notFound(PODS, name);
  const asked = containerOf(pod, container);
  if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed')
    throw new Problem('BadRequest', `cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`);
  if (!pod.status.containerStatuses.some(({ name, state }) => name === asked && state.running))
    throw new Problem('InternalError', `unable to upgrade connection: container not found ("${asked}")`);
  return pod;
}

function carriedOut(cluster: SimulatedCluster, pod: Pod, command: string[]): Ended | { failure: object } {
  try {
    return runProgram(cluster, pod, command);
  } catch (error) {
    if (!(error instanceof NoSuchProgram)) throw error;
    // containerd can't start it, which is no exit code: kubectl shows an internal error.
    const message = `error executing command in container: failed to exec in container: OCI runtime exec failed: exec failed: unable to start container process: exec: "${error.message}": executable file not found in $PATH: unknown`;
    return { failure: new Problem('InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] }).status() };
  }
}

function statusOf(exitCode: number): object {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  const causes = [{ reason: 'ExitCode', message: String(exitCode) }];
  const message = `command terminated with non-zero exit code: exit status ${exitCode}`;
  return { metadata: {}, status: 'Failure', message, reason: 'NonZeroExitCode', details: { causes } };
}
