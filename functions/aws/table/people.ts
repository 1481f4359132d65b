import type { Actor } from '../../incident/actor.ts';
import { Approval, Page, PagerdutyAlert } from '../../incident/records.ts';
import { everythingOf, key } from '../../incident/table.ts';
import { readEach, type Unreadable } from './incidents.ts';
import { Conflict, type Items, read } from './items.ts';

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

  /** @returns the page as it is stored: an earlier attempt's if there was one, else the very one that was given */
  async due(incidentId: string, page: Page): Promise<Page> {
    const at = key.page(incidentId, page.generation, page.rung, page.role, page.about);
    try {
      await this.items.put(at, Page.parse(page), true);
      return page;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
    const item = await this.items.get(at);
    return item ? read(Page, item) : page;
  }

  async sent(incidentId: string, page: Page, sentAt: string): Promise<void> {
    await this.items.update(key.page(incidentId, page.generation, page.rung, page.role, page.about), {
      expression: 'SET sentAt = :at',
      values: { ':at': sentAt },
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
