import type { Registry } from '../../../../functions/surroundings.ts';
import { countedRunbook } from '../../../functions/counted-runbook.ts';

const runbook = countedRunbook(false);

/** What the bundles know in the place of the real runbooks: one whose act works, and leaves a trace of each time. */
export const registry: Registry = { systems: [runbook.system], runbooks: [runbook] };
