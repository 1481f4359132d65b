/**
 * How much harm a step can do, in order:
 * - `observe`: changes nothing;
 * - `routine`: interrupts nobody and loses nothing that anyone keeps (logs and backups past their retention);
 * - `disruptive`: interrupts or slows the service for a moment (a restart);
 * - `destructive`: can lose something that someone may want back. Always asks a person first; silence is a no.
 */
export const SAFETY = ['observe', 'routine', 'disruptive', 'destructive'] as const;
export type Safety = (typeof SAFETY)[number];

/** The highest of some classes; `observe` when there are none. */
export function highest(classes: readonly Safety[]): Safety {
  return SAFETY.findLast((safety) => classes.includes(safety)) ?? 'observe';
}

/** What a step of a class does, after "it". */
export const SAFETY_MEANS: Readonly<Record<Safety, string>> = {
  observe: 'changes nothing',
  routine: 'interrupts nobody and loses nothing that anyone keeps',
  disruptive: 'interrupts or slows the service for a moment',
  destructive: 'can lose something that someone may want back, so it asks a person first, and silence is a no',
};
