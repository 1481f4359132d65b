import type { SaveitSettings } from '../../../runbooks/saveit/system.ts';
import type { Tally } from '../tally.ts';
import type { Place } from './place.ts';
import type { Stack } from './stack.ts';

/** Where the stories are played. */
export interface Stage {
  place: Place;
  stack: Stack;
  home: string;
  results: Tally;
  /** A folder of tools that stand in front of the machine's own. */
  tools?: string;
  /** Where the stack is Save-It's, too. */
  saveit?: SaveitSettings;
}
