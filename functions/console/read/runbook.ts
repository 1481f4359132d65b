import type { Surroundings } from '../../surroundings.ts';
import { knownRunbook } from '../commands/start-by-hand.ts';
import { runbookView } from '../views/runbook.ts';
import { modeOf } from './automation.ts';
import { recordOf } from './record.ts';

/**
 * A runbook in full, as it is now, and what it has done.
 * @throws {Rejected} 404 when there is no such runbook
 */
export async function wholeRunbook(around: Surroundings, id: string) {
  const found = knownRunbook(around, id);
  const [mode, record] = await Promise.all([modeOf(around, id), recordOf(around, id)]);
  return { runbook: runbookView(found, mode, around.config.settingsOf(found.system.id)), record };
}
