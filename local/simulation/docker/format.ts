import { render, type Value } from './templates.ts';

export type Row = { [key: string]: Value };

/** Lines under headings, padded as Docker pads them. */
export function table(headings: string[], rows: string[][]): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3))
      .join('')
      .trimEnd();
  return [headings, ...rows].map(line).join('\n');
}

/**
 * Prints rows the way a list command's `--format` asks for: a template per line, `json`, `table <template>`, or the
 * command's own table.
 */
export function list(rows: Row[], format: string | undefined, columns: Record<string, string>): string {
  if (format === 'json') return rows.map((row) => JSON.stringify(row)).join('\n');
  if (format === undefined || format === 'table')
    return table(
      Object.keys(columns),
      rows.map((row) => Object.values(columns).map((field) => String(row[field] ?? ''))),
    );
  if (format.startsWith('table ')) {
    const template = format.slice('table '.length).replaceAll('\\t', '\t');
    const headings = [...template.matchAll(/\{\{\.(\w+)\}\}/g)].map(([, field = '']) => field.toUpperCase());
    return table(
      headings,
      rows.map((row) => render(template, row).split('\t')),
    );
  }
  return rows.map((row) => render(format, row)).join('\n');
}

/** A size as Docker prints it: decimal units, four digits at most. */
export function humanBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const unit = bytes <= 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1_000 ** unit).toPrecision(4))}${units[unit]}`;
}

/** A size in binary units, as `docker stats` prints memory. */
export function binaryBytes(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toPrecision(4)}GiB` : `${(bytes / 1024 ** 2).toPrecision(4)}MiB`;
}

/** A length of time as Docker says it: `6 minutes`, `About an hour`, `3 days`. */
export function spokenAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [minutes, hours] = [Math.floor(seconds / 60), Math.round(seconds / 3_600)];
  if (seconds < 1) return 'Less than a second';
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  const days = Math.floor(hours / 24);
  if (days < 14) return `${days} days`;
  if (days < 60) return `${Math.floor(days / 7)} weeks`;
  return days < 730 ? `${Math.floor(days / 30)} months` : `${Math.floor(days / 365)} years`;
}

/** `2026-10-04 03:14:00 +0000 UTC`, as list commands print times. */
export function listTime(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} +0000 UTC`;
}

/** Rows that match every `--filter key=value`; values of one key are alternatives. An unknown key is refused as Docker does. */
export function filtered<T>(items: T[], filters: string[], tests: Record<string, (item: T, value: string) => boolean>): T[] {
  const byKey = new Map<string, string[]>();
  for (const filter of filters) {
    const [key = '', ...rest] = filter.split('=');
    if (!(key in tests)) throw new Error(`Error response from daemon: invalid filter '${key}'`);
    byKey.set(key, [...(byKey.get(key) ?? []), rest.join('=')]);
  }
  return items.filter((item) => [...byKey].every(([key, values]) => values.some((value) => tests[key]?.(item, value))));
}
