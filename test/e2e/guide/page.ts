/** What a page asks of its reader, in order: a file to write, or lines to type. */
export type Piece = { asks: 'write'; path: string; text: string } | { asks: 'type'; text: string };

/** It begins with the name of the file that the block below it is. */
const NAMED = /^`([\w./-]+\.\w+)`/;

/**
 * Reads a guide as a newcomer does: lines of `sh` are typed, and any other block is the file that the paragraph above it begins with.
 * @throws {Error} for a block that is neither
 */
export function piecesOf(page: string): Piece[] {
  // Texts and blocks take turns; a block begins with its language.
  const parts = page.split(/^```/m);
  return parts.flatMap((block, at): Piece[] => {
    if (at % 2 === 0) return [];
    const [, language = '', text = ''] = /^(\w*)\n([\s\S]*)$/.exec(block) ?? [];
    if (language === 'sh') return [{ asks: 'type', text }];
    const paragraph = parts[at - 1]?.trim().split('\n\n').at(-1) ?? '';
    const [, path] = NAMED.exec(paragraph) ?? [];
    if (!path)
      throw new Error(`a block of ${language} is no file: expected the paragraph above to begin with its path: ${paragraph}`);
    return [{ asks: 'write', path, text }];
  });
}
