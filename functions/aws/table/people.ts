import * as z from 'zod';
import type { Actor } from '../../incident/actor.ts';
import { Approval, Page, PagerdutyAlert, pageKey } from '../../incident/records.ts';
import { everythingOf, incidentOfKey, key, OPEN_INDEX, SENT_PAGES } from '../../incident/table.ts';
import { readEach, type Unreadable } from './incidents.ts';
import { Conflict, type Items, read } from './items.ts';

/** A page that went out, and whose incident it is of. */
export const SentPage = Page.extend({ pk: z.string(), sentAt: z.iso.datetime() }).transform(({ pk, ...page }) => ({
  ...page,
  incidentId: incidentOfKey(pk),
}));

/** Questions to people, and pages that are due to them. */
export class People {
  private readonly items: Items;
  constructor(items: Items) {
    this.items = items;
  }

  /** Asks, or asks again with the new task token of a repeated state. A decision that was made stays. */
  async ask(approval: Approval): Promise<Approval> {
    try {
      await this.items.put(key.approval(approval.incidentId, approval.id), Approval.parse(approval), true);
      return approval;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
    const item = await this.items.update(key.approval(approval.incidentId, approval.id), {
      expression: 'SET #token = :token',
      names: { '#token': 'token' },
      values: { ':token': approval.token },
    });
    return read(Approval, item);
  }

  /**
   * Records a decision, once.
   * @throws {Conflict} when one was made before, or its time is over
   */
  async decide(
    incidentId: string,
    id: string,
    decision: 'approved' | 'denied',
    by: Actor,
    reason: string,
    now: string,
  ): Promise<Approval> {
    const item = await this.items.update(key.approval(incidentId, id), {
      expression: 'SET decision = :decision, decidedAt = :now, decidedBy = :by, reason = :reason',
      condition: 'attribute_exists(pk) AND decision = :none AND #until > :now',
      names: { '#until': 'until' },
      values: { ':decision': decision, ':now': now, ':by': by, ':reason': reason, ':none': null },
    });
    return read(Approval, item);
  }

  /** Nobody answered: silence is a no. One that was decided stays as it is. */
  async expire(approval: Approval, now: string): Promise<boolean> {
    try {
      await this.items.update(key.approval(approval.incidentId, approval.id), {
        expression: 'SET decision = :expired, decidedAt = :now',
        condition: 'decision = :none',
        values: { ':expired': 'expired', ':now': now, ':none': null },
      });
      return true;
    } catch (error) {
      if (error instanceof Conflict) return false;
      throw error;
    }
  }

  async approvals(incidentId: string): Promise<Approval[]> {
    return (await this.items.query(everythingOf(incidentId), 'APPROVAL#')).map((item) => read(Approval, item));
  }

  /**
   * Writes a page down for whoever is about to send it, or takes it from a sender who did not live to say that it was sent.
   * @returns `mine` to send for the first time, `again` where an earlier attempt may have sent it, `sent`, or `theirs` while another
   * is about to; with the page as it is stored: a repeat says what the first attempt said
   */
  async due(incidentId: string, page: Page, now: string): Promise<{ page: Page; is: 'mine' | 'again' | 'sent' | 'theirs' }> {
    const at = key.page(incidentId, ...pageKey(page));
    try {
      await this.items.put(at, Page.parse(page), true);
      return { page, is: 'mine' };
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
    try {
      const item = await this.items.update(at, {
        expression: 'SET sending = :mine REMOVE gsiPk, gsiSk, heldFor',
        returns: 'before',
        condition:
          'sentAt = :none AND (attribute_not_exists(sending) OR sending = :none OR sending.#until < :now OR sending.#owner = :owner)',
        names: { '#until': 'until', '#owner': 'owner' },
        values: { ':mine': page.sending, ':none': null, ':now': now, ':owner': page.sending?.owner ?? '' },
      });
      // One that still waited for its second was not sent: who held it did not live to.
      return { page: { ...read(Page, item), sending: page.sending }, is: 'heldFor' in item ? 'mine' : 'again' };
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
    const item = await this.items.get(at);
    const stored = item ? read(Page, item) : page;
    return { page: stored, is: stored.sentAt ? 'sent' : 'theirs' };
  }

  /** Nobody sends it: the next who finds it due does, without waiting for this sender's time to end. */
  async letGo(incidentId: string, page: Page): Promise<void> {
    await this.items.update(key.page(incidentId, ...pageKey(page)), {
      expression: 'SET sending = :none REMOVE gsiPk, gsiSk, heldFor',
      values: { ':none': null },
    });
  }

  /** What went out to a person is in the index from now on, by when. @param ticket the OpsItem that was written for it */
  async sent(incidentId: string, page: Page, sentAt: string, ticket: string | null = null): Promise<void> {
    const listed = page.by === 'page';
    await this.items.update(key.page(incidentId, ...pageKey(page)), {
      expression: `SET sentAt = :at, ticket = :ticket, sending = :none${listed ? ', gsiPk = :sent, gsiSk = :at' : ''}`,
      values: { ':at': sentAt, ':ticket': ticket, ':none': null, ...(listed && { ':sent': SENT_PAGES }) },
    });
  }

  /**
   * Pages that went out since that time, the latest first, each with its incident. What is none of our records is handed over.
   * @returns no more than `most` of them; with `all`, there are no others
   */
  async sentSince(
    time: string,
    most: number,
    unreadable: Unreadable,
  ): Promise<{ pages: z.output<typeof SentPage>[]; all: boolean }> {
    const { items, more } = await this.items.queryRecent(OPEN_INDEX, SENT_PAGES, time, most);
    const pages = readEach(SentPage, items, unreadable);
    return { pages, all: !more };
  }

  /** It was sent to where nobody is reached. */
  async undelivered(incidentId: string, page: Page): Promise<void> {
    await this.items.update(key.page(incidentId, ...pageKey(page)), {
      expression: 'SET undelivered = :true',
      condition: 'attribute_exists(pk)',
      values: { ':true': true },
    });
  }

  /** A person's service of PagerDuty is about to be alerted; again for the same climb, it is the same alert. */
  async alerted(incidentId: string, alert: PagerdutyAlert): Promise<void> {
    await this.items.put(key.pagerduty(incidentId, alert.generation, alert.contact), PagerdutyAlert.parse(alert));
  }

  async alerts(incidentId: string): Promise<PagerdutyAlert[]> {
    return (await this.items.query(everythingOf(incidentId), 'PAGERDUTY#')).map((item) => read(PagerdutyAlert, item));
  }

  /** Whether something from outside was heard before; what is acted on is written down after it was. */
  async wasHeard(incidentId: string, heard: string): Promise<boolean> {
    return (await this.items.get(key.heard(incidentId, heard))) !== undefined;
  }

  async heard(incidentId: string, heard: string, at: string): Promise<void> {
    await this.items.put(key.heard(incidentId, heard), { v: 1, at });
  }

  /** @throws {ZodError} for a record that is none of ours, unless it is handed over as unreadable */
  async pages(incidentId: string, unreadable?: Unreadable): Promise<Page[]> {
    return readEach(Page, await this.items.query(everythingOf(incidentId), 'PAGE#'), unreadable);
  }
}
