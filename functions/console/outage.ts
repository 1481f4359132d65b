import { log } from '../log.ts';
import { absent, errorBody, type Fault, Rejected, type RejectedStatus } from './rejected.ts';

/** Says nothing of what broke: that is in the log. An outage is never told as an absence. */
const OUTAGE = { error: { field: '', expected: '', message: 'Firebreak could not do this now: its log says why. Try again.' } };

export const nothingAt = (path: string) => absent('path', 'an address that is known', `there is nothing at ${path}`);

/** What the API answers where something was thrown: the body, and the status beside it. */
export function errorAnswer(error: unknown): [{ error: Fault }, RejectedStatus | 500] {
  return error instanceof Rejected ? [errorBody(error), error.status] : [OUTAGE, 500];
}

export function logOutage({ method, path }: { method: string; path: string }, error: Error): void {
  if (!(error instanceof Rejected)) log.error(`${method} ${path} failed`, error);
}
