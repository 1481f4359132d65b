import { ActRecord, Approval, Evidence, LookRecord, Page, VerifyProgress } from '../../incident/records.ts';
import { Review } from '../../incident/review.ts';
import {
  actsOfRun,
  everythingOf,
  key,
  looksOfPass,
  OPEN_INDEX,
  pagesAndLooks,
  REVIEW_KEY,
  UNDO_DEBTS,
} from '../../incident/table.ts';
import type { TimelineEvent } from '../../incident/timeline.ts';
import { logUnreadable } from '../../log.ts';
import { readEach, type Unreadable } from './incidents.ts';
import { Conflict, type Item, type Items, read } from './items.ts';

/** What the steps of a run left behind. A step is written down before it is carried out. */
export class Steps {
  private readonly items: Items;
  constructor(items: Items) {
    this.items = items;
  }

  async saveLooks(incidentId: string, looks: readonly LookRecord[]): Promise<void> {
    await this.items.putAll(
      looks.map((look) => ({
        key: key.look(incidentId, look.run, look.pass, look.step, look.host),
        item: LookRecord.parse(look),
      })),
    );
  }

  /** How looks ended, with their evidence and what is told of them: one call. */
  async finishLooks(
    incidentId: string,
    looks: readonly LookRecord[],
    evidence: readonly Evidence[],
    events: readonly TimelineEvent[],
  ): Promise<void> {
    await this.items.putAll([
      ...evidence.map((item) => ({ key: key.evidence(incidentId, item.id), item: Evidence.parse(item) })),
      ...events.map((event) => ({ key: key.event(incidentId, event.at, event.key), item: event })),
      ...looks.map((look) => ({
        key: key.look(incidentId, look.run, look.pass, look.step, look.host),
        item: LookRecord.parse(look),
      })),
    ]);
  }

  /** The looks of one pass, or of one step of it when its key is given. */
  async looks(incidentId: string, run: number, pass: number, step = ''): Promise<LookRecord[]> {
    const { pk, sk } = looksOfPass(incidentId, run, pass);
    const items = await this.items.query(pk, `${sk}${step ? `${step}#` : ''}`);
    return items.filter((item) => 'status' in item).map((item) => read(LookRecord, item));
  }

  async verifyProgress(incidentId: string, run: number, pass: number, step: string): Promise<VerifyProgress | undefined> {
    const item = await this.items.get(key.look(incidentId, run, pass, step, 'progress'));
    return item && read(VerifyProgress, item);
  }

  async saveVerifyProgress(incidentId: string, run: number, pass: number, step: string, progress: VerifyProgress): Promise<void> {
    await this.items.put(key.look(incidentId, run, pass, step, 'progress'), progress);
  }

  /** @returns false when this run has the act already: it is not begun twice */
  async beginAct(incidentId: string, act: ActRecord): Promise<boolean> {
    return this.first(() => this.items.put(key.act(incidentId, act.run, act.step, act.host), stored(act, incidentId), true));
  }

  async saveAct(incidentId: string, act: ActRecord): Promise<void> {
    await this.items.put(key.act(incidentId, act.run, act.step, act.host), stored(act, incidentId));
  }

  async acts(incidentId: string, run: number): Promise<ActRecord[]> {
    const { pk, sk } = actsOfRun(incidentId, run);
    return (await this.items.query(pk, sk)).map((item) => read(ActRecord, item));
  }

  /** How an act ended, with its evidence and what is told of it: one call. */
  async finishAct(incidentId: string, act: ActRecord, evidence: Evidence | null, event: TimelineEvent): Promise<void> {
    await this.items.putAll([
      ...(evidence ? [{ key: key.evidence(incidentId, evidence.id), item: Evidence.parse(evidence) }] : []),
      { key: key.event(incidentId, event.at, event.key), item: event },
      { key: key.act(incidentId, act.run, act.step, act.host), item: stored(act, incidentId) },
    ]);
  }

  async evidence(incidentId: string, id: string): Promise<Evidence | undefined> {
    const item = await this.items.get(key.evidence(incidentId, id));
    return item && read(Evidence, item);
  }

  /**
   * Acts of all incidents that still owe an undo. Eventually consistent, as an index is.
   * @throws {ZodError} for a record that is none of ours, unless it is handed over as unreadable
   */
  async debts(unreadable?: Unreadable): Promise<{ incidentId: string; act: ActRecord }[]> {
    const items = await this.items.queryIndex(OPEN_INDEX, UNDO_DEBTS);
    return items.flatMap((item) =>
      readEach(ActRecord, [item], unreadable).map((act) => ({ incidentId: String(item.incidentId), act })),
    );
  }

  /** What an incident's ladder stands on, its pages and its looks, in one query that reads no evidence. */
  async climbed(incidentId: string, unreadable?: Unreadable): Promise<{ pages: Page[]; looks: LookRecord[] }> {
    const { pk, from, to } = pagesAndLooks(incidentId);
    const items = await this.items.queryBetween(pk, from, to);
    const of = (prefix: string) => items.filter(({ sk }) => String(sk).startsWith(prefix));
    const looks = of('STEP#').filter((item) => 'status' in item);
    return { pages: readEach(Page, of('PAGE#'), unreadable), looks: readEach(LookRecord, looks, unreadable) };
  }

  /** Everything that is stored under an incident but its events, for the console and for `watch`. */
  async everything(incidentId: string) {
    const items = await this.items.query(everythingOf(incidentId));
    const of = (prefix: string) => items.filter((item) => String(item.sk).startsWith(prefix));
    return {
      looks: of('STEP#')
        .filter((item) => 'status' in item)
        .map((item) => read(LookRecord, item)),
      acts: of('ACT#').map((item) => read(ActRecord, item)),
      evidence: of('EVIDENCE#').map((item) => read(Evidence, item)),
      approvals: of('APPROVAL#').map((item) => read(Approval, item)),
      pages: of('PAGE#').map((item) => read(Page, item)),
      // Nobody is left unpaged because a newer version has written a review that this one does not know.
      review: readEach(
        Review,
        items.filter(({ sk }) => sk === REVIEW_KEY),
        logUnreadable,
      )[0],
    };
  }

  private async first(write: () => Promise<void>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      if (error instanceof Conflict) return false;
      throw error;
    }
  }
}

/** In the index as long as an undo is owed: for an unfinished change, or for a finished one that is only for a time. */
function stored(act: ActRecord, incidentId: string): Item {
  const owing = act.undo && !act.undo.paidAt && (act.status !== 'done' || act.undo.due !== null);
  const parsed = ActRecord.parse(act);
  return { ...parsed, incidentId, ...(owing && { gsiPk: UNDO_DEBTS, gsiSk: act.undo?.due ?? act.startedAt }) };
}
