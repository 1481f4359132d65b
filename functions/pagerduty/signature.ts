import { createHmac, timingSafeEqual } from 'node:crypto';

/** While a secret is changed there are two; more than a few are an attempt to be let in by chance. */
const MOST_SIGNATURES = 10;
const V1 = /^v1=([0-9a-f]{64})$/i;

/** Whether a header may be a signature at all: what can't be is turned away before the secret is asked for. */
export const mayBeSignature = (header: string | undefined): header is string => signaturesIn(header).length > 0;

/**
 * Whether PagerDuty signed a body: `X-PagerDuty-Signature` has one or several `v1=` and the hex HMAC-SHA256 of the body as it came.
 * All of them are compared, each in constant time.
 */
export function isSigned(body: Uint8Array, header: string, secret: string): boolean {
  const ours = createHmac('sha256', secret).update(body).digest();
  return signaturesIn(header)
    .map((theirs) => timingSafeEqual(ours, theirs))
    .includes(true);
}

function signaturesIn(header: string | undefined): Buffer[] {
  const parts = (header ?? '').split(',', MOST_SIGNATURES + 1);
  if (parts.length > MOST_SIGNATURES) return [];
  return parts.flatMap((part) => {
    const hex = V1.exec(part.trim())?.[1];
    return hex ? [Buffer.from(hex, 'hex')] : [];
  });
}
