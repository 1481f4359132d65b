import type { Cluster, ClusterTurn } from '../language/cluster.ts';
import { discreet, type NoReach, whyNoConnection } from './connection-failures.ts';
import { failureOf, type Job, jobs } from './jobs.ts';
import { type Pod, pods } from './kinds.ts';
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
  const name = await jobName(turn.key);
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

/** The same for the same step. A key has letters that a name may not have, and more of them. */
async function jobName(key: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  const hex = Array.from(new Uint8Array(digest).slice(0, 10), (byte) => byte.toString(16).padStart(2, '0'));
  return `firebreak-psql-${hex.join('')}`;
}
