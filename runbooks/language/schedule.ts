/** Days of the week as EventBridge spells them. */
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;
type Weekday = (typeof WEEKDAYS)[number];

/** A look that nobody has to remember: a runbook is started at a time of its own. All times are UTC. */
export interface Schedule {
  /** Told beside the run: small letters, digits and hyphens. */
  name: string;
  /** What it is for, in a sentence. */
  why: string;
  /** `HH:MM` in UTC. */
  at: string;
  /** Each day, one day of the week, or one day of the month: of every month, or of some (1 is January). */
  on: 'day' | Weekday | { dayOfMonth: number; months?: readonly number[] };
  /** How bad it is when what it finds is for a person. */
  severity: string;
  parameters?: Readonly<Record<string, unknown>>;
}

/** What a schedule lacks, as sentences; none when it is sound. Days after the 28th are not in every month. */
export function scheduleFaults({ name, at, on }: Schedule): string[] {
  const day = typeof on === 'object' ? on : undefined;
  return [
    ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)
      ? []
      : [`its schedule "${name}" is not named in small letters, digits and hyphens`]),
    ...(/^([01]\d|2[0-3]):[0-5]\d$/.test(at) ? [] : [`its schedule ${name} is at "${at}", which is no time of the day`]),
    ...(day && !whole(day.dayOfMonth, 1, 28)
      ? [`its schedule ${name} is on day ${day.dayOfMonth}, which not every month has`]
      : []),
    ...(day?.months?.every((month) => whole(month, 1, 12)) === false ? [`its schedule ${name} names no month`] : []),
  ];
}

const whole = (value: number, least: number, most: number) => Number.isInteger(value) && value >= least && value <= most;

/** As EventBridge takes it: minutes, hours, day of month, month, day of week, year. Of the two days one is always `?`. */
export function cronOf({ at, on }: Pick<Schedule, 'at' | 'on'>): string {
  const [hours, minutes] = clockOf(at);
  if (on === 'day') return `cron(${minutes} ${hours} * * ? *)`;
  if (typeof on === 'string') return `cron(${minutes} ${hours} ? * ${on} *)`;
  return `cron(${minutes} ${hours} ${on.dayOfMonth} ${on.months?.join(',') ?? '*'} ? *)`;
}

/** The first moment after `after` at which it is due. */
export function nextDue({ at, on }: Pick<Schedule, 'at' | 'on'>, after: Date): Date {
  const [hours, minutes] = clockOf(at);
  const due = new Date(Date.UTC(after.getUTCFullYear(), after.getUTCMonth(), after.getUTCDate(), hours, minutes));
  while (due <= after || !falls(on, due)) due.setUTCDate(due.getUTCDate() + 1);
  return due;
}

function falls(on: Schedule['on'], at: Date): boolean {
  if (on === 'day') return true;
  if (typeof on === 'string') return WEEKDAYS[at.getUTCDay()] === on;
  return at.getUTCDate() === on.dayOfMonth && (on.months?.includes(at.getUTCMonth() + 1) ?? true);
}

/** For people: `each day at 03:10 UTC`. */
export function spokenSchedule({ at, on }: Pick<Schedule, 'at' | 'on'>): string {
  const when =
    on === 'day'
      ? 'each day'
      : typeof on === 'string'
        ? `each ${LONG[on]}`
        : `on day ${on.dayOfMonth} of ${on.months ? on.months.map((month) => MONTHS[month - 1]).join(', ') : 'each month'}`;
  return `${when} at ${at} UTC`;
}

const LONG: Record<Weekday, string> = {
  SUN: 'Sunday',
  MON: 'Monday',
  TUE: 'Tuesday',
  WED: 'Wednesday',
  THU: 'Thursday',
  FRI: 'Friday',
  SAT: 'Saturday',
};
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

function clockOf(at: string): [hours: number, minutes: number] {
  const [hours = '0', minutes = '0'] = at.split(':');
  return [Number(hours), Number(minutes)];
}
