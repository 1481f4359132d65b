import * as z from 'zod';
import { startClimbing } from '../../escalate/restart.ts';
import { person } from '../../incident/actor.ts';
import { after, between, iso } from '../../incident/clock.ts';
import { idFrom } from '../../incident/ids.ts';
import { nextAttempt } from '../../incident/ladder/generation.ts';
import {
  covering,
  endOf,
  LONGEST_WINDOW_MS,
  MOST_WINDOWS,
  pruned,
  type Register,
  type Window,
} from '../../incident/maintenance.ts';
import { logUnreadable } from '../../log.ts';
import type { Surroundings } from '../../surroundings.ts';
import { absent, checked, conflict, invalid } from '../rejected.ts';
import { By, Reason } from './given.ts';

const HOURS = LONGEST_WINDOW_MS / 3_600_000;
/** What is planned for later than that is forgotten by then. */
const FARTHEST_MS = 90 * 24 * 3_600_000;

const Plan = z.strictObject({
  system: z.string(),
  /** One of its alerts; the whole system, if not said. */
  alert: z.string().default(''),
  /** Where it fires, by the name that incidents have for it; everywhere, if not said. */
  target: z.string().trim().max(200).default(''),
  /** Now, if not said. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime(),
  reason: Reason,
  by: By,
});
const End = z.strictObject({ by: By, reason: Reason });

/** A window with the system that it is of. */
export type Maintenance = Window & { system: string };

/**
 * Plans a maintenance, or begins it now. Its signals are recorded, nothing is changed, and nobody is paged until it is over.
 * @param request sent twice, it plans one
 */
export const planMaintenance =
  (around: Surroundings) =>
  async (given: unknown, request: string): Promise<Maintenance> => {
    const { system, by, reason, ...said } = checked(Plan, given);
    const now = iso(around.clock.now());
    const about = placed(around, system, said.alert, said.target);
    const [from, to] = [said.from ? iso(new Date(said.from)) : now, iso(new Date(said.to))];
    mustFit(from, to, now);
    const id = idFrom('maintenance', system, request);
    const window: Window = { id, ...about, from, to, ended: null, reason, by: person(by), at: now, recorded: [] };
    const register = await around.store.maintenances.change(system, (before) => {
      if (before.windows.some((one) => one.id === id)) return undefined;
      const kept = pruned(before, now);
      if (kept.windows.length >= MOST_WINDOWS)
        throw conflict('system', `${MOST_WINDOWS} windows of a system at most`, `${system} has ${MOST_WINDOWS} windows already`);
      return { ...kept, windows: [...kept.windows, window] };
    });
    return found(register, id);
  };

/** Ends a maintenance before its time: what still fires opens its incidents within a round of `watch`, and held pages go out. */
export const endMaintenance =
  (around: Surroundings) =>
  async (id: string, given: unknown): Promise<Maintenance> => {
    const { by, reason } = checked(End, given);
    const now = iso(around.clock.now());
    const registers = await Promise.all(around.systems.map((system) => around.store.maintenances.of(system.id)));
    const known = registers.find((one) => one?.windows.some((window) => window.id === id));
    if (!known) throw absent('id', 'the id of a maintenance', `there is no maintenance ${id.slice(0, 80)}`);
    const register = await around.store.maintenances.change(known.system, (before) =>
      ended(before, id, { at: now, by: person(by), reason }),
    );
    await letPagesGo(around, found(register, id));
    return found(register, id);
  };

function ended(register: Register, id: string, end: NonNullable<Window['ended']>): Register | undefined {
  const window = register.windows.find((one) => one.id === id);
  if (!window || window.ended) return undefined;
  if (endOf(window) <= end.at) throw conflict('id', 'a maintenance that is not over', `this one was over at ${window.to}`);
  return { ...register, windows: register.windows.map((one) => (one === window ? { ...one, ended: end } : one)) };
}

/** Their executions wait for the end that was planned: others take their place. */
async function letPagesGo(around: Surroundings, window: Maintenance): Promise<void> {
  const open = await around.store.incidents.open(logUnreadable);
  const register: Register = { v: 1, system: window.system, windows: [{ ...window, ended: null }], revision: 0 };
  const held = open.filter(
    (one) => one.system === window.system && covering(register, one, window.ended?.at ?? window.from).length > 0,
  );
  for (const { id } of held) await startClimbing(around, await around.store.incidents.change(id, nextAttempt));
}

function placed({ systems }: Surroundings, id: string, alert: string, target: string) {
  const oneOf = (field: string, given: string, names: readonly string[]) =>
    invalid(field, `one of ${names.join(', ')}`, `there is no ${field} "${given.slice(0, 80)}"`);
  const system = systems.find((one) => one.id === id);
  if (!system)
    throw oneOf(
      'system',
      id,
      systems.map((one) => one.id),
    );
  const alerts = system.alerts.map(({ name }) => name);
  if (alert && !alerts.includes(alert)) throw oneOf('alert', alert, alerts);
  return { alert: alert || null, target: target || null };
}

function mustFit(from: string, to: string, now: string): void {
  if (to <= now) throw invalid('to', 'a time to come, in UTC', `it would be over at ${to} already`);
  if (to <= from) throw invalid('to', `a time after ${from}`, 'it would end before it begins');
  if (from > after(now, FARTHEST_MS)) throw invalid('from', 'a time within 90 days', `${from} is too far ahead to be remembered`);
  if (between(from, to) > LONGEST_WINDOW_MS)
    throw invalid(
      'to',
      `${HOURS} hours after its beginning at the latest`,
      `nobody is paged in it: ${HOURS} hours is the longest`,
    );
}

function found(register: Register, id: string): Maintenance {
  const window = register.windows.find((one) => one.id === id);
  if (!window) throw new Error(`there is no maintenance ${id}`);
  return { ...window, system: register.system };
}
