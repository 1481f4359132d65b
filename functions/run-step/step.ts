import type { Act, Runbook } from '../../runbooks/language/definition.ts';
import type { Outcome, RunState } from '../../runbooks/language/outcome.ts';
import type { HostedSettings } from '../../runbooks/language/system.ts';
import { type Actor, automation } from '../incident/actor.ts';
import { type Incident, type Run, runOf } from '../incident/incident.ts';
import type { ResolvedCall } from '../incident/records.ts';
import { runbookOf, type Surroundings } from '../surroundings.ts';

/** Where a step stands: which runbook, which incident and run, with the parameters checked again. */
export interface Step {
  runbook: Runbook;
  settings: HostedSettings;
  parameters: unknown;
  incident: Incident;
  run: Run;
  pass: number;
  /** Who holds the lock and signs the commands: `<incident>-<run>`. */
  holder: string;
  by: Actor;
}

/** What a step did, without the travelling state that every answer carries. */
export interface Answer {
  outcome: Outcome;
  waitSeconds?: number;
  message?: string;
  /** Only when a new pass begins. */
  pass?: number;
}

/** How long a state waits before it looks at a running command again. */
export const POLL_SECONDS = 2;

export async function stepOf(
  around: Surroundings,
  runbookId: string,
  state: Pick<RunState, 'incidentId' | 'run' | 'pass'>,
): Promise<Step> {
  const incident = await around.store.incidents.get(state.incidentId);
  if (!incident) throw new Error(`there is no incident ${state.incidentId}`);
  const runbook = runbookOf(around, runbookId);
  const run = runOf(incident, state.run);
  return {
    runbook,
    settings: around.config.settingsOf(runbook.system.id),
    parameters: runbook.parameters.parse(run.parameters),
    incident,
    run,
    pass: state.pass,
    holder: `${incident.id}-${run.number}`,
    by: automation,
  };
}

/** The answer in the shape that the state machine carries on. Messages are short: the whole story is in the table. */
export function toState(state: Pick<RunState, 'incidentId' | 'run' | 'pass'>, answer: Answer): RunState {
  return {
    incidentId: state.incidentId,
    run: state.run,
    pass: answer.pass ?? state.pass,
    outcome: answer.outcome,
    waitSeconds: answer.waitSeconds ?? 0,
    message: (answer.message ?? '').slice(0, 500),
  };
}

/** What an event of a step has in common. An act is told once a run, whichever pass it falls in. */
export function ofStep(step: Step, definition: Pick<Act, 'key' | 'title'>, host: string, at: string, transition: string) {
  const { number: run } = step.run;
  return {
    v: 1 as const,
    at,
    key: `${run}-${definition.key}-${host}-${transition}`,
    by: step.by,
    run,
    pass: step.pass,
    step: definition.key,
    title: definition.title,
    host,
  };
}

/** A call as a person reads it: `restart-services services=backend`. */
export function describe(call: ResolvedCall): string {
  const parameters = Object.entries(call.parameters).map(
    ([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : value}`,
  );
  return [call.command, ...parameters].join(' ');
}
