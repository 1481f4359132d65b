import type { Clock } from '../../../../functions/incident/clock.ts';
import { Problem } from './problem.ts';

/** The token for a person's own client, which the documentation names. It opens nothing but the simulation. */
export const TOKEN_BY_HAND = 'firebreak-local';

/** EKS takes a token for a quarter of an hour, and clocks differ a little. Milliseconds. */
const VALID = 15 * 60_000;
const SKEW = 5 * 60_000;
const PREFIX = 'k8s-aws-v1.';

/**
 * EKS' own check of who asks, but for the signature, which nothing here could verify: the token is a presigned
 * GetCallerIdentity that names a cluster, not older than a quarter of an hour by the simulation's clock or by the machine's, which
 * signs. No token at all is a person at this machine: kubectl sends none to an address without TLS, as behind `kubectl proxy`.
 * @throws {Problem} Unauthorized
 */
export function checkToken(authorization: string | undefined, clock: Clock): void {
  if (authorization === undefined) return;
  const token = /^Bearer (.+)$/.exec(authorization)?.[1] ?? '';
  if (token === TOKEN_BY_HAND) return;
  const times = token.startsWith(PREFIX) ? [clock.now().getTime(), Date.now()] : [];
  if (!times.some((now) => isValid(Buffer.from(token.slice(PREFIX.length), 'base64url').toString('utf8'), now)))
    throw new Problem('Unauthorized', 'Unauthorized');
}

function isValid(presigned: string, now: number): boolean {
  if (!URL.canParse(presigned)) return false;
  const { hostname, searchParams } = new URL(presigned);
  const sent = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(searchParams.get('X-Amz-Date') ?? '');
  if (!sent) return false;
  const [year = 0, month = 1, ...rest] = sent.slice(1).map(Number);
  const age = now - Date.UTC(year, month - 1, ...rest);
  return (
    hostname.startsWith('sts.') &&
    searchParams.get('Action') === 'GetCallerIdentity' &&
    (searchParams.get('X-Amz-SignedHeaders') ?? '').split(';').includes('x-k8s-aws-id') &&
    age > -SKEW &&
    age < VALID
  );
}
