import type { Block } from './block.ts';

const ITEM = /^\s*[-*•]\s+/;

/**
 * A person's words as they were typed into a field: an empty line ends a paragraph, and lines that begin with a dash are a list.
 * Nothing else in them means anything.
 */
export function paragraphs(words: string): Block[] {
  return words
    .split(/\n\s*\n/)
    .flatMap((part) => grouped(part.split('\n').filter((line) => line.trim() !== '')))
    .map((lines): Block => {
      const isList = lines.every((line) => ITEM.test(line));
      return isList
        ? { kind: 'list', items: lines.map((line) => line.replace(ITEM, '').trim()), written: true }
        : { kind: 'text', text: lines.map((line) => line.trim()).join(' '), written: true };
    });
}

/** Lines of a list apart from those before and after it. */
function grouped(lines: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last?.[0] !== undefined && ITEM.test(last[0]) === ITEM.test(line)) last.push(line);
    else groups.push([line]);
  }
  return groups;
}
