import type { Runbook } from '../runbooks/language/definition.ts';
import type { System } from '../runbooks/language/system.ts';

/** The systems and runbooks that are deployed. */
export interface Registry {
  systems: readonly System[];
  runbooks: readonly Runbook[];
}
