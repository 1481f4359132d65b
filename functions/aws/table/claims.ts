import type { Signal } from '../../../runbooks/language/signal.ts';
import { Claim } from '../../incident/claim.ts';
import { after } from '../../incident/clock.ts';
import type { Incident } from '../../incident/incident.ts';
import { HELD_CLAIMS, key, OPEN_INDEX, OPENING_CLAIMS } from '../../incident/table.ts';
import { readEach, type Unreadable } from './incidents.ts';
import { Conflict, type Item, type Items } from './items.ts';
import { asOverflow, attributeOf, forgettable, gathered, isOneTooMany, isToldAgain, OVERFLOW, toClaim } from './sources.ts';

/**
 * How long after its clear a firing can still be the one that the clear overtook: longer than the queue tries a message.
 * Later it is a new firing, though its event may be older: Alertmanager fires an alert that had timed out with its old start.
 */
const OVERTAKEN_MS = 10 * 60_000;

/** What a firing signal would open, if it is the first. */
export interface Candidate {
  incidentId: string;
  severity: string;
  runbook: string | null;
  /** The message that says it: one that the queue delivers again is not counted again. */
  message: string;
  now: string;
}

/** What a signal changes besides its source. */
interface Said {
  set: string[];
  add: string;
  names: Record<string, string>;
  values: Record<string, unknown>;
  condition?: string;
  /** Kept with the source, beside what the signal says. */
  kept?: { message: string };
}

/** The claims of dedup keys. Each rule is one conditional write on one item. */
export class Claims {
  private readonly items: Items;
  constructor(items: Items) {
    this.items = items;
  }

  /**
   * Says that a source fires, and claims the key if nobody holds it. One write, for the winner and for every repeat; a message
   * that comes again writes nothing while its incident has the key.
   * @returns the claim as it is now; `undefined` when the source has said something newer already
   */
  async fire(signal: Signal, candidate: Candidate): Promise<Claim | undefined> {
    return this.say(signal, {
      set: [
        'incidentId = if_not_exists(incidentId, :mine)',
        '#state = if_not_exists(#state, :opening)',
        'openingSince = if_not_exists(openingSince, :now)',
        'severity = if_not_exists(severity, :severity)',
        'runbooks = if_not_exists(runbooks, :runbooks)',
        'gsiPk = if_not_exists(gsiPk, :openingClaims)',
        'gsiSk = if_not_exists(gsiSk, :now)',
      ],
      add: 'ADD seen :one',
      condition: 'attribute_not_exists(incidentId) OR attribute_not_exists(#source.#message) OR #source.#message <> :message',
      kept: { message: candidate.message },
      names: { '#state': 'state', '#message': 'message' },
      values: {
        ':message': candidate.message,
        ':mine': candidate.incidentId,
        ':opening': 'opening',
        ':now': candidate.now,
        ':severity': candidate.severity,
        ':runbooks': candidate.runbook ? [candidate.runbook] : [],
        ':openingClaims': OPENING_CLAIMS,
        ':one': 1,
      },
    });
  }

  /** Says that a source no longer fires, and leaves a tombstone where there was nothing. Starts nothing. */
  async clear(signal: Signal): Promise<Claim | undefined> {
    return this.say(signal, { set: [], add: '', names: {}, values: {} });
  }

  /** Says that a source has no data: no recovery, and nothing where there is no incident. */
  async unknown(signal: Signal): Promise<Claim | undefined> {
    return this.say(signal, { set: [], add: '', names: {}, values: {}, condition: 'attribute_exists(incidentId)' });
  }

  /** The incident is written and its run started. */
  async opened(dedupKey: string, incidentId: string): Promise<void> {
    const values = { ':open': 'open', ':held': HELD_CLAIMS };
    await this.change(dedupKey, incidentId, 'SET #state = :open, gsiPk = :held', values, { '#state': 'state' });
  }

  /**
   * Ties the key to an incident that there was before: what fires is that incident, which goes on counting.
   * @returns the claim as it is now; `undefined` where somebody else has done it
   */
  async tie(claim: Claim, incident: Pick<Incident, 'id' | 'severity' | 'seen'>, runbooks: string[]): Promise<Claim | undefined> {
    const values = {
      ':incident': incident.id,
      ':open': 'open',
      ':held': HELD_CLAIMS,
      ':severity': incident.severity,
      ':runbooks': runbooks,
      ':before': incident.seen,
    };
    const set = 'SET incidentId = :incident, #state = :open, gsiPk = :held, severity = :severity, runbooks = :runbooks';
    return this.change(claim.dedupKey, claim.incidentId ?? '', `${set}, seen = seen + :before`, values, { '#state': 'state' });
  }

  /**
   * Raises the severity, or notes another runbook.
   * @throws {Conflict} when somebody raised it first
   */
  async raise(claim: Claim, severity: string, runbooks: string[]): Promise<void> {
    await this.items.update(key.claim(claim.dedupKey), {
      expression: 'SET severity = :severity, runbooks = :runbooks',
      // The list of runbooks only grows, so its length says whether it is the one that was read.
      condition: 'incidentId = :id AND severity = :was AND size(runbooks) = :had',
      values: {
        ':severity': severity,
        ':runbooks': runbooks,
        ':id': claim.incidentId,
        ':was': claim.severity,
        ':had': claim.runbooks.length,
      },
    });
  }

