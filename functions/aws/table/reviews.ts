import { Review } from '../../incident/review.ts';
import { FINISHED_REVIEWS, key, OPEN_INDEX, OPEN_REVIEWS } from '../../incident/table.ts';
import { readEach, type Unreadable } from './incidents.ts';
import { Conflict, type Item, type Items, read as readOne } from './items.ts';

/** The most that one call asks for. */
const BATCH = 100;
/** One that is due on no day yet, because its incident is not over, stands behind those that are. */
const UNDATED = 'undated';

/** What people write about an incident when it is over, one review an incident. */
export class Reviews {
  private readonly items: Items;
  constructor(items: Items) {
    this.items = items;
  }

  /** @returns false where it was begun before: that one stays as it is */
  async begin(review: Review): Promise<boolean> {
    try {
      await this.items.put(key.review(review.incidentId), stored(review), true);
      return true;
    } catch (error) {
      if (error instanceof Conflict) return false;
      throw error;
    }
  }

  async get(incidentId: string): Promise<Review | undefined> {
    const item = await this.items.get(key.review(incidentId));
    return item && readOne(Review, item);
  }

  /** Those of these incidents that have been begun. @throws {ZodError} for one that is none of ours, unless it is handed over as unreadable */
  async among(incidentIds: readonly string[], unreadable?: Unreadable): Promise<Review[]> {
    const found: Item[] = [];
    for (let at = 0; at < incidentIds.length; at += BATCH) {
      const items = await this.items.batchGet(incidentIds.slice(at, at + BATCH).map(key.review));
      found.push(...items.filter((item) => item !== undefined));
    }
    return readEach(Review, found, unreadable);
  }

  /**
   * Replaces a review.
   * @param read the version that was read before
   * @throws {Conflict} where somebody else has written in between: theirs stays
   */
  async save(review: Review, read: number): Promise<void> {
    const fields = Object.entries(stored(review));
    await this.items.update(key.review(review.incidentId), {
      expression: `SET ${fields.map((_, at) => `#f${at} = :f${at}`).join(', ')}`,
      condition: '#version = :was',
      names: { '#version': 'version', ...Object.fromEntries(fields.map(([name], at) => [`#f${at}`, name])) },
      values: { ':was': read, ...Object.fromEntries(fields.map(([, value], at) => [`:f${at}`, value])) },
    });
  }

  /** Those that are being written, the one that is due first at the top. @param unreadable takes what is none of our records; without it, that throws */
  async open(unreadable?: Unreadable): Promise<Review[]> {
    return readEach(Review, await this.items.queryIndex(OPEN_INDEX, OPEN_REVIEWS), unreadable);
  }

  /** The last that were finished, the latest first. What is none of our records is passed over. */
  async finished(most: number): Promise<Review[]> {
    return readEach(Review, await this.items.queryLatest(OPEN_INDEX, FINISHED_REVIEWS, most), () => undefined);
  }
}

function stored(review: Review): Item {
  const parsed = Review.parse(review);
  return parsed.state === 'draft'
    ? { ...parsed, gsiPk: OPEN_REVIEWS, gsiSk: parsed.due ?? `${UNDATED}#${parsed.begunAt}` }
    : { ...parsed, gsiPk: FINISHED_REVIEWS, gsiSk: parsed.finishedAt };
}
