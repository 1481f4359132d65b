import { Hono } from 'hono';
import { type Surroundings, severitiesOf } from '../../surroundings.ts';
import { asked, counting, listed, listing } from '../read/numbers.ts';
import { numbersView } from '../views/numbers.ts';
import type { NavItem } from './layout.ts';
import { numbersPage } from './numbers.ts';
import { numbersListPage } from './numbers-list.ts';

/** How often, how fast, and whom it woke: the figures, and what is behind each. */
export function numbersRoutes(around: Surroundings, nav: readonly NavItem[]): Hono {
  const app = new Hono();
  const { systems, runbooks } = around;

  app.get('/numbers', async (c) => {
    const asking = asked(around, c.req.query());
    const view = numbersView(await counting(around, asking), severitiesOf(around));
    return c.html(numbersPage({ nav, asking, view, systems, runbooks }));
  });
  app.get('/numbers/incidents', async (c) => {
    const asking = listing(around, c.req.query());
    const counted = await counting(around, asking);
    return c.html(numbersListPage(nav, asking, counted, listed(counted, asking)));
  });
  return app;
}

/** The same as JSON, below `/api`. */
export function numbersApi(around: Surroundings): Hono {
  const app = new Hono();
  app.get('/numbers', async (c) =>
    c.json(numbersView(await counting(around, asked(around, c.req.query())), severitiesOf(around))),
  );
  app.get('/numbers/incidents', async (c) => {
    const asking = listing(around, c.req.query());
    return c.json(listed(await counting(around, asking), asking));
  });
  return app;
}
