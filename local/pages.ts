import { getRequestListener } from '@hono/node-server';
import { consoleApp } from '../functions/console/app.ts';
import { linksApp } from '../functions/links/app.ts';
import { type LocalPlaces, localNav, localRoutes } from './console.ts';
import type { Answering } from './front-door.ts';
import type { Responder } from './responder.ts';

/**
 * The console with what only local mode has: the inbox, and the faults where the hosts are simulated. Beside it the links in pages,
 * which on AWS are a function of their own: whoever comes by one has no page of the console that it could come from.
 */
export function pages({ around, aws, simulation }: Responder): Answering {
  const places: LocalPlaces = {
    notifications: () => aws.inbox(),
    alarms: () => aws.alarms.all(),
    ...(simulation && { simulation }),
  };
  const console = getRequestListener(consoleApp(around, { nav: localNav(places), routes: localRoutes(places) }).fetch);
  const links = getRequestListener(linksApp(around).fetch);
  return (request, response) => void (request.url?.startsWith('/l/') ? links : console)(request, response);
}
