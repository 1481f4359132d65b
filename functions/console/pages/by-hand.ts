import { type Context, Hono } from 'hono';
import type { Surroundings } from '../../surroundings.ts';
import { runAgain } from '../commands/run-again.ts';
import { checkedStart, knownRunbook, startByHand } from '../commands/start-by-hand.ts';
import { planOf } from '../read/plan.ts';
import { Rejected } from '../rejected.ts';
import { parametersOf } from '../views/field.ts';
import { runbookView } from '../views/runbook.ts';
import { answered, carryOut, type Form } from './form.ts';
import { overridesOf } from './guard-fields.ts';
import type { NavItem } from './layout.ts';
import type { Shown } from './shown.ts';
import { summaryPage } from './summary.ts';

/** What is started by hand from pages: a runbook's form, with the summary that stands before a run that may act, and "run again". */
export function byHand(around: Surroundings, nav: readonly NavItem[], shown: Shown, newId: () => string): Hono {
  const app = new Hono();
  app.post('/runbooks/:system/:name/executions', (c) => {
    const id = `${c.req.param('system')}/${c.req.param('name')}`;
    return answered(
      c,
      (visit) => shown.runbook(id, visit),
      (form) => next(c, around, nav, shown, id, form, newId),
    );
  });
  app.post('/incidents/:id/run-again', (c) => {
    const id = c.req.param('id');
    return carryOut(
      c,
      (visit) => shown.incident(id, visit),
      async (form) => {
        await runAgain(around)(id, { by: form.by, reason: form.reason, override: overridesOf(form) });
        return `/incidents/${encodeURIComponent(id)}`;
      },
    );
  });
  return app;
}

/** Back to the form, on to the summary, or to the run that was started. A rehearsal and what only looks need no summary. */
async function next(
  c: Context,
  around: Surroundings,
  nav: readonly NavItem[],
  shown: Shown,
  id: string,
  form: Form,
  newId: () => string,
): Promise<Response> {
  const runbook = knownRunbook(around, id);
  if (form.how === 'back') return c.html(await shown.runbook(id, { name: form.by ?? '', typed: form }));
  const given = givenBy(around, id, form);
  mustBeWhole(around, id, given);
  if (form.how === 'run' && form.confirmed !== 'yes' && runbook.safety !== 'observe') {
    const wanted = checkedStart(runbook, given);
    return c.html(await summaryPage({ nav, plan: await planOf(around, runbook, wanted), wanted, form }));
  }
  // The same form sent twice starts one run; sent with something else in it, it starts another.
  const started = await startByHand(around)(id, given, `${form.request ?? newId()} ${JSON.stringify(given)}`);
  return c.redirect(`/incidents/${encodeURIComponent(started.incidentId)}?starting`, 303);
}

/** What was typed, as the API takes it. What is neither "run" nor "rehearse" changes nothing. */
function givenBy(around: Surroundings, id: string, form: Form) {
  const runbook = knownRunbook(around, id);
  const view = runbookView(runbook, around.config.defaultMode, around.config.settingsOf(runbook.system.id));
  const parameters = parametersOf(view, (name) => form[`parameters.${name}`] ?? '');
  return { parameters, reason: form.reason ?? '', dryRun: form.how !== 'run', by: form.by ?? '', override: overridesOf(form) };
}

/** A person at a form says why: `{}` is enough for the API and the CLI, as for a machine. Every fault is told at once. */
function mustBeWhole(around: Surroundings, id: string, given: ReturnType<typeof givenBy>): void {
  const reason = given.reason.trim() === '' ? [NO_REASON] : [];
  const others = faultsOf(() => checkedStart(knownRunbook(around, id), given));
  // Going over a guard asks for a reason, too: that is one fault, not two.
  const [first, ...more] = [...reason, ...others.filter(({ field }) => field !== 'reason' || reason.length === 0)];
  if (first) throw new Rejected(400, first, ...more);
}

const WHY = 'why you run it, in a few words';
const NO_REASON = { field: 'reason', expected: WHY, message: `reason is missing: expected ${WHY}` };

function faultsOf(check: () => unknown): Rejected['faults'][number][] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof Rejected) return [...error.faults];
    throw error;
  }
}
