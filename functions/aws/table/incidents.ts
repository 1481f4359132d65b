import type * as z from 'zod';
import { rank, type SeverityScheme } from '../../../runbooks/language/severity.ts';
import { Incident, type Run } from '../../incident/incident.ts';
import { everythingOf, key, OPEN_INCIDENTS, OPEN_INDEX, PAST_INCIDENTS } from '../../incident/table.ts';
import { TimelineEvent } from '../../incident/timeline.ts';
import { Conflict, type Item, type Items, read } from './items.ts';

/** Each attempt loses only to a write that took effect: so many in a row is no longer chance. */
const MOST_ATTEMPTS = 50;

/** Takes a record that is none of ours: its key, and which fields are wrong. Values stay where they are. */
export type Unreadable = (record: string, why: string) => void;

/**
 * Reads each item of a list.
 * @throws {ZodError} for the first that can't be read, unless somebody takes those
 */
export function readEach<T>(schema: z.ZodType<T>, items: readonly Item[], unreadable?: Unreadable): T[] {
  return items.flatMap((item) => {
    const { success, data, error } = schema.safeParse(item);
    if (success) return [data];
    if (!unreadable) throw error;
    unreadable(`${item.pk} ${item.sk}`, error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join(', '));
    return [];
  });
}

/** A write to an incident that took effect. @param before `null` where it is new */
export type Written = (before: Incident | null, after: Incident) => void;

/** Incidents and what is told of them. */
export class Incidents {
  private readonly items: Items;
  private readonly schemeOf: (system: string) => SeverityScheme;
  private readonly written: Written;
  /** @param written told of each write that took effect, and of none that did not: that is how transitions are counted once */
  constructor(items: Items, schemeOf: (system: string) => SeverityScheme, written: Written = () => undefined) {
    this.items = items;
    this.schemeOf = schemeOf;
    this.written = written;
  }

  /** @returns false when it was there already: opened by an earlier attempt at the same */
  async create(incident: Incident): Promise<boolean> {
    try {
      await this.items.put(key.incident(incident.id), { ...incident, ...this.indexed(incident) }, true);
      this.written(null, incident);
      return true;
    } catch (error) {
      if (error instanceof Conflict) return false;
      throw error;
    }
  }

  async get(id: string): Promise<Incident | undefined> {
    const item = await this.items.get(key.incident(id));
    return item && read(Incident, item);
  }

  /**
   * Replaces the incident by what `change` makes of it. Reads and writes until nobody else wrote in between.
   * @returns the incident as it is now; unchanged where `change` returned `undefined`
   * @throws {Error} when there is no such incident
   */
  async change(id: string, change: (incident: Incident) => Incident | undefined): Promise<Incident> {
    for (let attempt = 1; ; attempt += 1) {
      const item = await this.items.get(key.incident(id));
      if (!item) throw new Error(`there is no incident ${id}`);
      const before = read(Incident, item);
      const after = change(before);
      if (!after) return before;
      const revision = typeof item.revision === 'number' ? item.revision : 0;
      try {
        await this.items.update(key.incident(id), replacing(after, this.indexed(after), revision));
        this.written(before, after);
        return after;
      } catch (error) {
        if (!(error instanceof Conflict) || attempt >= MOST_ATTEMPTS) throw error;
      }
    }
  }

  /**
   * Gives the next run its number and writes it down, before it is started.
   * @returns the incident with its new run
   */
  async addRun(id: string, make: (number: number, incident: Incident) => Run): Promise<{ incident: Incident; run: Run }> {
    let run: Run | undefined;
    const incident = await this.change(id, (before) => {
      run = make(before.run + 1, before);
      return { ...before, run: run.number, runs: { ...before.runs, [String(run.number)]: run } };
    });
    if (!run) throw new Error(`incident ${id} took no run`);
    return { incident, run };
  }

  /**
   * Incidents that need somebody or something, the worst first.
   * @throws {ZodError} for a record that is none of ours, unless it is handed over as unreadable
   */
  async open(unreadable?: Unreadable): Promise<Incident[]> {
    return readEach(Incident, await this.items.queryIndex(OPEN_INDEX, OPEN_INCIDENTS), unreadable);
  }

  /** Incidents that are over, the latest first. @param unreadable takes what is none of our records; without it, that throws */
  async past(unreadable?: Unreadable): Promise<Incident[]> {
    return readEach(Incident, await this.items.queryIndex(OPEN_INDEX, PAST_INCIDENTS), unreadable).toReversed();
  }

  /** Incidents whose end is not before that time, the first first. @param unreadable takes what is none of our records; without it, that throws */
  async endedSince(time: string, unreadable?: Unreadable): Promise<Incident[]> {
    return readEach(Incident, await this.items.queryIndex(OPEN_INDEX, PAST_INCIDENTS, time), unreadable);
  }

  /**
   * The last that are over, the latest first. What is none of our records is passed over.
   * @param before one that is over: only what was over before it is wanted
   */
  async latest(most: number, before?: Incident): Promise<Incident[]> {
    const from = before && { ...key.incident(before.id), gsiPk: PAST_INCIDENTS, gsiSk: before.resolvedAt };
    return readEach(Incident, await this.items.queryLatest(OPEN_INDEX, PAST_INCIDENTS, most, from), () => undefined);
  }

  /**
   * Incidents whose end is not before that time, the latest first. What is none of our records is handed over.
   * @returns no more than `most` of them; with `all`, there are no others
   */
  async recent(time: string, most: number, unreadable: Unreadable): Promise<{ incidents: Incident[]; all: boolean }> {
    const { items, more } = await this.items.queryRecent(OPEN_INDEX, PAST_INCIDENTS, time, most);
    return { incidents: readEach(Incident, items, unreadable), all: !more };
  }

  /** Telling the same twice is telling it once: the key is made of the step and the transition. */
  async tell(id: string, ...events: TimelineEvent[]): Promise<void> {
    const items = events.map((event) => ({ key: key.event(id, event.at, event.key), item: TimelineEvent.parse(event) }));
    const [only] = items;
    if (only && items.length === 1) await this.items.put(only.key, only.item);
    else if (only) await this.items.putAll(items);
  }

  async timeline(id: string): Promise<TimelineEvent[]> {
    return (await this.items.query(everythingOf(id), 'EVENT#')).map((item) => read(TimelineEvent, item));
  }

  private indexed(incident: Incident): Item {
    return incident.status === 'open' || incident.status === 'acknowledged'
      ? { gsiPk: OPEN_INCIDENTS, gsiSk: `${rank(this.schemeOf(incident.system), incident.severity)}#${incident.openedAt}` }
      : { gsiPk: PAST_INCIDENTS, gsiSk: incident.resolvedAt };
  }
}

function replacing(incident: Incident, index: Item, revision: number) {
  const fields = Object.entries({ ...incident, ...index });
  return {
    expression: `SET ${fields.map((_, at) => `#f${at} = :f${at}`).join(', ')}, revision = :next`,
    condition: revision === 0 ? 'attribute_exists(pk) AND attribute_not_exists(revision)' : 'revision = :was',
    names: Object.fromEntries(fields.map(([name], at) => [`#f${at}`, name])),
    values: {
      ...Object.fromEntries(fields.map(([, value], at) => [`:f${at}`, value])),
      ':next': revision + 1,
      ...(revision > 0 && { ':was': revision }),
    },
  };
}
