import { Hono } from 'hono';
import type { Surroundings } from '../../surroundings.ts';
import { changes } from '../read/changes.ts';
import { wholeIncident } from '../read/incident.ts';
import { evidenceText, timelineText } from '../views/as-text.ts';
import { changesPage } from './changes.ts';
import type { NavItem } from './layout.ts';

/** What is only read: an incident as plain text, in full, and what is still to be taken back. */
export function readRoutes(around: Surroundings, nav: readonly NavItem[]): Hono {
  const app = new Hono();
  app.get('/changes', async (c) => c.html(changesPage(nav, await changes(around), around.clock)));
  app.get('/incidents/:id/timeline.txt', async (c) => c.text(timelineText(await wholeIncident(around, c.req.param('id')))));
  app.get('/incidents/:id/evidence.txt', async (c) => c.text(evidenceText(await wholeIncident(around, c.req.param('id')))));
  return app;
}
