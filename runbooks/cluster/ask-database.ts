import type { Cluster, ClusterTurn } from '../language/cluster.ts';
import { discreet, type NoReach, whyNoConnection } from './connection-failures.ts';
import { type Job, jobs, type Pod, pods } from './kinds.ts';
import { nameFromKey } from './name-from-key.ts';
import { isConfigurationFault, isImageFault } from './pods.ts';
import { CONTAINER, type Database, jobLabel, psqlJob, type Question, STEP } from './psql-job.ts';

/** What became of a question: not yet, the lines of JSON that were answered, made one, or why there are none. */
export type Reply =
  | { is: 'waiting'; waitsFor: string }
  | { is: 'answered'; answer: Record<string, unknown> }
  | { is: 'silent'; reach: NoReach; words: string };

/** psql's own exit code for a connection that it did not get, or lost. Source: psql(1), EXIT STATUS. */
const NO_CONNECTION = 2;
const MOST_LINES = 100;

/**
 * Asks PostgreSQL from inside the cluster, in a Job that is made once a step, found again at its next turn, and removed when its
 * answer is read, whatever that is. Asked again under the same key after that, as after a crash, it asks anew.
 */
export async function askDatabase(cluster: Cluster, turn: ClusterTurn, database: Database, question: Question): Promise<Reply> {
  const name = nameFromKey('psql', turn.key);
  const job = await cluster.get(jobs, name);
  if (!job) {
    await cluster.create(jobs, psqlJob(name, turn.key, database, question));
    return { is: 'waiting', waitsFor: `the Job ${name} begins` };
  }
  if (job.metadata.annotations[STEP] !== turn.key)
    throw new Error(`there is a Job ${name} in ${cluster.namespace} already, and it is not of this step`);
  if (job.metadata.deletionTimestamp) return { is: 'waiting', waitsFor: `an older Job ${name} goes` };
  const [pod] = await cluster.list(pods, jobLabel(name));
  const reply = await read(cluster, job, pod);
  if (reply.is !== 'waiting') await cluster.remove(jobs, name);
  return reply;
}

async function read(cluster: Cluster, job: Job, pod: Pod | undefined): Promise<Reply> {
  const status = pod?.status.containerStatuses.find(({ name }) => name === CONTAINER);
  const end = status?.state.terminated;
  // The pod's end is enough: its Job hears of it later.
  if (pod && end)
    return replyOf(
      end.exitCode,
      end.reason,
      (await cluster.logs(pod.metadata.name, { container: CONTAINER, lines: MOST_LINES })) ?? '',
    );
  const failure = failureOf(job);
  if (failure) return unknown(`the Job did not end in its time: ${failure}`);
  const waiting = status?.state.waiting;
  if (waiting && (isImageFault(waiting.reason) || isConfigurationFault(waiting.reason)))
    return unknown(`the Job cannot begin: ${waiting.reason}${waiting.message ? `: ${waiting.message}` : ''}`);
  return { is: 'waiting', waitsFor: `the Job ${job.metadata.name}: ${waiting?.reason || pod?.status.phase || 'no pod yet'}` };
}

const unknown = (words: string): Reply => ({ is: 'silent', reach: 'unknown', words: discreet(words) });

function replyOf(exitCode: number, reason: string, log: string): Reply {
  if (exitCode === NO_CONNECTION) return { is: 'silent', ...whyNoConnection(log) };
  if (exitCode !== 0) {
    const { words } = whyNoConnection(log);
    return unknown(`psql ended with ${exitCode}${reason && reason !== 'Error' ? ` (${reason})` : ''}: ${words}`);
  }
  const lines = log.split('\n').flatMap((line) => object(line) ?? []);
  return lines.length > 0
    ? { is: 'answered', answer: Object.assign({}, ...lines) }
    : unknown('psql ended well and answered nothing');
}

/** A statement answers with a line of JSON; notices are none. */
function object(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Why it ended without success, in its controller's words; `undefined` while it has not. */
function failureOf({ status }: Job): string | undefined {
  const failed = status.conditions.find(({ type, status: is }) => type === 'Failed' && is === 'True');
  return failed && `${failed.reason || 'Failed'}${failed.message ? `: ${failed.message}` : ''}`;
}
