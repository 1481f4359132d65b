import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';
import { api } from './api.ts';
import { assets } from './assets/assets.ts';
import { errorPage } from './pages/error.ts';
import { NAV, type NavItem } from './pages/layout.ts';
import { site } from './pages/site.ts';
import { absent, errorBody, Rejected } from './rejected.ts';
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
  app.route('/', site(around, nav, newId));
  if (extra.routes) app.route('/', extra.routes);

  const isApi = (path: string) => path.startsWith('/api/');
  app.notFound((c) => {
    const nothing = absent('path', 'an address that is known', `there is nothing at ${c.req.path}`);
    return isApi(c.req.path) ? c.json(errorBody(nothing), 404) : c.html(errorPage(nav, nothing), 404);
  });
  app.onError((error, c) => {
    if (!(error instanceof Rejected)) log.error(`${c.req.method} ${c.req.path} failed`, error);
    const rejected = error instanceof Rejected ? error : undefined;
    const status = rejected?.status ?? 500;
    if (!isApi(c.req.path)) return c.html(errorPage(nav, rejected), status);
    return c.json(rejected ? errorBody(rejected) : OUTAGE, status);
  });
  return app;
}

/** Says nothing of what broke: that is in the log. An outage is never told as an absence. */
const OUTAGE = { error: { field: '', expected: '', message: 'Firebreak could not do this now: its log says why. Try again.' } };
