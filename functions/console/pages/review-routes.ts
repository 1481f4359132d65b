import { Hono } from 'hono';
import { iso } from '../../incident/clock.ts';
import { MARKDOWN, reviewMarkdown } from '../../review/markdown.ts';
import { type Surroundings, systemOf } from '../../surroundings.ts';
import { knownIncident } from '../commands/known.ts';
import { beginReview, editReview } from '../commands/review.ts';
import { reviews, wholeReview } from '../read/review.ts';
import { carryOut, type Visit, visitOf } from './form.ts';
import type { Html, NavItem } from './layout.ts';
import { editFrom } from './review-fields.ts';
import { reviewForm } from './review-form.ts';
import { noReviewPage, reviewPage, reviewsPage } from './reviews.ts';

/** Reviews: the list, each as it is read, its form, and the file that is sent. */
export function reviewRoutes(around: Surroundings, nav: readonly NavItem[]): Hono {
  const app = new Hono();
  const pageOf = (id: string) => `/reviews/${encodeURIComponent(id)}`;

  app.get('/reviews', async (c) => {
    const from = Math.max(0, Math.trunc(Number(c.req.query('from'))) || 0);
    return c.html(reviewsPage(nav, await reviews(around), around.systems, iso(around.clock.now()), from));
  });
  app.get('/reviews/:file{[^/]+\\.md}', async (c) => {
    const id = c.req.param('file').slice(0, -'.md'.length);
    const { incident, document } = await wholeReview(around, id);
    return c.body(reviewMarkdown(document), 200, {
      'content-type': MARKDOWN,
      'content-disposition': `attachment; filename="review-${incident.id.replace(/[^\w-]/g, '_')}.md"`,
    });
  });
  app.get('/reviews/:id', async (c) => c.html(await shown(around, nav, c.req.param('id'), visitOf(c))));
  app.get('/reviews/:id/edit', async (c) => c.html(await form(around, nav, c.req.param('id'), visitOf(c))));
  app.post('/reviews/:id/edit', (c) =>
    carryOut(
      c,
      (visit) => form(around, nav, c.req.param('id'), visit),
      async (typed) => {
        return pageOf((await editReview(around)(c.req.param('id'), editFrom(typed))).incidentId);
      },
    ),
  );
  app.post('/reviews/:id/begin', (c) =>
    carryOut(
      c,
      (visit) => shown(around, nav, c.req.param('id'), visit),
      async ({ by }) => `${pageOf((await beginReview(around)(c.req.param('id'), { by })).incidentId)}/edit`,
    ),
  );
  return app;
}

/** The review, or the way to begin it. */
async function shown(around: Surroundings, nav: readonly NavItem[], id: string, { name, problem }: Visit): Promise<Html> {
  const incident = await knownIncident(around, id);
  if (problem || !(await around.store.reviews.get(incident.id)))
    return noReviewPage(nav, incident.id, incident.title, name, problem);
  return reviewPage(nav, await wholeReview(around, incident.id));
}

async function form(around: Surroundings, nav: readonly NavItem[], id: string, { name, problem, typed }: Visit): Promise<Html> {
  const incident = await knownIncident(around, id);
  const review = await around.store.reviews.get(incident.id);
  if (!review) return noReviewPage(nav, incident.id, incident.title, name, problem);
  const title = `${incident.severity} ${incident.title}`;
  return reviewForm({ nav, review, title, system: systemOf(around, incident.system), name, problem, typed });
}