  /**
   * Lets go of the key, on the condition that no signal has come since the claim was read: one that came
   * just now must not be lost with the incident that it was counted for.
   *
   * @param clearAt set when every source was found clear by asking it: what it said before is then older than that
   * @param last the incident that it was, should it fire again soon
   * @throws {Conflict} when a signal has come
   */
  async release(claim: Claim, clearAt: string | null, last = claim.incidentId): Promise<void> {
    const sources = clearAt ? claim.sources.filter(({ id, status }) => status !== 'cleared' && id !== OVERFLOW) : [];
    const dropped = forgettable(claim);
    const gone = dropped.map((_, at) => `, #d${at}`).join('');
    const cleared = sources.flatMap((_, at) => [`#s${at}.#status = :cleared`, `#s${at}.#eventAt = :clearAt`]);
    await this.items.update(key.claim(claim.dedupKey), {
      expression: `SET ${['#last = :last', ...cleared].join(', ')} REMOVE incidentId, #state, openingSince, severity, runbooks, seen, gsiPk, gsiSk, #window${gone}`,
      condition: 'incidentId = :id AND seen = :seen',
      names: {
        '#state': 'state',
        '#last': 'last',
        '#window': 'window',
        ...(cleared.length > 0 && { '#status': 'status', '#eventAt': 'eventAt' }),
        ...Object.fromEntries(sources.map((source, at) => [`#s${at}`, attributeOf(source.id)])),
        ...Object.fromEntries(dropped.map((source, at) => [`#d${at}`, attributeOf(source.id)])),
      },
      values: {
        ':id': claim.incidentId,
        ':last': last,
        ':seen': claim.seen,
        ...(cleared.length > 0 && { ':cleared': 'cleared', ':clearAt': clearAt }),
      },
    });
  }

  async get(dedupKey: string): Promise<Claim | undefined> {
    const item = await this.items.get(key.claim(dedupKey));
    return item && toClaim(item);
  }

  /** Claims whose incident is still being written. @param unreadable takes what is none of our records; without it, that throws */
  async opening(unreadable?: Unreadable): Promise<Claim[]> {
    return readEach(Claim, (await this.items.queryIndex(OPEN_INDEX, OPENING_CLAIMS)).map(gathered), unreadable);
  }

  /** Claims that have an incident. @param unreadable takes what is none of our records; without it, that throws */
  async held(unreadable?: Unreadable): Promise<Claim[]> {
    return readEach(Claim, (await this.items.queryIndex(OPEN_INDEX, HELD_CLAIMS)).map(gathered), unreadable);
  }

  /**
   * One write for a source that is known, and for the first. Only where another source is the first there is a look in between,
   * because nothing else says how many there are; those that come at the same moment may exceed the most by their number.
   */
  private async say(signal: Signal, more: Said): Promise<Claim | undefined> {
    const known = await this.write(signal, more, 'attribute_exists(#source) OR attribute_not_exists(dedupKey)');
    if (known) return known;
    const claim = await this.get(signal.dedupKey);
    if (claim && isToldAgain(claim, signal, more.kept?.message)) return claim;
    if (!claim || !isOneTooMany(claim, signal.source.id)) return this.write(signal, more);
    // One of many that clears says nothing of the others.
    if (signal.status !== 'firing') return claim;
    return this.write(asOverflow(signal), more);
  }

  /** @returns `undefined` when the source has said something newer, or `only` does not hold */
  private async write(signal: Signal, more: Said, only?: string): Promise<Claim | undefined> {
    const { id, kind, alarmName } = signal.source;
    const { status, eventAt, receivedAt } = signal;
    const state = { id, kind, status, eventAt, receivedAt, ...(alarmName && { alarmName }), ...more.kept };
    const firing = status === 'firing';
    const again = firing ? ' OR #source.#receivedAt < :longAgo' : '';
    // Those of the overflow have no common clock: none of them is older than another.
    const any = id === OVERFLOW ? ' OR #source.#eventAt > :eventAt' : '';
    const newer = `attribute_not_exists(#source) OR #source.#eventAt <= :eventAt${any}${again}`;
    const conditions = [newer, only, more.condition].filter((one) => one !== undefined);
    try {
      const item = await this.items.update(key.claim(signal.dedupKey), {
        expression: `SET #source = :source, v = :v, dedupKey = :key${more.set.map((part) => `, ${part}`).join('')} ${more.add}`,
        condition: conditions.map((one) => `(${one})`).join(' AND '),
        names: {
          '#source': attributeOf(id),
          '#eventAt': 'eventAt',
          ...(firing && { '#receivedAt': 'receivedAt' }),
          ...more.names,
        },
        values: {
          ':source': state,
          ':v': 1,
          ':key': signal.dedupKey,
          ':eventAt': eventAt,
          ...(firing && { ':longAgo': after(receivedAt, -OVERTAKEN_MS) }),
          ...more.values,
        },
      });
      return toClaim(item);
    } catch (error) {
      if (error instanceof Conflict) return undefined;
      throw error;
    }
  }

  private async change(
    dedupKey: string,
    incidentId: string,
    expression: string,
    values: Item,
    names: Record<string, string>,
  ): Promise<Claim | undefined> {
    try {
      const item = await this.items.update(key.claim(dedupKey), {
        expression,
        condition: 'incidentId = :id',
        names,
        values: { ...values, ':id': incidentId },
      });
      return toClaim(item);
    } catch (error) {
      // Somebody else completed it, and it may be resolved already: what was to be said has been said.
      if (!(error instanceof Conflict)) throw error;
      return undefined;
    }
  }
}
