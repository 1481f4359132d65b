import { Hono } from 'hono';
import { after, iso } from '../../incident/clock.ts';
import type { Surroundings } from '../../surroundings.ts';
import { answer } from '../commands/answer.ts';
import { declare } from '../commands/declare.ts';
import { endMaintenance, planMaintenance } from '../commands/maintenance.ts';
import { note } from '../commands/note.ts';
import { setMode } from '../commands/set-mode.ts';
import { TRANSITIONS } from '../commands/transitions.ts';
import { byHand } from './by-hand.ts';
import { carryOut, type Form, visitOf } from './form.ts';
import { startingPage } from './incident.ts';
import type { NavItem } from './layout.ts';
import { reviewRoutes } from './review-routes.ts';
import { Shown } from './shown.ts';

/** The pages, and the forms on them, which do what the API's calls do. */
export function site(around: Surroundings, nav: readonly NavItem[], newId: () => string): Hono {
  const app = new Hono();
  const shown = new Shown(around, nav, newId);
  const pageOf = (id: string) => `/incidents/${encodeURIComponent(id)}`;

  app.get('/', async (c) => c.html(await shown.incidents(visitOf(c), Number(c.req.query('from')) || 0, c.req.query('before'))));
  app.get('/incidents', (c) => c.redirect('/'));
  app.post('/incidents', (c) =>
    carryOut(
      c,
      (visit) => shown.incidents(visit),
      async (form) => pageOf((await declareFrom(around, form, newId)).id),
    ),
  );
  app.get('/incidents/:id', async (c) => {
    const id = c.req.param('id');
    const starting = c.req.query('starting') !== undefined && !(await around.store.incidents.get(id));
    return c.html(starting ? startingPage(nav, id) : await shown.incident(id, visitOf(c), c.req.query('find')?.slice(0, 200)));
  });
  // Before the other commands: "run again" takes more than they do.
  app.route('/', byHand(around, nav, shown, newId));
  for (const [path, command] of Object.entries(TRANSITIONS))
    app.post(`/incidents/:id/${path}`, (c) =>
      carryOut(
        c,
        (visit) => shown.incident(c.req.param('id'), visit),
        async (form) => pageOf((await command(around)(c.req.param('id'), form)).id),
      ),
    );
  app.post('/incidents/:id/notes', (c) =>
    carryOut(
      c,
      (visit) => shown.incident(c.req.param('id'), visit),
      async ({ by, text }) => {
        await note(around)(c.req.param('id'), { by, text }, newId());
        return pageOf(c.req.param('id'));
      },
    ),
  );
  app.post('/approvals/:id', (c) => {
    const [incidentId = ''] = c.req.param('id').split('.', 1);
    return carryOut(
      c,
      (visit) => shown.incident(incidentId, visit),
      async ({ by, reason, decision }) => {
        await answer(around)(c.req.param('id'), { by, reason, decision });
        return pageOf(incidentId);
      },
    );
  });

  app.get('/runbooks', async (c) => c.html(await shown.runbooks()));
  app.get('/runbooks/:system/:name', async (c) =>
    c.html(await shown.runbook(`${c.req.param('system')}/${c.req.param('name')}`, visitOf(c))),
  );
  app.get('/automation', async (c) => c.html(await shown.automation(visitOf(c))));
  app.post('/automation', (c) =>
    carryOut(
      c,
      (visit) => shown.automation(visit),
      async (form) => {
        await setModeFrom(around, form);
        return '/automation';
      },
    ),
  );

  app.get('/maintenance', async (c) => c.html(await shown.maintenance(visitOf(c))));
  app.post('/maintenance', (c) =>
    carryOut(
      c,
      (visit) => shown.maintenance(visit),
      async (form) => {
        await planFrom(around, form, newId);
        return '/maintenance';
      },
    ),
  );
  app.post('/maintenance/:id/end', (c) =>
    carryOut(
      c,
      (visit) => shown.maintenance(visit),
      async ({ by, reason }) => {
        await endMaintenance(around)(c.req.param('id'), { by, reason });
        return '/maintenance';
      },
    ),
  );
  app.route('/', reviewRoutes(around, nav));
  return app;
}

/** System and alert are one choice on the form, and it offers lengths in minutes. What is no time goes on as it came, to be refused. */
function planFrom(around: Surroundings, form: Form, newId: () => string) {
  const { place = '', target, from = '', minutes = '', reason, by, request } = form;
  const [system, alert] = place.split(' ');
  const begins = from || iso(around.clock.now());
  const known = /^\d{1,6}$/.test(minutes) && !Number.isNaN(Date.parse(begins));
  const to = known ? after(begins, Number(minutes) * 60_000) : minutes;
  return planMaintenance(around)({ system, alert, target, ...(from && { from }), to, reason, by }, request ?? newId());
}

/** System and severity are one choice on the form: severities are each system's own. */
function declareFrom(around: Surroundings, { place = '', title, target = '', by, request }: Form, newId: () => string) {
  const [system, severity] = place.split(' ');
  return declare(around)({ system, severity, title, target, by }, request ?? newId());
}

/** The form offers lengths in minutes; anything else goes on as it came, for the check to refuse. */
function setModeFrom(around: Surroundings, { scope, mode, reason, by, minutes = '' }: Form) {
  const ends = /^\d{1,6}$/.test(minutes) ? after(iso(around.clock.now()), Number(minutes) * 60_000) : minutes;
  return setMode(around)({ scope, mode, reason, by, until: ends || null });
}
