import type { Html } from './layout.ts';

/**
 * The most that a page may weigh, in bytes of HTML, whatever the table holds: at three in the morning it is read on a phone, and it is
 * fetched again every few seconds. Each part of a page that can grow has a room, and they and the rest of the page stay below this.
 */
export const MOST_OF_A_PAGE = 100_000;

/** What fits into a part of a page, and what does not. */
export class Room {
  private left: number;
  /** @param bytes of HTML */
  constructor(bytes: number) {
    this.left = bytes;
  }

  /** Takes the piece, if there is room for it. */
  takes(piece: Html): boolean {
    const weight = Buffer.byteLength(String(piece));
    if (weight > this.left) return false;
    this.left -= weight;
    return true;
  }

  /** The first of them, as many as fit: nothing after one that does not. */
  fit<T>(items: readonly T[], show: (item: T, at: number) => Html): { shown: Html[]; left: number } {
    const shown: Html[] = [];
    for (const [at, item] of items.entries()) {
      const piece = show(item, at);
      if (!this.takes(piece)) break;
      shown.push(piece);
    }
    return { shown, left: items.length - shown.length };
  }
}

/** A text that would fill a page by itself, cut: no half character at its end, and it says that it goes on. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
}
