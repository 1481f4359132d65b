import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Surroundings } from '../surroundings.ts';
import { api } from './api.ts';
import { assets } from './assets/assets.ts';
import { errorAnswer, logOutage, nothingAt } from './outage.ts';
import { errorPage } from './pages/error.ts';
import { NAV, type NavItem } from './pages/layout.ts';
import { numbersRoutes } from './pages/numbers-routes.ts';
import { readRoutes } from './pages/read-routes.ts';
import { site } from './pages/site.ts';
import { errorBody, Rejected } from './rejected.ts';
import { safeHeaders, sameSite } from './same-site.ts';

export interface Extra {
  /** More places of the main navigation, with the routes behind them: local mode has faults and an inbox. */
  nav?: readonly NavItem[];
  routes?: Hono;
  /** A new id for each call; a random UUID if not said. */
  newId?: () => string;
}

/** Far more than any form holds. */
const MOST_BYTES = 256 * 1024;

/** The console: pages for people and JSON for machines, over the same commands. It reads the table, and holds nothing itself. */
export function consoleApp(around: Surroundings, extra: Extra = {}): Hono {
  const nav = [...NAV, ...(extra.nav ?? [])];
  const newId = extra.newId ?? randomUUID;
  const app = new Hono();
  app.use(safeHeaders, bodyLimit({ maxSize: MOST_BYTES }), sameSite);
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.route('/assets', assets());
  app.route('/api', api(around, newId));
  app.route('/', numbersRoutes(around, nav));
  app.route('/', readRoutes(around, nav));
  app.route('/', site(around, nav, newId));
  if (extra.routes) app.route('/', extra.routes);

  const isApi = (path: string) => path.startsWith('/api/');
  app.notFound((c) => {
    const nothing = nothingAt(c.req.path);
    return isApi(c.req.path) ? c.json(errorBody(nothing), 404) : c.html(errorPage(nav, nothing), 404);
  });
  app.onError((error, c) => {
    logOutage(c.req, error);
    const rejected = error instanceof Rejected ? error : undefined;
    return isApi(c.req.path) ? c.json(...errorAnswer(error)) : c.html(errorPage(nav, rejected), rejected?.status ?? 500);
  });
  return app;
}
