import * as z from 'zod';
import { Page, pageKey } from '../../incident/records.ts';
import { key, OPEN_INDEX, WAITING_PAGES } from '../../incident/table.ts';
import { Conflict, type Items, read } from './items.ts';

/** A page that waits for its second, whose incident it is of, and whether it may be a repeat. */
export interface Waiting {
  incidentId: string;
  page: Page;
  again: boolean;
}

/** Beside a page that waits: the index holds those of all people, because few wait at any time. */
const HeldFor = z.object({ topic: z.string(), incidentId: z.string(), again: z.boolean() });
const Held = z.object({ heldFor: HeldFor });

/** When each person was last sent something, and what waits for them: nobody reads two mails in one second. */
export class Pacing {
  private readonly items: Items;
  constructor(items: Items) {
    this.items = items;
  }

  /**
   * Takes a person's second for one page. Taken again for the same page, it is still that page's.
   * @param by which page of which incident
   * @param since nothing was sent later than this
   */
  async take(topic: string, by: string, now: string, since: string): Promise<boolean> {
    return this.held(() =>
      this.items.update(key.pace(topic), {
        expression: 'SET #at = :now, #by = :by, v = :one',
        condition: 'attribute_not_exists(pk) OR #at <= :since OR #by = :by',
        names: { '#at': 'lastSentAt', '#by': 'by' },
        values: { ':now': now, ':by': by, ':since': since, ':one': 1 },
      }),
    );
  }

  /** Lets a page wait where whoever has the next second finds it. @returns false where another sender has it by now */
  async wait({ incidentId, page, again }: Waiting, topic: string): Promise<boolean> {
    return this.held(() =>
      this.items.update(key.page(incidentId, ...pageKey(page)), {
        expression: 'SET gsiPk = :waiting, gsiSk = :at, heldFor = :for',
        condition: 'sentAt = :none AND sending.#owner = :owner',
        names: { '#owner': 'owner' },
        values: {
          ':waiting': WAITING_PAGES,
          ':at': page.dueAt,
          ':for': { topic, incidentId, again },
          ':none': null,
          ':owner': page.sending?.owner ?? '',
        },
      }),
    );
  }

  /** What waits for a person. Eventually consistent, as an index is: what is missed has the next second. */
  async waiting(topic: string): Promise<Waiting[]> {
    return (await this.items.queryIndex(OPEN_INDEX, WAITING_PAGES)).flatMap((item) => {
      const held = Held.safeParse(item);
      if (!held.success || held.data.heldFor.topic !== topic) return [];
      const { incidentId, again } = held.data.heldFor;
      return [{ incidentId, again, page: read(Page, item) }];
    });
  }

  /** Takes a page that waits, to send it: once. From then on it may have been sent, should its sender not live to say so. */
  async claim(incidentId: string, page: Page, sending: Page['sending']): Promise<boolean> {
    return this.held(() =>
      this.items.update(key.page(incidentId, ...pageKey(page)), {
        expression: 'SET sending = :mine REMOVE gsiPk, gsiSk, heldFor',
        condition: 'sentAt = :none AND gsiPk = :waiting',
        values: { ':mine': sending, ':none': null, ':waiting': WAITING_PAGES },
      }),
    );
  }

  private async held(write: () => Promise<unknown>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      if (error instanceof Conflict) return false;
      throw error;
    }
  }
}
