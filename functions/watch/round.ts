import type { Unreadable } from '../aws/table/incidents.ts';
import { after, between, iso } from '../incident/clock.ts';
import { asError, log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * Which unreadable record was told of, and on which day (UTC). Kept in memory: a process that starts afresh tells once more,
 * which is better than a record of its own that could itself not be read.
 */
export type Told = Map<string, string>;

/** One thing that is slow may take so much of the time that is left: those behind it must have their turn in the same round. */
const SHARE = 0.25;

/** One round of the auditor: what it mended, what it could not prove, and what it could not even read. */
export class Round {
  readonly mended: string[] = [];
  readonly failed: string[] = [];
  /** Undos that have had their share of this round: met again, they wait for the next. */
  readonly slow = new Set<string>();
  /** Whether a topic reaches nobody, asked once a round. */
  readonly silent = new Map<string, boolean>();
  readonly around: Surroundings;
  private readonly told: Told;
  private readonly deadline: string | null;
  private readonly unread = new Set<string>();
  private unseen = 0;
  /** @param deadline when it must have ended, ISO 8601 in UTC; `null` for a process that nobody ends */
  constructor(around: Surroundings, told: Told, deadline: string | null = null) {
    this.around = around;
    this.told = told;
    this.deadline = deadline;
  }

  /** Until when one thing may take its time, ISO 8601 in UTC; `null` for as long as it likes. */
  share(): string | null {
    const now = iso(this.around.clock.now());
    return this.deadline && after(now, Math.max(0, between(now, this.deadline)) * SHARE);
  }

  /** What it could not prove, with how much it did not come to: the next round does. Empty when the round is clean. */
  unproven(): string[] {
    const rest = this.unseen > 0 ? [`${this.unseen} more, for which there was no time: the next round goes on`] : [];
    return [...this.failed, ...rest];
  }

  /**
   * Does the same for each, one after the other, as long as there is time. One that fails is noted by its name, and does not keep
   * the others from theirs.
   */
  readonly each = async <T>(items: readonly T[], name: (item: T) => string, work: (item: T) => Promise<void>): Promise<void> => {
    for (const [at, item] of items.entries()) {
      if (this.deadline && iso(this.around.clock.now()) >= this.deadline) {
        this.unseen += items.length - at;
        return;
      }
      try {
        await work(item);
      } catch (error) {
        log.error(`watch: ${name(item)}`, asError(error));
        this.failed.push(name(item));
      }
    }
  };

  readonly unreadable: Unreadable = (record, why) => {
    if (this.unread.has(record)) return;
    this.unread.add(record);
    log.error('watch: a record can not be read', { record, why });
    this.failed.push(record);
  };

  /** Tells the operators, once a day and process for the same thing. */
  async tellOnce(what: string, subject: string, lines: readonly string[]): Promise<void> {
    const { topics, names, clock } = this.around;
    const today = iso(clock.now()).slice(0, 10);
    if (this.told.get(what) === today) return;
    await topics.publish(names.operatorsTopic, subject, lines.join('\n'));
    this.told.set(what, today);
  }

  /** What can't be read can't be proven either, ever, until somebody mends it: the operators hear of it once a day. */
  async tellOperators(): Promise<void> {
    await this.each(
      [...this.unread],
      (record) => `telling of ${record}`,
      (record) =>
        this.tellOnce(record, 'Firebreak: a record can not be read', [
          `The record ${record} of the table ${this.around.names.table} is none that Firebreak can read.`,
          'Nothing of it is proven, sent or taken back until it is mended. Please look at it, and at what it belongs to.',
          'What is wrong with it is in the log of watch.',
        ]),
    );
  }
}
