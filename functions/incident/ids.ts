import { createHash } from 'node:crypto';

/** Crockford's base 32: no letter is taken for a digit when it is read out over the phone. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * An id that follows from what it stands for, so that an attempt that is repeated makes the same one.
 * 12 characters, 60 bits: among a million incidents two are alike with a chance of one in two million.
 */
export function idFrom(...parts: string[]): string {
  const digest = createHash('sha256').update(parts.join('\n')).digest();
  return Array.from(digest.subarray(0, 12), (byte) => LETTERS[byte % 32]).join('');
}

/**
 * The incident in which the story of a run by hand is kept. It follows from the execution, so that whoever starts one
 * knows where to look before the first state has run.
 */
export function incidentOfExecution(executionArn: string): string {
  return idFrom('manual', executionArn);
}
