import { registry } from '../../runbooks/registry.ts';
import { surroundings } from '../surroundings.ts';
import { consoleCall } from './console-call.ts';
import { invoked } from './invoked.ts';

/** The console's JSON by `aws lambda invoke`: `{"path": "/api/incidents"}`; see `console-call.ts`. */
export const handler = invoked('console', consoleCall(surroundings(registry)));
