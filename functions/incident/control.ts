import * as z from 'zod';
import { type Duration, milliseconds } from '../../runbooks/language/duration.ts';
import { Actor } from './actor.ts';
import { between } from './clock.ts';

const Time = z.iso.datetime();

/** What the automation may do: everything, only what a person approved, or only look. The stricter first. */
export const MODES = ['observe', 'ask', 'auto'] as const;
export type Mode = (typeof MODES)[number];

/** What was known of a runbook when somebody let it do more: how often it ran, and what came of it. */
export const Promotion = z.object({
  /** What it was allowed before. */
  from: z.enum(MODES),
  /** How many runs were found, and since when; `null` where there was none. */
  runs: z.number().int(),
  since: Time.nullable(),
  /** How those ended that have: well by the runbook itself, or at a person. Rehearsals count as neither. */
  resolved: z.number().int(),
  escalated: z.number().int(),
  /** In how many of its latest runs it would have acted, and was held back. */
  heldBack: z.number().int(),
});
export type Promotion = z.infer<typeof Promotion>;

/** A setting of the big red button, for `all`, a system, or one runbook. */
export const ModeSetting = z.object({
  v: z.literal(1),
  scope: z.string(),
  mode: z.enum(MODES),
  /** When it ends by itself; `null` for never. */
  until: Time.nullable(),
  reason: z.string(),
  by: Actor,
  at: Time,
  /** Set where it lets one runbook do more than before. */
  promotion: Promotion.optional(),
});
export type ModeSetting = z.infer<typeof ModeSetting>;

/** The scopes that decide for a runbook, widest first. */
export function scopesOf(runbookId: string): [string, string, string] {
  return ['all', runbookId.split('/')[0] ?? runbookId, runbookId];
}

/**
 * The mode in force: the strictest of what is set for everything, the system and the runbook.
 * A runbook that nobody has promoted or restricted has the default of its surroundings.
 */
export function modeInForce(
  settings: readonly (ModeSetting | undefined)[],
  fallback: Mode,
  runbookId: string,
  now: string,
): Mode {
  const inForce = settings
    .filter((setting) => setting !== undefined)
    .filter((setting) => setting.until === null || setting.until > now);
  const modes = inForce.map((setting) => setting.mode);
  if (!inForce.some((setting) => setting.scope === runbookId)) modes.push(fallback);
  return MODES.find((mode) => modes.includes(mode)) ?? 'observe';
}

/**
 * Whether a setting lets no runbook do more than the one whose place it takes, now or at any time to come: also not when its own
 * time is over and what it replaced would still have held. It looks at one scope alone, so that what is set elsewhere, or lifted
 * there later, makes no difference.
 *
 * @param before what is set for the same scope, if anything is
 * @param fallback what a runbook may do that nobody has promoted or restricted
 */
export function isAsStrict(
  next: Pick<ModeSetting, 'scope' | 'mode' | 'until'>,
  before: Pick<ModeSetting, 'mode' | 'until'> | undefined,
  fallback: Mode,
  now: string,
): boolean {
  // Nothing set for a runbook leaves it its default; nothing set for more than one leaves them as they are.
  const unset = next.scope.includes('/') ? fallback : 'auto';
  const at = (setting: typeof before, time: string) =>
    MODES.indexOf(setting && (setting.until === null || setting.until > time) ? setting.mode : unset);
  const turns = [now, before?.until ?? now, next.until ?? now].filter((time) => time >= now);
  return turns.every((time) => at(next, time) <= at(before, time));
}

/** Who works on a system. A lease: it ends by itself if its holder is lost. */
export const Lock = z.object({ v: z.literal(1), system: z.string(), holder: z.string(), incidentId: z.string(), until: Time });
export type Lock = z.infer<typeof Lock>;

/** Who let go of a lock, and when. */
export const Freed = z.object({ by: z.string(), at: Time });
export type Freed = z.infer<typeof Freed>;

/** The acts of one verb on one resource that were counted. */
export const Breaker = z.object({
  v: z.literal(1),
  system: z.string(),
  verb: z.string(),
  resource: z.string(),
  /** Each with the key of its act, so that a repeated attempt is not counted twice. */
  acts: z.array(z.object({ key: z.string(), at: Time })),
  revision: z.number().int(),
});
export type Breaker = z.infer<typeof Breaker>;

/** Acts inside the window that ends now. */
export function actsInWindow(breaker: Breaker | undefined, per: Duration, now: string): Breaker['acts'] {
  return (breaker?.acts ?? []).filter((act) => between(act.at, now) < milliseconds(per));
}
