import { LinkRecord } from '../../incident/records.ts';
import { key } from '../../incident/table.ts';
import { Conflict, type Items, read } from './items.ts';

/** The links in pages, each under the hash of its token. */
export class Links {
  private readonly items: Items;
  constructor(items: Items) {
    this.items = items;
  }

  /** All links of a page: one call for up to 25. */
  async make(links: readonly LinkRecord[]): Promise<void> {
    await this.items.putAll(links.map((link) => ({ key: key.token(link.hash), item: LinkRecord.parse(link) })));
  }

  async get(hash: string): Promise<LinkRecord | undefined> {
    const item = await this.items.get(key.token(hash));
    return item && read(LinkRecord, item);
  }

  /**
   * Whoever acts by a link holds it first, so that of two who come at once one acts.
   * @param by tells one attempt from another
   * @throws {Conflict} when it is held by another, was used, or its time is over
   */
  async hold(hash: string, by: string, now: string, until: string): Promise<void> {
    await this.items.update(key.token(hash), {
      expression: 'SET held = :held',
      condition: 'attribute_exists(pk) AND usedAt = :none AND #until > :now AND (held = :none OR held.#until <= :now)',
      names: { '#until': 'until' },
      values: { ':held': { by, until }, ':now': now, ':none': null },
    });
  }

  /** It has done what it was for, and does nothing any more. */
  async use(hash: string, by: string, now: string): Promise<void> {
    await this.ofHolder(hash, by, 'SET usedAt = :now, held = :none', { ':now': now, ':none': null });
  }

  /** It has not done what it was for: it can be used again at once. */
  async letGo(hash: string, by: string): Promise<void> {
    await this.ofHolder(hash, by, 'SET held = :none', { ':none': null });
  }

  /** Changes nothing where another attempt holds it by now: what becomes of it is theirs. */
  private async ofHolder(hash: string, by: string, expression: string, values: Record<string, unknown>): Promise<void> {
    try {
      await this.items.update(key.token(hash), {
        expression,
        condition: 'held.#by = :by',
        names: { '#by': 'by' },
        values: { ...values, ':by': by },
      });
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}
