import type { Unreadable } from '../aws/table/incidents.ts';
import { iso } from '../incident/clock.ts';
import { log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * Which unreadable record was told of, and on which day (UTC). Kept in memory: a process that starts afresh tells once more,
 * which is better than a record of its own that could itself not be read.
 */
export type Told = Map<string, string>;

/** One round of the auditor: what it mended, what it could not prove, and what it could not even read. */
export class Round {
  readonly mended: string[] = [];
  readonly failed: string[] = [];
  readonly around: Surroundings;
  private readonly told: Told;
  private readonly unread = new Set<string>();
  constructor(around: Surroundings, told: Told) {
    this.around = around;
    this.told = told;
  }

  /** Does the same for each, one after the other. One that fails is noted by its name, and does not keep the others from theirs. */
  readonly each = async <T>(items: readonly T[], name: (item: T) => string, work: (item: T) => Promise<void>): Promise<void> => {
    for (const item of items) {
      try {
        await work(item);
      } catch (error) {
        log.error(`watch: ${name(item)}`, error instanceof Error ? error : new Error(String(error)));
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

  /** What can't be read can't be proven either, ever, until somebody mends it: the operators hear of it once a day. */
  async tellOperators(): Promise<void> {
    const today = iso(this.around.clock.now()).slice(0, 10);
    const news = [...this.unread].filter((record) => this.told.get(record) !== today);
    await this.each(
      news,
      (record) => `telling of ${record}`,
      async (record) => {
        await this.around.topics.publish(
          this.around.names.operatorsTopic,
          'Firebreak: a record can not be read',
          [
            `The record ${record} of the table ${this.around.names.table} is none that Firebreak can read.`,
            'Nothing of it is proven, sent or taken back until it is mended. Please look at it, and at what it belongs to.',
            'What is wrong with it is in the log of watch.',
          ].join('\n'),
        );
        this.told.set(record, today);
      },
    );
  }
}
