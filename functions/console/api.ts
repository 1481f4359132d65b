import { Hono } from 'hono';
import { MARKDOWN, reviewMarkdown } from '../review/markdown.ts';
import type { Surroundings } from '../surroundings.ts';
import { bodyOf } from './body.ts';
import { answer } from './commands/answer.ts';
import { declare } from './commands/declare.ts';
import { endMaintenance, planMaintenance } from './commands/maintenance.ts';
import { note } from './commands/note.ts';
import { editReview } from './commands/review.ts';
import { setMode } from './commands/set-mode.ts';
import { startByHand } from './commands/start-by-hand.ts';
import { TRANSITIONS } from './commands/transitions.ts';
import { numbersApi } from './pages/numbers-routes.ts';
import { automationModes } from './read/automation.ts';
import { changes } from './read/changes.ts';
import { wholeIncident } from './read/incident.ts';
import { incidents } from './read/incidents.ts';
import { maintenances } from './read/maintenance.ts';
import { reviews, wholeReview } from './read/review.ts';
import { wholeRunbook } from './read/runbook.ts';
import { approvalView } from './views/approval.ts';
import { settingView } from './views/automation.ts';
import { incidentView } from './views/incident.ts';
import { runbookSummary } from './views/runbook.ts';

/**
 * The console's JSON. Lists come under their name; a POST takes `by` and answers with the object as it is now.
 * @param newId a new id for each call, which tells one request from another
 */
export function api(around: Surroundings, newId: () => string): Hono {
  const app = new Hono();

  app.get('/incidents', async (c) => c.json({ incidents: await incidents(around, c.req.query()) }));
  app.post('/incidents', async (c) => {
    const declared = await declare(around)(await bodyOf(c.req), newId());
    return c.json(incidentView(declared, undefined), 201);
  });
  app.get('/incidents/:id', async (c) => c.json(await wholeIncident(around, c.req.param('id'))));
  for (const [name, command] of Object.entries(TRANSITIONS))
    app.post(`/incidents/:id/${name}`, async (c) => {
      const id = c.req.param('id');
      const incident = await command(around)(id, await bodyOf(c.req));
      const claim = incident.dedupKey ? await around.store.claims.get(incident.dedupKey) : undefined;
      return c.json(incidentView(incident, claim));
    });
  app.post('/incidents/:id/notes', async (c) => c.json(await note(around)(c.req.param('id'), await bodyOf(c.req), newId()), 201));

  app.get('/runbooks', async (c) => {
    const { automation, defaultMode } = await automationModes(around);
    const mode = (id: string) => automation.find((one) => one.runbook === id)?.mode ?? defaultMode;
    return c.json({ runbooks: around.runbooks.map((runbook) => runbookSummary(runbook, mode(runbook.id))) });
  });
  app.get('/runbooks/:system/:name', async (c) => {
    const { runbook, record, permissions } = await wholeRunbook(around, `${c.req.param('system')}/${c.req.param('name')}`);
    return c.json({ ...runbook, record, permissions });
  });
  app.post('/runbooks/:system/:name/executions', async (c) => {
    const id = `${c.req.param('system')}/${c.req.param('name')}`;
    return c.json(await startByHand(around)(id, await bodyOf(c.req), newId()), 201);
  });

  app.get('/automation', async (c) => c.json(await automationModes(around)));
  app.post('/automation', async (c) => c.json(settingView(await setMode(around)(await bodyOf(c.req)))));
  app.get('/changes', async (c) => c.json({ changes: await changes(around) }));
  app.get('/maintenance', async (c) => c.json(await maintenances(around)));
  app.post('/maintenance', async (c) => c.json(await planMaintenance(around)(await bodyOf(c.req), newId()), 201));
  app.post('/maintenance/:id/end', async (c) => c.json(await endMaintenance(around)(c.req.param('id'), await bodyOf(c.req))));
  app.route('/', numbersApi(around));
  app.get('/reviews', async (c) => c.json({ reviews: await reviews(around) }));
  app.get('/reviews/:id', async (c) => {
    const { document } = await wholeReview(around, c.req.param('id'));
    return c.body(reviewMarkdown(document), 200, { 'content-type': MARKDOWN });
  });
  app.post('/reviews/:id', async (c) => c.json(await editReview(around)(c.req.param('id'), await bodyOf(c.req))));
  app.post('/approvals/:id', async (c) => c.json(approvalView(await answer(around)(c.req.param('id'), await bodyOf(c.req)))));
  return app;
}
