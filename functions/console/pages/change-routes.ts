import { Hono } from 'hono';
import type { Surroundings } from '../../surroundings.ts';
import { changes } from '../read/changes.ts';
import { changesPage } from './changes.ts';
import type { NavItem } from './layout.ts';

/** What is to be taken back. */
export function changeRoutes(around: Surroundings, nav: readonly NavItem[]): Hono {
  const app = new Hono();
  app.get('/changes', async (c) => c.html(changesPage(nav, await changes(around), around.clock)));
  return app;
}
