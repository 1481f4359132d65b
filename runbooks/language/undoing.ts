import type { Act } from './definition.ts';
import { spoken } from './duration.ts';

/** Whether, and when, what an act changes is taken back. */
export function undoing({ undo }: Pick<Act, 'undo'>): string {
  if (!undo) return 'safe to repeat, nothing to undo';
  if (undo.takeBackSeconds === null) return 'undone if it stays half done';
  return `taken back ${spoken(undo.takeBackSeconds * 1_000)} later`;
}
