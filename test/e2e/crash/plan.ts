/** What a round does: a resolved run, one whose act fails and is undone, one whose change is only for a time. */
export const VARIANTS = ['resolves', 'fails', 'temporary'] as const;
export type Variant = (typeof VARIANTS)[number];

export function isVariant(text: string): text is Variant {
  return VARIANTS.some((variant) => variant === text);
}

export interface Plan {
  /** From 1. */
  round: number;
  variant: Variant;
  /** When it is killed: which part of an undisturbed run has passed by then, from 0 to 1. */
  part: number;
  /** When the restarted process is killed, too: milliseconds after its start; `null` for most rounds. */
  againMs: number | null;
}

/** How long a restart may take until everything is mended: a second kill falls somewhere in it. */
const RECOVERY_MS = 2_000;

/** All rounds of a seed. A round does not depend on how many there are, so that one can be repeated by its number. */
export function plans(seed: number, rounds: number): Plan[] {
  const random = generator(seed);
  return Array.from({ length: rounds }, (_, index) => {
    const [which, part, again, when] = [random(), random(), random(), random()];
    return {
      round: index + 1,
      variant: VARIANTS[Math.floor(which * VARIANTS.length)] ?? 'resolves',
      part,
      againMs: again < 1 / 3 ? Math.round(when * RECOVERY_MS) : null,
    };
  });
}

/** Mulberry32: numbers from 0 to 1 that a seed repeats. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
