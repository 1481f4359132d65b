/** Small pieces of GitHub's Markdown. Whatever comes in stays text: nothing in it becomes markup. */

/** Text within a paragraph, a list item or a table cell. */
export function text(value: string): string {
  return value
    .replace(/\s+/g, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*[\]|~$]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/^([#>=+-])/, '\\$1')
    .replace(/^(\d+)([.)])(?= |$)/, '$1\\$2');
}

/** A piece of code within a paragraph. */
export function code(value: string): string {
  const inner = value.replace(/\s+/g, ' ').trim();
  const fence = '`'.repeat(longestRun(inner) + 1);
  const pad = inner.startsWith('`') || inner.endsWith('`') ? ' ' : '';
  return inner === '' ? '' : `${fence}${pad}${inner}${pad}${fence}`;
}

/** A block of code, with a fence that nothing in it can close. */
export function block(language: string, value: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(value) + 1));
  return `${fence}${language}\n${value.trimEnd()}\n${fence}`;
}

/** A table, or nothing where there are no rows. Cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  // In a cell a bar ends it even inside code; one with an odd number of backslashes before it is escaped already.
  const cell = (value: string) =>
    value.replace(/\n/g, ' ').replace(/(\\*)\|/g, (_, before: string) => `${before}${before.length % 2 === 0 ? '\\' : ''}|`);
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

/** Parts of a page with an empty line between them; empty ones are left out. */
export function page(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function longestRun(value: string): number {
  return Math.max(0, ...(value.match(/`+/g) ?? []).map((run) => run.length));
}
