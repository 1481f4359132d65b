import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { consoleApp } from '../functions/console/app.ts';
import { LOCAL_NAV, localRoutes } from './console.ts';
import type { Local } from './responder.ts';

/** The console with what only local mode has: the faults of the simulation, and the inbox. */
export function pages({ around, aws, simulation }: Local): (request: IncomingMessage, response: ServerResponse) => void {
  const routes = localRoutes({
    notifications: () => aws.inbox(),
    faults: () => simulation.faults(),
    switchOn: (id) => simulation.switchOn(id),
    switchOff: (id) => simulation.switchOff(id),
    alarms: () => aws.alarms.all(),
  });
  const listener = getRequestListener(consoleApp(around, { nav: LOCAL_NAV, routes }).fetch);
  return (request, response) => void listener(request, response);
}
