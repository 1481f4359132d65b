import type { Registry } from '../../../../functions/surroundings.ts';
import { countedRunbook } from '../../../functions/counted-runbook.ts';

const runbook = countedRunbook(true);

/** What the bundles know in the place of the real runbooks: one whose act changes something and fails, so that it is undone. */
export const registry: Registry = { systems: [runbook.system], runbooks: [runbook] };
