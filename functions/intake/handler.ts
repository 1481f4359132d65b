import { registry } from '../../runbooks/registry.ts';
import { surroundings } from '../surroundings.ts';
import { queueConsumer } from './queue.ts';

/** From the queue to an incident: see `intake.ts` for its story. */
export const handler = queueConsumer(surroundings(registry));
