import { Hono } from 'hono';
import type { Surroundings } from '../../surroundings.ts';
import { knownRunbook, startByHand } from '../commands/start-by-hand.ts';
import { parametersOf } from '../views/field.ts';
import { runbookView } from '../views/runbook.ts';
import { carryOut, type Form } from './form.ts';
import type { Shown } from './shown.ts';

/** What the form of a runbook does: run it, or rehearse it. */
export function byHand(around: Surroundings, shown: Shown, newId: () => string): Hono {
  const app = new Hono();
  app.post('/runbooks/:system/:name/executions', (c) => {
    const id = `${c.req.param('system')}/${c.req.param('name')}`;
    return carryOut(
      c,
      (visit) => shown.runbook(id, visit),
      async (form) => `/incidents/${encodeURIComponent((await startFrom(around, id, form, newId)).incidentId)}?starting`,
    );
  });
  return app;
}

/** The same form sent twice starts one run; sent with something else in it, it starts another. */
function startFrom(around: Surroundings, id: string, form: Form, newId: () => string) {
  const found = knownRunbook(around, id);
  const view = runbookView(found, around.config.defaultMode, around.config.settingsOf(found.system.id));
  const parameters = parametersOf(view, (name) => form[`parameters.${name}`] ?? '');
  const given = { parameters, reason: form.reason, dryRun: form.how !== 'run', by: form.by };
  return startByHand(around)(id, given, `${form.request ?? newId()} ${JSON.stringify(given)}`);
}
