import { Writable } from 'node:stream';
import { Exec, type KubeConfig } from '@kubernetes/client-node';
import * as z from 'zod';
import { ClusterFault, type Executed } from '../../../runbooks/language/cluster.ts';
import { faultOf, noAnswer } from './answers.ts';

/** What is kept of each stream: a program that talks without end must not fill the memory. Bytes. */
const MOST_BYTES = 200_000;
/** How a program ended, as the API tells it on a channel of its own. */
const Ended = z.object({
  status: z.string(),
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z
    .object({ causes: z.array(z.object({ reason: z.string().default(''), message: z.string().default('') })).default([]) })
    .optional(),
});
/** `ws` says a handshake that was answered otherwise only in words. */
const UNEXPECTED = /Unexpected server response: (\d+)/;
const GONE = /not found|is not running|no such container|container not created/i;
/** The runtime's words for a program that is not there; a shell would say 127. */
const NO_PROGRAM = /executable file not found|no such file or directory/i;

/**
 * Runs a program in a container, over a WebSocket, without a terminal and without input.
 * @param limitMs when it is left to itself: the API has no way to end it
 * @throws {ClusterFault} when it could not be run, or nobody can say how it ended
 */
export async function execute(
  config: KubeConfig,
  { namespace, pod, container }: { namespace: string; pod: string; container: string },
  command: readonly string[],
  limitMs: number,
): Promise<Executed> {
  const what = `exec in ${pod}`;
  const [stdout, stderr] = [collected(), collected()];
  const outcome = Promise.withResolvers<z.output<typeof Ended> | 'late'>();
  const late = setTimeout(() => outcome.resolve('late'), limitMs);
  try {
    const socket = await new Exec(config)
      .exec(namespace, pod, container, [...command], stdout.stream, stderr.stream, null, false, (status) => {
        // Nobody catches what is thrown in here: it would end the process.
        const read = Ended.safeParse(status);
        if (read.success) outcome.resolve(read.data);
        else outcome.reject(new ClusterFault('refused', `${what}: how it ended cannot be read`));
      })
      .catch((error: unknown) => {
        throw refusal(what, error);
      });
    socket.onclose = () =>
      outcome.reject(new ClusterFault('unreachable', `${what}: the connection ended before the program did`));
    const ended = await outcome.promise;
    socket.close();
    return { exitCode: ended === 'late' ? null : exitCode(what, ended), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    clearTimeout(late);
  }
}

function exitCode(what: string, { status, message, reason, details }: z.output<typeof Ended>): number {
  if (status === 'Success') return 0;
  const code = details?.causes.find((cause) => cause.reason === 'ExitCode')?.message;
  if (reason === 'NonZeroExitCode' && code !== undefined) return Number(code);
  if (NO_PROGRAM.test(message)) return 127;
  throw new ClusterFault(GONE.test(message) ? 'gone' : 'refused', `${what}: ${message}`);
}

/** The handshake was refused: the status says why, its body is not to be had. */
function refusal(what: string, error: unknown): ClusterFault {
  // The client rejects with an event of its WebSocket, whose `message` is the error's.
  const words = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  const status = Number(UNEXPECTED.exec(words)?.[1] ?? 0);
  if (status === 404) return new ClusterFault('gone', `${what}: the pod is not there any more`);
  return status > 0 ? faultOf(what, status, '') : noAnswer(what, error instanceof Error ? error : new Error(words));
}

function collected() {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (bytes < MOST_BYTES) chunks.push(chunk);
      bytes += chunk.length;
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8').slice(0, MOST_BYTES) };
}
