import type { Html } from './layout.ts';

/**
 * The most that a page may weigh, in bytes of HTML, whatever the table holds: at three in the morning it is read on a phone, and it is
 * fetched again every few seconds. Each part of a page that can grow has a room, and they and the rest of the page stay below this.
 */
export const MOST_OF_A_PAGE = 100_000;

/** What fits into a part of a page, and what does not. */
export class Room {
  private left: number;
  private readonly whole: Room | undefined;
  /** @param bytes of HTML @param whole the room that this one is a part of */
  constructor(bytes: number, whole?: Room) {
    this.left = bytes;
    this.whole = whole;
  }

  /** A part of it that takes so much at most. What it leaves is there for others. */
  part(bytes: number): Room {
    return new Room(bytes, this);
  }

  /** Takes the piece, if there is room for it. */
  takes(piece: Html): boolean {
    const weight = weightOf(piece);
    if (weight > this.left || this.whole?.takes(piece) === false) return false;
    this.left -= weight;
    return true;
  }

  /** Takes the first form of a thing that there is room for. @returns nothing where there is room for none */
  first(...forms: (() => Html)[]): Html | undefined {
    for (const form of forms) {
      const piece = form();
      if (this.takes(piece)) return piece;
    }
    return undefined;
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

/** In bytes. */
export const weightOf = (...pieces: readonly (Html | '')[]): number =>
  pieces.reduce((sum, piece) => sum + Buffer.byteLength(String(piece)), 0);

/** A text that would fill a page by itself, cut: no half character at its end, and it says that it goes on. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
}
