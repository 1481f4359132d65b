import { registry } from '../../runbooks/registry.ts';
import { surroundings } from '../surroundings.ts';
import { makeStricter } from './commands/set-mode.ts';
import { invoked } from './invoked.ts';
import { settingView } from './views/automation.ts';

const press = makeStricter(surroundings(registry));

/** The big red button by `aws lambda invoke`: `{"scope": "all", "mode": "observe", "by": "…", "reason": "…"}`. */
export const handler = invoked('mode', async (given) => settingView(await press(given)));
