import type { HostCall } from '../../../runbooks/language/command.ts';

/** An act, and what it is tried on. */
export interface Trying {
  /** Makes it necessary. @returns the act, which may name what was made */
  prepare(): Promise<HostCall<unknown>>;
  /** What there is now, of all that the act may touch. */
  state(): Promise<string[]>;
  /** At most so many cuts, spread over its calls of tools. */
  cuts: number;
  /** A call in whose midst it is cut off, too. */
  during?: string;
  /** Waits for what goes on after a cut, where nothing that cuts the script off ends it. */
  overAfterCut?(): Promise<void>;
}
