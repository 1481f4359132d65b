import type { Surroundings } from '../../surroundings.ts';
import { knownRunbook } from '../commands/start-by-hand.ts';
import { permissionsOf } from '../views/permissions.ts';
import { runbookView } from '../views/runbook.ts';
import { modeOf } from './automation.ts';
import { recordOf } from './record.ts';

/**
 * A runbook in full, as it is now, what it has done, and what it may do.
 * @throws {Rejected} 404 when there is no such runbook
 */
export async function wholeRunbook(around: Surroundings, id: string) {
  const found = knownRunbook(around, id);
  const [mode, record] = await Promise.all([modeOf(around, id), recordOf(around, id)]);
  const settings = around.config.settingsOf(found.system.id);
  return { runbook: runbookView(found, mode, settings), record, permissions: permissionsOf(around, found) };
}
