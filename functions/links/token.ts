import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { iso } from '../incident/clock.ts';
import type { LinkAction, LinkRecord } from '../incident/records.ts';
import type { Surroundings } from '../surroundings.ts';

/** As many random bits as a hash of SHA-256 has: nobody guesses one, and nobody finds the token to a hash. */
const TOKEN_BYTES = 32;
/** What a token is compared with where no link has its hash. */
const NOBODYS = Buffer.alloc(32);

const digest = (token: string) => createHash('sha256').update(token).digest();

/** For whom links are made, and what for. */
export interface Wanted<A extends LinkAction> {
  incidentId: string;
  system: string;
  /** The person's name, as the contact has it; whoever comes by the link is taken for them. */
  contact: string;
  role: string;
  actions: readonly A[];
  /** ISO time from which on they do nothing. */
  until: string;
}

/**
 * Links for one person, one for each action, of which each can be used once. What is stored is the hash of its token: the links
 * that this returns are all that there is of them, and belong into that person's page, and neither into the table nor into a log.
 * Made again, they are other links, and those that were made before still work.
 *
 * @param random so many random bytes
 * @returns URLs by action; empty where the deployment has no public way in
 */
export async function makeLinks<A extends LinkAction>(
  around: Pick<Surroundings, 'clock' | 'config' | 'store'>,
  { actions, ...whose }: Wanted<A>,
  random: (bytes: number) => Buffer = randomBytes,
): Promise<ReadonlyMap<A, string>> {
  const base = around.config.linksUrl?.replace(/\/+$/, '');
  if (base === undefined) return new Map();
  const madeAt = iso(around.clock.now());
  const made = actions.map((action) => ({ action, token: random(TOKEN_BYTES).toString('base64url') }));
  await around.store.links.make(
    made.map(({ action, token }) => ({
      v: 1,
      hash: digest(token).toString('base64url'),
      ...whose,
      action,
      madeAt,
      held: null,
      usedAt: null,
    })),
  );
  return new Map(made.map(({ action, token }) => [action, `${base}/l/${token}`]));
}

/**
 * The link to a token. Whatever is wrong with it takes the same way and gives the same answer: that no link has it, that it was
 * changed on its way, that its time is over, that it was used.
 *
 * @param token as it came: anything at all
 * @returns nothing for a link that does nothing (any more)
 */
export async function linkOf(
  { store, clock }: Pick<Surroundings, 'store' | 'clock'>,
  token: string,
): Promise<LinkRecord | undefined> {
  const hash = digest(token);
  const link = await store.links.get(hash.toString('base64url'));
  const same = timingSafeEqual(hash, link ? Buffer.from(link.hash, 'base64url') : NOBODYS);
  const stands = link !== undefined && link.usedAt === null && link.until > iso(clock.now());
  return same && stands ? link : undefined;
}
