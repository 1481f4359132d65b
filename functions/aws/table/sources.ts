import { createHash } from 'node:crypto';
import type { Signal } from '../../../runbooks/language/signal.ts';
import { Claim, type SourceState } from '../../incident/claim.ts';
import { between } from '../../incident/clock.ts';
import type { Item } from './items.ts';

/** How a claim keeps what each of its sources said: each is an attribute of its own, so that one write touches one. */
const SOURCE = 'source#';
/** A longer id is kept in its source, under the hash of it: an attribute's name is paid for with every source. */
const LONGEST_NAME = 64;
/**
 * Far below the 400 KB of an item. What a 51st source says is kept under one name with all that come after it: as long as one
 * of them has fired, the claim is not clear by itself.
 */
const MOST_SOURCES = 50;
export const OVERFLOW = 'overflow';
/** A source that has been clear for so long needs no tombstone: no firing that it overtook is still under way. */
const FORGOTTEN_MS = 24 * 3_600_000;

/** The name of the attribute in which a source is kept. */
export function attributeOf(id: string): string {
  return SOURCE + (id.length > LONGEST_NAME ? createHash('sha256').update(id).digest('base64url') : id);
}

/** The item as a record, in which the sources are a list. */
export function gathered(item: Item): Item {
  const sources = Object.entries(item)
    .filter(([name]) => name.startsWith(SOURCE))
    .map(([, value]) => value);
  return { ...item, sources };
}

export const toClaim = (item: Item): Claim => Claim.parse(gathered(item));

/** Whether a claim has as many sources as it may, and this is none of them. */
export function isOneTooMany(claim: Claim, id: string): boolean {
  const known = claim.sources.filter((source) => source.id !== OVERFLOW);
  return known.length >= MOST_SOURCES && !known.some((source) => source.id === id);
}

/** Whether a claim's incident has counted this message of the source already: the queue delivers it again. */
export function isToldAgain({ incidentId, sources }: Claim, { source }: Signal, message: string | undefined): boolean {
  if (incidentId === undefined || message === undefined) return false;
  return sources.some((one) => (one.id === source.id || one.id === OVERFLOW) && one.message === message);
}

/** The signal as one of the many that share a name. Its alarm is left out: asking one says nothing of the others. */
export function asOverflow(signal: Signal): Signal {
  const { alarmName: _one, ...source } = signal.source;
  return { ...signal, source: { ...source, id: OVERFLOW } };
}

/** Sources that a claim need not keep between incidents: the overflow, and those that have been clear for long. */
export function forgettable(claim: Claim): SourceState[] {
  return claim.sources.filter((source) => source.id === OVERFLOW || isForgotten(source, claim));
}

/** By the newest that any source said: what is written down does not depend on when it is read. */
function isForgotten({ status, receivedAt }: SourceState, { sources }: Claim): boolean {
  return status === 'cleared' && sources.some((other) => between(receivedAt, other.receivedAt) > FORGOTTEN_MS);
}
