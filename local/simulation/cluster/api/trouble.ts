import type { World } from '../fault.ts';
import { Problem } from './problem.ts';

/** A client that is told to wait gets through at its next try: of so many requests one does. */
const THROUGH = 3;
/** It goes when what was changed has been done, and before that is looked at; and comes back within a verification's time. */
const AWAY_AFTER = 45_000;
const AWAY_UNTIL = 4 * 60_000;

/** What can be wrong with the API server itself. It counts requests, so that nothing depends on chance. */
export class ApiTrouble {
  readonly #world: World;
  #requests = 0;
  /** When something was changed for the first time. */
  #changedAt: number | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * @returns whether the answer is to break off half-way
   * @throws {Problem} what the server says instead of an answer
   */
  meet(method: string, isReview: boolean): boolean {
    const troubles = this.#world.active().flatMap(({ fault }) => fault.api ?? []);
    this.#requests += 1;
    if (troubles.includes('forgets')) throw new Problem('Unauthorized', 'Unauthorized');
    if (troubles.includes('throttles') && this.#requests % THROUGH !== 0)
      throw new Problem('TooManyRequests', 'too many requests, please try again later', { retryAfterSeconds: 1 });
    if (troubles.includes('forbids') && !isReview && !this.allows(method))
      throw new Problem('Forbidden', 'forbidden: User "firebreak" cannot change resources in the namespace "saveit"');
    if (troubles.includes('leaves') || troubles.includes('stays away')) {
      const since = this.#changedAt === undefined ? -1 : this.#world.now - this.#changedAt;
      if (since >= AWAY_AFTER && (since < AWAY_UNTIL || troubles.includes('stays away'))) return true;
      if (method === 'PATCH') this.#changedAt ??= this.#world.now;
    }
    return troubles.includes('cuts') && this.#requests % 2 === 1;
  }

  /** By the method of a request, or by the verb of a review. */
  allows(verb: string): boolean {
    const reads = ['GET', 'HEAD', 'get', 'list', 'watch'].includes(verb);
    return reads || !this.#world.active().some(({ fault }) => fault.api === 'forbids');
  }
}
