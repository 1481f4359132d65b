import { Breaker, Freed, Lock, ModeSetting, scopesOf } from '../../incident/control.ts';
import { Register } from '../../incident/maintenance.ts';
import { stormScope } from '../../incident/storm.ts';
import { key } from '../../incident/table.ts';
import { Conflict, type Items, read } from './items.ts';

/** Everything outside the incident that the gate asks about. */
export interface ControlState {
  modes: (ModeSetting | undefined)[];
  lock: Lock | undefined;
  /** Who let go of the lock last, and when: what was seen before that may be otherwise now. */
  freed: Freed | undefined;
  breaker: Breaker | undefined;
  maintenance: Register | undefined;
}

export interface BreakerName {
  system: string;
  verb: string;
  resource: string;
}

/** Modes, locks and breakers. */
export class Controls {
  private readonly items: Items;
  constructor(items: Items) {
    this.items = items;
  }

  /** One call for all that the gate needs. */
  async forGate(runbookId: string, breaker: BreakerName): Promise<ControlState> {
    const scopes = [...scopesOf(runbookId), stormScope(breaker.system)];
    const [all, system, runbook, storm, lock, counted, maintenance] = await this.items.batchGet([
      ...scopes.map((scope) => key.mode(scope)),
      key.lock(breaker.system),
      key.breaker(breaker.system, breaker.verb, breaker.resource),
      key.maintenance(breaker.system),
    ]);
    return {
      modes: [all, system, runbook, storm].map((item) => item && read(ModeSetting, item)),
      lock: lock?.holder ? read(Lock, lock) : undefined,
      freed: lock?.freed ? Freed.parse(lock.freed) : undefined,
      breaker: counted && read(Breaker, counted),
      maintenance: maintenance && read(Register, maintenance),
    };
  }

  async breaker(name: BreakerName): Promise<Breaker | undefined> {
    const item = await this.items.get(key.breaker(name.system, name.verb, name.resource));
    return item && read(Breaker, item);
  }

  async modes(scopes: readonly string[]): Promise<ModeSetting[]> {
    const found = await this.items.batchGet(scopes.map((scope) => key.mode(scope)));
    return found.filter((item) => item !== undefined).map((item) => read(ModeSetting, item));
  }

  async setMode(setting: ModeSetting): Promise<void> {
    await this.items.put(key.mode(setting.scope), ModeSetting.parse(setting));
  }

  /**
   * Sets a mode that promotes nothing, where nobody has set another since.
   * @param seen what was set for the same scope when it was decided
   * @throws {Conflict} when something else is set there now
   */
  async replaceMode(setting: Omit<ModeSetting, 'promotion'>, seen: ModeSetting | undefined): Promise<void> {
    const fields = Object.entries(ModeSetting.parse(setting));
    await this.items.update(key.mode(setting.scope), {
      // A promotion belongs to the setting that was one.
      expression: `SET ${fields.map((_, at) => `#f${at} = :f${at}`).join(', ')} REMOVE promotion`,
      condition: seen ? '#at = :seenAt AND #mode = :seenMode AND #until = :seenUntil' : 'attribute_not_exists(pk)',
      names: {
        ...Object.fromEntries(fields.map(([name], at) => [`#f${at}`, name])),
        ...(seen && { '#at': 'at', '#mode': 'mode', '#until': 'until' }),
      },
      values: {
        ...Object.fromEntries(fields.map(([, value], at) => [`:f${at}`, value])),
        ...(seen && { ':seenAt': seen.at, ':seenMode': seen.mode, ':seenUntil': seen.until }),
      },
    });
  }

  /**
   * Takes the system's lock, or keeps it longer if it is held already by the same run.
   * @returns false when another run holds it
   */
  async acquire(lock: Lock, now: string): Promise<boolean> {
    try {
      await this.items.update(key.lock(lock.system), {
        expression: 'SET holder = :holder, incidentId = :incident, #until = :until, v = :v, #system = :system',
        condition: 'attribute_not_exists(holder) OR holder = :holder OR #until < :now',
        names: { '#until': 'until', '#system': 'system' },
        values: {
          ':holder': lock.holder,
          ':incident': lock.incidentId,
          ':until': lock.until,
          ':v': 1,
          ':system': lock.system,
          ':now': now,
        },
      });
      return true;
    } catch (error) {
      if (error instanceof Conflict) return false;
      throw error;
    }
  }

  /** Lets go, if it is this run's. Somebody else's lock is not touched; one that is gone already is fine. */
  async release(system: string, holder: string, now: string): Promise<void> {
    try {
      await this.items.update(key.lock(system), {
        expression: 'SET freed = :freed REMOVE holder, #until, incidentId',
        condition: 'holder = :holder',
        names: { '#until': 'until' },
        values: { ':holder': holder, ':freed': { by: holder, at: now } },
      });
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }

  async lock(system: string): Promise<Lock | undefined> {
    const item = await this.items.get(key.lock(system));
    return item?.holder ? read(Lock, item) : undefined;
  }

  /**
   * Counts an act, once per act key.
   * @param seen the breaker as the gate saw it
   * @throws {Conflict} when another act was counted meanwhile: the gate must look again
   */
  async count(name: BreakerName, actKey: string, at: string, seen: Breaker | undefined, kept: Breaker['acts']): Promise<void> {
    if (seen?.acts.some((act) => act.key === actKey)) return;
    const next: Breaker = { v: 1, ...name, acts: [...kept, { key: actKey, at }], revision: (seen?.revision ?? 0) + 1 };
    await this.items.update(key.breaker(name.system, name.verb, name.resource), {
      expression: 'SET v = :v, #system = :system, verb = :verb, #resource = :resource, acts = :acts, revision = :next',
      condition: seen ? 'revision = :was' : 'attribute_not_exists(pk)',
      names: { '#system': 'system', '#resource': 'resource' },
      values: {
        ':v': 1,
        ':system': next.system,
        ':verb': next.verb,
        ':resource': next.resource,
        ':acts': next.acts,
        ':next': next.revision,
        ...(seen && { ':was': seen.revision }),
      },
    });
  }
}
