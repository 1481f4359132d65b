export interface Percentiles {
  count: number;
  p50: number;
  p99: number;
  worst: number;
}

/** By nearest rank: each is a value that was measured. Rounded to tenths. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (share: number) => rounded(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN);
  return { count: sorted.length, p50: rank(0.5), p99: rank(0.99), worst: rank(1) };
}

export function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
