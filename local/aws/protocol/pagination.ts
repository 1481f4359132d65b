import { ServiceError } from './service.ts';

/**
 * One page of a list. The token says where the next one begins; it means nothing to the caller.
 * @throws {ServiceError} `InvalidNextToken` (or the service's own code) for a token that was never given out
 */
export function page<T>(
  items: readonly T[],
  size: number,
  token: string | undefined,
  invalidToken = 'InvalidNextToken',
): { items: T[]; next: string | undefined } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Number.isInteger(from) || from < 0) throw new ServiceError(invalidToken, `"${token}" is not a token of this list`);
  const end = from + size;
  return { items: items.slice(from, end), next: end < items.length ? Buffer.from(String(end)).toString('base64url') : undefined };
}
