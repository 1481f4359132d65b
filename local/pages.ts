import { getRequestListener } from '@hono/node-server';
import { consoleApp } from '../functions/console/app.ts';
import { type LocalPlaces, localNav, localRoutes } from './console.ts';
import type { Answering } from './front-door.ts';
import type { Responder } from './responder.ts';

/** The console with what only local mode has: the inbox, and the faults where the hosts are simulated. */
export function pages({ around, aws, simulation }: Responder): Answering {
  const places: LocalPlaces = {
    notifications: () => aws.inbox(),
    alarms: () => aws.alarms.all(),
    ...(simulation && { simulation }),
  };
  const listener = getRequestListener(consoleApp(around, { nav: localNav(places), routes: localRoutes(places) }).fetch);
  return (request, response) => void listener(request, response);
}
