const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text as XML can carry it. XML 1.0 has no place for most control characters: they are left out. */
function escaped(text: string): string {
  const printable = [...text].filter((character) => character >= ' ' || '\t\n\r'.includes(character)).join('');
  return printable.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '').replaceAll('\r', '&#xD;');
}

/** A value as the query protocol writes it: lists of `member`, maps of `entry` with `key` and `value`, times in ISO 8601. */
export function xmlOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => `<member>${xmlOf(item)}</member>`).join('');
  if (value instanceof Map)
    return [...value].map(([key, item]) => `<entry><key>${xmlOf(key)}</key><value>${xmlOf(item)}</value></entry>`).join('');
  if (typeof value !== 'object') return escaped(String(value));
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => `<${name}>${xmlOf(item)}</${name}>`)
    .join('');
}
