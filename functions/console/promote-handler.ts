import { registry } from '../../runbooks/registry.ts';
import { surroundings } from '../surroundings.ts';
import { setMode } from './commands/set-mode.ts';
import { invoked } from './invoked.ts';
import { settingView } from './views/automation.ts';

const promote = setMode(surroundings(registry));

/** Lets a runbook do more, or less, by `aws lambda invoke`: `{"scope": "sira/disk-space-low", "mode": "auto", "reason": "…", "by": "…"}`. */
export const handler = invoked('promote', async (given) => settingView(await promote(given)));
