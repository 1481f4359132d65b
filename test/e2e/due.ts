/** An incident's way, as far as its ladder asks. Times are milliseconds since 1970. */
export interface Course {
  severity: string;
  /** Who said that something is wrong: `signal`, `declared`; of what somebody started by hand nobody else is told. */
  origin: string;
  /** The role that its runbook names. */
  responder: string;
  /** When its ladder began: at its opening, or when it was found to be worse. */
  openedAt: number;
  /** When the automation gave it up; nothing where it did not. */
  handedOverAt?: number | undefined;
  acknowledgedAt?: number | undefined;
  resolvedAt?: number | undefined;
  /** Up to when it is looked at. */
  now: number;
}

/** A role is paged so long after the opening or the hand-over, unless somebody has the incident, or until it is over. */
interface Rung {
  role: string | 'responder' | 'specialist';
  from: 'opening' | 'hand-over';
  minutes: number;
  unless: 'acknowledged' | 'resolved';
}
interface Ladder {
  rungs: readonly Rung[];
  /** In minutes: what is not handed over by then is as if it were. */
  patience: number;
}

const MINUTE = 60_000;
/** So late a page may be where somebody died with it: Step Functions tries again, and another sender waits a minute. */
const LATE_MS = 2 * MINUTE;
const FIRST_RESPONDER = 'oncall';

const at = (role: Rung['role'], minutes: number, unless: Rung['unless']): Rung => ({ role, from: 'opening', minutes, unless });
const over = (role: Rung['role'], minutes: number, unless: Rung['unless']): Rung => ({
  role,
  from: 'hand-over',
  minutes,
  unless,
});

/**
 * Whom both pages want to be paged in the first hour, written down a second time: here it is held against what has come. What is a
 * ticket (P2) or waits for the business day (P3, SEV4) pages nobody in that hour.
 */
const LADDERS: Readonly<Record<string, Ladder>> = {
  P0: {
    patience: 8,
    rungs: [
      at('oncall', 0, 'acknowledged'),
      over('oncall', 0, 'acknowledged'),
      over('specialist', 0, 'resolved'),
      at('lead', 15, 'acknowledged'),
      at('cto', 30, 'acknowledged'),
    ],
  },
  P1: {
    patience: 30,
    // The lead knows of it, whoever has it; an hour later again, where nobody has.
    rungs: [
      over('responder', 0, 'acknowledged'),
      over('lead', 0, 'resolved'),
      at('cto', 60, 'acknowledged'),
      over('lead', 60, 'acknowledged'),
    ],
  },
  P2: { patience: 120, rungs: [] },
  P3: { patience: 120, rungs: [] },
  SEV1: {
    patience: 8,
    rungs: [
      at('oncall', 0, 'acknowledged'),
      over('oncall', 0, 'acknowledged'),
      over('specialist', 0, 'resolved'),
      at('oncall', 15, 'acknowledged'),
      at('lead', 30, 'resolved'),
      at('manager', 45, 'resolved'),
    ],
  },
  SEV2: {
    patience: 15,
    rungs: [over('responder', 0, 'acknowledged'), at('lead', 30, 'resolved'), at('manager', 60, 'resolved')],
  },
  SEV3: { patience: 15, rungs: [over('responder', 0, 'acknowledged'), at('lead', 30, 'resolved')] },
  SEV4: { patience: 120, rungs: [] },
};

/** What is a ticket, and what waits for the next business day. */
export const isTicket = (severity: string): boolean => severity === 'P2';
export const waitsForBusinessDay = (severity: string): boolean => severity === 'P3' || severity === 'SEV4';

/** Severities of which team and stakeholders are told, that it has begun and that it is over. */
const TOLD = ['P0', 'SEV1', 'SEV2'];

/**
 * Holds the pages of an incident against what its ladder says.
 *
 * @param paged the roles that were paged, in the order in which they were due
 * @returns what does not hold: whoever is due must have been paged, and nobody else
 */
export function ladderFaults(course: Course, paged: readonly string[]): string[] {
  const { now, acknowledgedAt = now, resolvedAt = now } = course;
  const end = { resolved: Math.min(now, resolvedAt), acknowledged: Math.min(now, resolvedAt, acknowledgedAt) };
  const dues = duesOf(course);
  const roles = (lateMs: number) => dues.flatMap(({ role, due, unless }) => (due + lateMs <= end[unless] ? [role] : []));
  const [must, may] = [roles(LATE_MS), roles(0)];
  if (paged.length >= must.length && paged.every((role, nth) => may[nth] === role)) return [];
  return [`${paged.join(', ') || 'nobody'} paged, where ${must.join(', ') || 'nobody'} must and ${may.join(', ')} may be`];
}

/** How many pages are due by the time of the hand-over, at the least. */
export function dueAtHandOver(course: Course): number {
  const { handedOverAt = course.now } = course;
  return duesOf(course).filter(({ due }) => due <= handedOverAt).length;
}

/** In their order. What is due to one role at one moment is one page. */
function duesOf({ severity, responder, openedAt, handedOverAt }: Course) {
  const ladder = LADDERS[severity];
  if (!ladder) throw new Error(`there is no ladder for ${severity}`);
  const given = openedAt + ladder.patience * MINUTE;
  const begins = { opening: openedAt, 'hand-over': Math.min(given, handedOverAt ?? given) };
  const roleOf = (role: string) => {
    if (role === 'specialist') return responder === FIRST_RESPONDER ? undefined : responder;
    return role === 'responder' ? responder : role;
  };
  return ladder.rungs
    .flatMap(({ role, from, minutes, unless }) => {
      const who = roleOf(role);
      return who === undefined ? [] : [{ role: who, due: begins[from] + minutes * MINUTE, unless }];
    })
    .toSorted((a, b) => a.due - b.due)
    .filter(({ role, due }, nth, all) => all.findIndex((one) => one.role === role && one.due === due) === nth);
}

/** Whom notices are due to, who have nothing to do for it: `<role>: Update` when it begins, `<role>: Over` when it is over. */
export function noticesDue({ severity, origin, resolvedAt }: Pick<Course, 'severity' | 'origin' | 'resolvedAt'>): string[] {
  if (!TOLD.includes(severity) || !['signal', 'declared'].includes(origin)) return [];
  const kinds = resolvedAt === undefined ? ['Update'] : ['Over', 'Update'];
  return ['stakeholders', 'team'].flatMap((role) => kinds.map((kind) => `${role}: ${kind}`));
}
