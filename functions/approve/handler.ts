import { registry } from '../../runbooks/registry.ts';
import { invoked } from '../console/invoked.ts';
import { surroundings } from '../surroundings.ts';
import { approve } from './approve.ts';

/** Approves or denies by `aws lambda invoke`: see `approve.ts`. */
export const handler = invoked('approve', approve(surroundings(registry)));
