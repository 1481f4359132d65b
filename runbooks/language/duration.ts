/** A length of time as a person writes it: `90s`, `5m`, `1h`, `7d`. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`;

const UNIT_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/**
 * @param duration for example `5m`
 * @returns whole or broken seconds
 * @throws {RangeError} if the text is not a number followed by s, m, h or d
 */
export function seconds(duration: Duration): number {
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(duration);
  if (!match) throw new RangeError(`"${duration}" is not a duration: expected a number followed by s, m, h or d, such as 5m`);
  return Number(match[1]) * UNIT_SECONDS[match[2] as keyof typeof UNIT_SECONDS];
}

/** Milliseconds of a duration. */
export function milliseconds(duration: Duration): number {
  return seconds(duration) * 1_000;
}

/** How a person would say a number of milliseconds: `3 min 12 s`, `0.4 s`, `2 h 5 min`. */
export function spoken(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1_000).toFixed(1).replace(/\.0$/, '')} s`;
  const total = Math.round(ms / 1_000);
  const [h, m, s] = [Math.floor(total / 3_600), Math.floor((total % 3_600) / 60), total % 60];
  if (h > 0) return m > 0 ? `${h} h ${m} min` : `${h} h`;
  if (m > 0) return s > 0 ? `${m} min ${s} s` : `${m} min`;
  return `${s} s`;
}
