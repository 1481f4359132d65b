/** What an object of Kubernetes that makes pods may be called at most, so that their names still fit. */
const MOST = 57;

/**
 * A name for what a step makes, which follows from the step: a turn that is taken again finds what an earlier one has made, and no
 * other step makes the same.
 *
 * @param key as a step has it: `01J9ZK…-1-start-a-debug-pod-saveit`
 * @returns such as `firebreak-debug-01j9zk…-1-7f3a9c21`
 */
export function nameFromKey(what: string, key: string): string {
  const run = /^([0-9A-Za-z]+)-(\d+)/.exec(key);
  const begins = run ? `${run[1]}-${run[2]}`.toLowerCase() : '';
  const end = checksum(key);
  const front = [`firebreak-${what}`, begins].filter(Boolean).join('-');
  return `${front.slice(0, MOST - end.length - 1).replace(/-+$/, '')}-${end}`;
}

/** FNV-1a, 32 bits: to tell steps of one run apart, not to keep anybody out. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
