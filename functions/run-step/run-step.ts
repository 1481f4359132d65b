import * as z from 'zod';
import type { Act } from '../../runbooks/language/definition.ts';
import type { RunState } from '../../runbooks/language/outcome.ts';
import { escalate } from '../escalate/escalate.ts';
import { reachRole } from '../escalate/reach.ts';
import { runbookOf, type Surroundings } from '../surroundings.ts';
import { act } from './act.ts';
import { waitForPerson } from './ask.ts';
import { diagnose } from './look.ts';
import { open } from './open.ts';
import { redact } from './redact.ts';
import { report, resolve } from './resolve.ts';
import { type Answer, type Step, stepOf, toState } from './step.ts';
import { undo } from './undo.ts';
import { verify } from './verify.ts';

const Origin = { runbook: z.string(), step: z.string(), execution: z.string(), executionName: z.string() };
const Travelling = z.object({
  incidentId: z.string().min(1),
  run: z.number().int().min(1),
  pass: z.number().int().min(1),
  message: z.string().default(''),
  error: z.object({ Error: z.string(), Cause: z.string().default('') }).optional(),
});

/** What a state hands to the function: which step of which runbook, and where the run stands. */
export const StepEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), ...Origin, input: z.unknown() }),
  z.object({ kind: z.literal('ask'), ...Origin, state: Travelling, taskToken: z.string().min(1) }),
  z.object({ kind: z.enum(['look', 'act', 'verify', 'resolve', 'report', 'undo']), ...Origin, state: Travelling }),
  // The way out must work even where the run never came to have a state.
  z.object({ kind: z.literal('escalate'), ...Origin, state: Travelling.partial().catch({}) }),
]);
export type StepEvent = z.infer<typeof StepEvent>;

/**
 * One step of one run. The state machine calls it for every state; every decision is behind it.
 * Calling it again with the same event does nothing twice.
 */
export const runStep =
  (around: Surroundings) =>
  async (event: StepEvent): Promise<RunState> => {
    if (event.kind === 'open') return open(around, event);
    if (event.kind === 'escalate') return wayOut(around, event);
    const step = await stepOf(around, event.runbook, event.state);
    const answer = await carryOut(around, step, event);
    // On the way out the reason travels on: it is what the page says.
    return toState(event.state, event.kind === 'undo' ? { ...answer, message: reasonOf(event.state) } : answer);
  };

async function carryOut(
  around: Surroundings,
  step: Step,
  event: Exclude<StepEvent, { kind: 'open' | 'escalate' }>,
): Promise<Answer> {
  switch (event.kind) {
    case 'look':
      return diagnose(around, step, named(step.runbook.looks, event.step));
    case 'act':
      return act(around, step, named(step.runbook.acts, event.step));
    case 'ask':
      return waitForPerson(around, step, named(step.runbook.acts, event.step), event.taskToken);
    case 'undo':
      return undo(around, step, named<Act>(step.runbook.acts, event.step));
    case 'verify':
      if (!step.runbook.verify) throw new Error(`${step.runbook.id} verifies nothing`);
      return verify(around, step, step.runbook.verify);
    case 'resolve':
      return resolve(around, step);
    case 'report':
      return report(around, step);
  }
}

function named<T extends { key: string }>(steps: readonly T[], key: string): T {
  const found = steps.find((step) => step.key === key);
  if (!found) throw new Error(`there is no step ${key}`);
  return found;
}

/** Every way out but `Resolve` ends here, whatever is left of the run's state. */
async function wayOut(around: Surroundings, event: Extract<StepEvent, { kind: 'escalate' }>): Promise<RunState> {
  const why = reasonOf(event.state);
  const mine = whose(event);
  const known = mine && (await around.store.incidents.get(mine.incidentId).catch(() => undefined));
  if (!mine || !known) {
    await pageWithoutIncident(around, event, why);
    return toState({ incidentId: mine?.incidentId ?? '', run: mine?.run ?? 0, pass: 1 }, { outcome: 'done', message: why });
  }
  try {
    await escalate(around, { ...mine, why, ended: 'escalated' });
  } catch (error) {
    // Whatever broke (the table, most likely), the topic may still work: a page that is too short is better than none.
    await pageWithoutIncident(
      around,
      event,
      `${why}; and escalating broke: ${error instanceof Error ? error.message : String(error)}`,
    );
    throw error;
  }
  return toState({ ...mine, pass: event.state.pass ?? 1 }, { outcome: 'done', message: why });
}

function reasonOf({
  message = '',
  error,
}: {
  message?: string | undefined;
  error?: { Error: string; Cause: string } | undefined;
}): string {
  if (!error) return message;
  if (error.Error === 'States.Timeout') return `${message ? `${message}; ` : ''}no answer came in time`;
  return `${message ? `${message}; ` : ''}${error.Error}: ${error.Cause}`;
}

/** A run that broke in its first state has no state yet; its execution's name still says whose it is. */
function whose({
  state,
  executionName,
}: Extract<StepEvent, { kind: 'escalate' }>): { incidentId: string; run: number } | undefined {
  if (state.incidentId && state.run) return { incidentId: state.incidentId, run: state.run };
  const name = /^([0-9A-Z]+)-(\d+)$/.exec(executionName);
  return name ? { incidentId: name[1] ?? '', run: Number(name[2]) } : undefined;
}

/** The last resort, which needs neither table nor incident: it says what is known, and where to look. */
async function pageWithoutIncident(around: Surroundings, event: StepEvent, why: string): Promise<void> {
  const { system, title, escalate: to } = runbookOf(around, event.runbook);
  const message = `The runbook ${event.runbook} could not go on, and could not tell its story: ${redact(why)}\nWhat it did is in its execution: ${event.execution}`;
  const subject = `${system.title}: "${title}" ended on its way, please look`;
  await reachRole(around, system.id, to.to, { subject, message, short: `${subject}\n${event.execution}` });
}
