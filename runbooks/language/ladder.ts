import { type Duration, seconds } from './duration.ts';

/**
 * Whom a rung pages.
 *
 * `responder` is who has the incident first: the role that the runbook names (the database admin for a broken database), or the
 * system's first responder. `specialist` is that role only where it is another than the first responder. `above` climbs so
 * many steps of the responder's own path (`Role.next`). A name is a role, whoever the responder is.
 */
export type Addressee = 'responder' | 'specialist' | { above: number } | { role: string };

/** One step of a ladder. */
export interface Rung {
  to: Addressee;
  /**
   * When it is due. `opened` counts from the moment at which this round of the ladder began. `handed-over` counts from the moment
   * at which the automation ended at a person, or from the end of the ladder's `patience` where it has not ended by then.
   * `next-business-day` is when the system's next business day begins.
   */
  from: 'opened' | 'handed-over' | 'next-business-day';
  after: Duration;
  /** An acknowledgement is enough for most rungs. Some go on until it is resolved, whoever has it. */
  unless: 'acknowledged' | 'resolved';
  /** A ticket is written instead of a page: a task for the team, which wakes nobody. */
  by: 'page' | 'ticket';
  /** Only where users feel it. Not known counts as felt. */
  onlyIfFelt?: true;
}

/**
 * What a rung is called where it was climbed: it tells rungs of a ladder apart, and follows from nothing but what the rung is, so
 * that a rung which is added or taken away makes no other one be taken for climbed.
 */
export function rungName({ to, from, after, unless, by }: Rung): string {
  const whom = typeof to === 'string' ? to : 'role' in to ? to.role : `above-${to.above}`;
  return `${whom}.${from}+${after}.${unless}.${by}`;
}

/** Who is paged, when, for incidents of some severities. */
export interface Ladder {
  severities: readonly string[];
  rungs: readonly Rung[];
  /** How long the automation may work before people are paged as if it had handed over. */
  patience: Duration;
  /**
   * After the last rung it starts again, so often and no more, each time so much later, with a note that nobody answered. What
   * waits for a business day waits for the one after it then.
   */
  again: { after: Duration; times: number };
  /** How long an acknowledgement holds: without a resolution the ladder begins anew then. */
  acknowledged: Duration;
}

/**
 * The ladder of a severity.
 * @throws {Error} where there is none, which the checks of the system refuse
 */
export function ladderFor({ ladders }: { ladders: readonly Ladder[] }, severity: string): Ladder {
  const found = ladders.find(({ severities }) => severities.includes(severity));
  if (!found) throw new Error(`there is no ladder for ${severity}`);
  return found;
}

/** What the checks of a system need to know of it. */
interface Staffed {
  severities: readonly { name: string }[];
  roles: readonly { name: string; next?: string | undefined }[];
  ladders: readonly Ladder[];
}

/**
 * What is wrong with a system's ladders, one line a fault; none where all is well. Every severity has one ladder, every name is a
 * role, no path runs in a circle, and each ladder pages at least one person.
 */
export function ladderFaults({ severities, roles, ladders }: Staffed): string[] {
  const known = new Set(roles.map(({ name }) => name));
  const paths = roles.flatMap(({ name, next }) => {
    if (next !== undefined && !known.has(next)) return [`role ${name}: next is ${next}, which is not one of its roles`];
    return pathOf(roles, name).circle ? [`role ${name}: its path runs in a circle`] : [];
  });
  const covered = severities.flatMap(({ name }) => {
    const many = ladders.filter((ladder) => ladder.severities.includes(name)).length;
    return many === 1 ? [] : [`severity ${name}: expected one ladder, got ${many}`];
  });
  const names = new Set(severities.map(({ name }) => name));
  const rungs = ladders.flatMap((ladder) => [
    ...ladder.severities
      .filter((name) => !names.has(name))
      .map((name) => `a ladder for ${name}, which is not one of its severities`),
    ...ladder.rungs.flatMap(({ to }) => {
      const role = roleNamed(to);
      return role === undefined || known.has(role) ? [] : [`a rung pages ${role}, which is not one of its roles`];
    }),
    ...twice(ladder.rungs.map(rungName)).map((rung) => `the rung ${rung} stands twice`),
    ...outOfOrder(ladder).map((fault) => `the ladder for ${ladder.severities.join(', ')}: ${fault}`),
    ...(ladder.rungs.some(({ by, to, onlyIfFelt }) => by === 'page' && to !== 'specialist' && !onlyIfFelt)
      ? []
      : [`the ladder for ${ladder.severities.join(', ')} pages nobody`]),
  ]);
  return [...paths, ...covered, ...rungs];
}

const twice = (names: readonly string[]) => names.filter((name, at) => names.indexOf(name) !== at);
const roleNamed = (to: Addressee) => (typeof to === 'object' && 'role' in to ? to.role : undefined);

/** Rungs are climbed in their order, so none may be due before the one that stands before it, whenever the automation hands over. */
function outOfOrder({ rungs, patience, again }: Ladder): string[] {
  const faults = rungs.flatMap((rung, at) => {
    const before = rungs[at - 1];
    if (!before) return [];
    const [earliest, latest] = [range(rung, patience)[0], range(before, patience)[1]];
    const together = rung.from === before.from && seconds(rung.after) >= seconds(before.after);
    return together || earliest >= latest ? [] : [`rung ${at + 1} can be due before rung ${at}`];
  });
  const [first, last] = [rungs[0], rungs.at(-1)];
  if (!first || !last || last.from === 'next-business-day') return faults;
  if (seconds(again.after) + range(first, patience)[0] >= range(last, patience)[1]) return faults;
  return [...faults, 'it starts again before its last rung'];
}

/** How many seconds after the beginning a rung can be due, at the earliest and at the latest. */
function range({ from, after }: Rung, patience: Duration): [number, number] {
  const later = seconds(after);
  if (from === 'opened') return [later, later];
  if (from === 'handed-over') return [later, later + seconds(patience)];
  return [later, Number.POSITIVE_INFINITY];
}

/**
 * The roles above one, nearest first.
 * @returns also whether the path comes back to a role that is on it
 */
export function pathOf(
  roles: readonly { name: string; next?: string | undefined }[],
  from: string,
): { above: string[]; circle: boolean } {
  const above: string[] = [];
  for (let next = nextOf(roles, from); next !== undefined; next = nextOf(roles, next)) {
    if (next === from || above.includes(next)) return { above, circle: true };
    above.push(next);
  }
  return { above, circle: false };
}

const nextOf = (roles: readonly { name: string; next?: string | undefined }[], name: string) =>
  roles.find((role) => role.name === name)?.next;
