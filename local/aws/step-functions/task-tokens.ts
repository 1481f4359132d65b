import { ServiceError } from '../protocol/service.ts';
import { TaskError } from './task-error.ts';

/** The tokens that a person's answer can come back with. They are secrets: never written to a history or a log. */
export interface TaskTokens {
  issue(): { token: string; answer: Promise<unknown> };
  /** After this the token is worth nothing. */
  withdraw(token: string): void;
  succeed(token: string, output: string): void;
  fail(token: string, error: string, cause: string): void;
  heartbeat(token: string): void;
}

const MADE_HERE = 'firebreak-local-task:';

/** Tokens live as long as the process: an execution that a restart interrupted is aborted, and its tokens with it. */
export function createTaskTokens(ids: () => string): TaskTokens {
  const waiting = new Map<string, PromiseWithResolvers<unknown>>();

  const find = (token: string) => {
    const found = waiting.get(token);
    if (found) return found;
    if (!token.startsWith(MADE_HERE)) throw new ServiceError('InvalidToken', "Invalid Token: 'Invalid token'");
    throw new ServiceError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  };
  return {
    issue: () => {
      const token = MADE_HERE + ids() + ids();
      const answer = Promise.withResolvers<unknown>();
      // An answer that nobody waits for any more is no error.
      answer.promise.catch(() => {});
      waiting.set(token, answer);
      return { token, answer: answer.promise };
    },
    withdraw: (token) => waiting.delete(token),
    succeed: (token, output) => {
      const { resolve } = find(token);
      resolve(parseOutput(output));
      waiting.delete(token);
    },
    fail: (token, error, cause) => {
      find(token).reject(new TaskError(error, cause));
      waiting.delete(token);
    },
    heartbeat: (token) => void find(token),
  };
}

function parseOutput(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    throw new ServiceError('InvalidOutput', `Invalid Output: "${output}" is not JSON`);
  }
}
