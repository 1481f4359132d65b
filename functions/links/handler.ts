import { registry } from '../../runbooks/registry.ts';
import { handlerOf } from '../anatomy.ts';
import { surroundings } from '../surroundings.ts';
import { publicDoor } from './door.ts';
import { GatewayEvent, throughGateway } from './gateway.ts';

/** The one function that the internet reaches: see `door.ts`. */
export const handler = handlerOf('links', GatewayEvent, throughGateway(publicDoor(surroundings(registry))));
