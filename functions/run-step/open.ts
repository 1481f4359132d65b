import * as z from 'zod';
import type { Runbook } from '../../runbooks/language/definition.ts';
import type { RunState } from '../../runbooks/language/outcome.ts';
import type { Schedule } from '../../runbooks/language/schedule.ts';
import { rank } from '../../runbooks/language/severity.ts';
import { tellAll } from '../events/announce.ts';
import { type Actor, NAMELESS, onDashboard, person, schedule } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import { incidentOfExecution } from '../incident/ids.ts';
import { type Incident, opened, type Run } from '../incident/incident.ts';
import { Overrides, spokenOverride } from '../incident/override.ts';
import { openedEvent } from '../incident/timeline.ts';
import { runbookOf, type Surroundings } from '../surroundings.ts';
import { redact } from './redact.ts';
import { toState } from './step.ts';

/** What people and machines alike may start a runbook with. `{}` is enough. A schedule gives its name, and nothing else is needed. */
const Input = z.strictObject({
  incidentId: z.string().min(1).max(80).optional(),
  parameters: z.record(z.string(), z.unknown()).default({}),
  reason: z.string().trim().max(1_000).transform(redact).default(''),
  requestedBy: z.string().min(1).max(200).optional(),
  dryRun: z.boolean().default(false),
  schedule: z.string().min(1).max(60).optional(),
  override: Overrides,
  /** Where somebody asked who was let in there, but not told apart. */
  requestedOn: z.literal('dashboard').optional(),
  /** Where the story is told, for whoever finds the execution in Step Functions: for a person's eyes alone. */
  see: z.string().max(2_000).optional(),
});
type Input = z.output<typeof Input>;

export interface Opening {
  runbook: string;
  execution: string;
  executionName: string;
  input: unknown;
}

/**
 * The first state of a run: checks what it was given, finds its incident or opens one for a run by hand.
 * Wrong input is an answer, not a crash: the execution fails at once, naming the parameter; there is no incident and no page.
 */
export async function open(around: Surroundings, opening: Opening): Promise<RunState> {
  const runbook = runbookOf(around, opening.runbook);
  const input = Input.safeParse(opening.input);
  if (!input.success) return rejected(complaints(input.error, '', Input, opening.input));
  const due = runbook.schedules.find(({ name }) => name === input.data.schedule);
  if (input.data.schedule !== undefined && !due) return rejected(noSchedule(runbook, input.data.schedule));
  const unheard = overrideFault(input.data);
  if (unheard) return rejected(unheard);
  const given = { ...due?.parameters, ...input.data.parameters };
  const parameters = z.strictObject(runbook.parameters.shape).safeParse(given);
  if (!parameters.success) return rejected(complaints(parameters.error, 'parameters.', runbook.parameters, given));
  const incident = input.data.incidentId ? await around.store.incidents.get(input.data.incidentId) : undefined;
  if (input.data.incidentId && !incident)
    return rejected(`incidentId: expected the id of an incident, got "${input.data.incidentId}"`);
  const { id } = incident ?? (await openUnalarmed(around, runbook, opening, input.data, due));
  const { incident: begun, run } = await begin(around, runbook, id, opening, input.data, parameters.data);
  await tellAll(around, begun, {
    v: 1,
    type: 'run-started',
    at: run.startedAt,
    key: `run-${run.number}`,
    by: run.by,
    run: run.number,
    runbook: runbook.id,
    reason: run.reason,
    dryRun: run.dryRun,
    ...(run.override && { override: run.override }),
  });
  return toState({ incidentId: id, run: run.number, pass: 1 }, { outcome: 'done' });
}

/** Each fault in a sentence: which field, what was expected, and what came. */
function complaints(error: z.ZodError, where: string, known: z.ZodObject, given: unknown): string {
  const said = error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map(
        (name) => `${where}${name}: there is no such field; expected ${Object.keys(known.shape).join(', ') || 'none'}`,
      );
    const field = `${where}${issue.path.join('.')}`.replace(/\.$/, '') || 'input';
    return [`${field}: ${issue.message}, got ${JSON.stringify(at(given, issue.path)) ?? 'nothing'}`];
  });
  return said.join('; ');
}

function at(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined),
    given,
  );
}

function rejected(message: string): RunState {
  return toState({ incidentId: '', run: 0, pass: 0 }, { outcome: 'failed', message });
}

function noSchedule({ schedules }: Runbook, given: string): string {
  const names = schedules.map(({ name }) => name).join(', ');
  return `schedule: expected ${names ? `one of ${names}` : 'none, because this runbook has no schedule'}, got "${given}"`;
}

/** Whoever goes over a guard is a person, and says why: whoever comes after must understand it. */
function overrideFault({ override, schedule, reason }: Input): string | undefined {
  if (override.length === 0) return undefined;
  const over = spokenOverride(override);
  if (schedule !== undefined)
    return `override: expected none, because a schedule goes over no guard, got ${JSON.stringify(override)}`;
  return reason === '' ? `reason: expected why it may go over ${over}, got nothing` : undefined;
}

function requester(input: Input): Actor {
  if (input.schedule !== undefined) return schedule(input.schedule);
  const name = input.requestedBy ?? NAMELESS;
  return input.requestedOn === 'dashboard' ? onDashboard(name) : person(name);
}

/** A run that nobody alarmed for gets an incident of its own: it is where its story is kept. */
async function openUnalarmed(
  around: Surroundings,
  runbook: Runbook,
  opening: Opening,
  input: Input,
  due: Schedule | undefined,
): Promise<Incident> {
  const openedAt = iso(around.clock.now());
  // Nobody says how bad it is: an alarm's severity is the alarm's. A run by hand takes the mildest of what its alarms would be.
  const { severities } = runbook.system;
  const own = runbook.triggers.map(({ severity }) => severity).sort((a, b) => rank(severities, b) - rank(severities, a));
  const mildest = own[0] ?? severities.at(-1)?.name ?? '';
  const incident = opened({
    id: incidentOfExecution(opening.execution),
    system: runbook.system.id,
    alert: '',
    target: '',
    runbook: runbook.id,
    title: runbook.title,
    severity: due?.severity ?? mildest,
    automation: 'running',
    origin: input.dryRun ? 'rehearsal' : due ? 'scheduled' : 'manual',
    openedAt,
    openedBy: requester(input),
  });
  if (await around.store.incidents.create(incident)) await tellAll(around, incident, openedEvent(incident));
  return incident;
}

/** Finds the run that was written down when this execution was started, or writes it down now. A repeated attempt finds its own. */
async function begin(
  around: Surroundings,
  runbook: Runbook,
  id: string,
  opening: Opening,
  input: Input,
  parameters: Record<string, unknown>,
) {
  const startedAt = iso(around.clock.now());
  let run: Run | undefined;
  const incident = await around.store.incidents.change(id, (before) => {
    const written = Object.values(before.runs).find((one) => one.execution === opening.execution);
    const number = written?.number ?? before.run + 1;
    run = written
      ? { ...written, parameters }
      : {
          number,
          runbook: runbook.id,
          execution: opening.execution,
          startedAt,
          by: requester(input),
          reason: input.reason || (runbook.schedules.find(({ name }) => name === input.schedule)?.why ?? ''),
          parameters,
          dryRun: input.dryRun,
          ...(input.override.length > 0 && { override: input.override }),
        };
    return {
      ...before,
      run: Math.max(before.run, number),
      runs: { ...before.runs, [String(number)]: run },
      automation: 'running',
      stop: written ? before.stop : null,
    };
  });
  if (!run) throw new Error(`incident ${id} took no run`);
  return { incident, run };
}
