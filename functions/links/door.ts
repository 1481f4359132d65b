import { Hono } from 'hono';
import { assets } from '../console/assets/assets.ts';
import { pagerdutyRoutes } from '../pagerduty/webhook.ts';
import type { Surroundings } from '../surroundings.ts';
import { linksApp } from './app.ts';

/** All that the internet reaches: the links in pages with the files that they show, and what PagerDuty tells of. */
export function publicDoor(around: Surroundings, newId?: () => string): Hono {
  const app = new Hono();
  app.route('/assets', assets(['console.css', 'icon.svg']));
  app.route('/', pagerdutyRoutes(around));
  const links = linksApp(around, newId);
  app.all('*', (c) => links.fetch(c.req.raw));
  return app;
}
