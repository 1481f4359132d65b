import type { Signal } from './signal.ts';

/**
 * What starts a runbook, as data: an alert of its system and, if need be, an interval of its value.
 * `above` does not hold at the bound itself, `upTo` does: so 5 % belongs to exactly one of `above: 5` and `upTo: 5`.
 */
export interface Trigger {
  alert: string;
  severity: string;
  value?: { above?: number; upTo?: number } | 'none';
}

/** A trigger with the id of its runbook. */
export interface OwnedTrigger extends Trigger {
  runbook: string;
}

/** How much a trigger says: one that asks about the value goes before one that does not. */
export function weight(trigger: Trigger): number {
  return trigger.value === undefined ? 0 : 1;
}

export function matches(trigger: Trigger, signal: Pick<Signal, 'alert' | 'value'>): boolean {
  if (trigger.alert !== signal.alert) return false;
  if (trigger.value === undefined) return true;
  if (trigger.value === 'none') return signal.value === undefined;
  if (signal.value === undefined) return false;
  const { above = Number.NEGATIVE_INFINITY, upTo = Number.POSITIVE_INFINITY } = trigger.value;
  return signal.value > above && signal.value <= upTo;
}

/** The trigger that a signal selects among those of its system: the one that says most. `undefined` when none matches. */
export function select<T extends Trigger>(triggers: readonly T[], signal: Pick<Signal, 'alert' | 'value'>): T | undefined {
  return triggers.filter((trigger) => matches(trigger, signal)).sort((a, b) => weight(b) - weight(a))[0];
}

/** Whether some signal would match both, with nothing to choose between them. */
export function collide(a: Trigger, b: Trigger): boolean {
  if (a.alert !== b.alert || weight(a) !== weight(b)) return false;
  if (a.value === undefined || b.value === undefined) return true;
  if (a.value === 'none' || b.value === 'none') return a.value === b.value;
  const lower = Math.max(a.value.above ?? Number.NEGATIVE_INFINITY, b.value.above ?? Number.NEGATIVE_INFINITY);
  const upper = Math.min(a.value.upTo ?? Number.POSITIVE_INFINITY, b.value.upTo ?? Number.POSITIVE_INFINITY);
  return lower < upper;
}

/** As a person says it: `HighErrorRate above 5`. */
export function spokenTrigger(trigger: Trigger): string {
  if (trigger.value === undefined) return trigger.alert;
  if (trigger.value === 'none') return `${trigger.alert} without a value`;
  const { above, upTo } = trigger.value;
  return [trigger.alert, above === undefined ? '' : `above ${above}`, upTo === undefined ? '' : `up to ${upTo}`]
    .filter(Boolean)
    .join(' ');
}
