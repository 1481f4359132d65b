import { registry } from '../../runbooks/registry.ts';
import { handlerOf } from '../anatomy.ts';
import { surroundings } from '../surroundings.ts';
import { LookEvent, look } from './look.ts';

/** Called by the escalation machine: see `climb.ts` for its story. */
export const handler = handlerOf('escalate', LookEvent, look(surroundings(registry)));
