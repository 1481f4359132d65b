import * as z from 'zod';
import { ClusterFault, type ClusterFaultKind } from '../../../runbooks/language/cluster.ts';

/** What the API says when it does not do what it was asked: a `Status`. */
const Status = z.object({
  message: z.string().default(''),
  details: z
    .object({ causes: z.array(z.object({ field: z.string().default(''), reason: z.string().default('') })).default([]) })
    .default({ causes: [] }),
});
/** More than this of what it says helps nobody. */
const MOST_WORDS = 300;

const KINDS: Readonly<Record<number, ClusterFaultKind>> = {
  401: 'unauthorized',
  403: 'forbidden',
  409: 'conflict',
  429: 'throttled',
};

/**
 * @param what was asked, for the person who reads it: `patch deployments/saveit-backend`
 * @param body of an answer whose status says that it was not done
 */
export function faultOf(what: string, status: number, body: string): ClusterFault {
  const said = Status.safeParse(json(body));
  const message = (said.success && wordsOf(status, said.data)) || body.trim();
  const kind = KINDS[status] ?? (status >= 500 ? 'unreachable' : 'refused');
  return new ClusterFault(kind, `${what}: the cluster answered ${status}${message ? `: ${message.slice(0, MOST_WORDS)}` : ''}`);
}

/** An object that is refused is repeated in the message, with the values of its environment: then only the fields are told. */
function wordsOf(status: number, { message, details: { causes } }: z.output<typeof Status>): string {
  if (status !== 422) return message;
  return causes.map(({ field, reason }) => `${field} (${reason})`).join(', ') || 'it is invalid';
}

/** No answer at all. The cause says why: ECONNREFUSED, a certificate's fault. */
export function noAnswer(what: string, error: unknown): ClusterFault {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const words = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new ClusterFault('unreachable', `${what}: the cluster did not answer: ${words}`);
}

/** @returns `undefined` for what is no JSON */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
