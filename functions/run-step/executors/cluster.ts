import type * as z from 'zod';
import { type ClusterCommand, ClusterFault, type ClusterProgress } from '../../../runbooks/language/cluster.ts';
import type { ClusterPlace, HostedSettings } from '../../../runbooks/language/system.ts';
import { withinRules } from '../../../runbooks/language/within-rules.ts';
import { iso } from '../../incident/clock.ts';
import type { ResolvedCall } from '../../incident/records.ts';
import type { Surroundings } from '../../surroundings.ts';
import { redact, redactAll } from '../redact.ts';
import type { Ending } from './host.ts';
import { patient } from './patient.ts';

/** How long a state waits before the next turn of a cluster step: pods take their time. */
export const TURN_SECONDS = 5;
const EVIDENCE_LIMIT = 20_000;

/** One turn of a cluster step: over, or why not yet. */
export type Turn = Ending | { status: 'running'; waitsFor: string; unknown: boolean };

/** What is carried out, and under which name. */
export interface ClusterStep {
  command: ClusterCommand;
  call: ResolvedCall;
  /** The names of the objects that it is about. */
  on: readonly string[];
  key: string;
  /** When it was written down, ISO 8601 in UTC. */
  startedAt: string;
}

/**
 * One turn of a cluster step. What is passing (a conflict, a server that has too much to do or does not answer) is tried again
 * with the next turn, until the step's deadline; everything else fails it with the reason.
 */
export async function turn(around: Surroundings, settings: HostedSettings, step: ClusterStep): Promise<Turn> {
  const { command, call, on, key, startedAt } = step;
  const { name, namespace } = placeOf(settings);
  try {
    // A record is no right to any command: what it says is checked like what a runbook says.
    const parameters = command.parameters.strict().parse(call.parameters);
    const cluster = withinRules(patient(await around.clusters.open(name, namespace), around.clock), command.rights(on));
    const progress = await command.run(cluster, parameters, { key, startedAt, now: iso(around.clock.now()) });
    return 'waitsFor' in progress
      ? { status: 'running', waitsFor: redact(progress.waitsFor), unknown: false }
      : over(command, progress);
  } catch (error) {
    const words = redact(error instanceof Error ? error.message : String(error));
    if (error instanceof ClusterFault && error.passing)
      return { status: 'running', waitsFor: words, unknown: error.kind === 'unreachable' };
    return { status: 'failed', error: words, evidence: '' };
  }
}

function over(command: ClusterCommand, { facts, evidence = '' }: Extract<ClusterProgress<unknown>, { facts: unknown }>): Ending {
  const text = redact(evidence).slice(0, EVIDENCE_LIMIT);
  const read = command.facts.safeParse(facts) as z.ZodSafeParseResult<unknown>;
  if (read.success) return { status: 'done', facts: redactAll(read.data), evidence: text };
  const issue = read.error.issues[0];
  return { status: 'failed', error: `${command.name}: ${issue?.path.join('.')}: ${issue?.message}`, evidence: text };
}

/** An act whose time is over: how it stands is known, unless the cluster was silent at the last turn. */
export function outOfTime({ waitsFor, unknown }: Extract<Turn, { status: 'running' }>): Ending {
  return unknown
    ? { status: 'doubt', error: `${waitsFor}; it is not known how far it came`, evidence: '' }
    : { status: 'failed', error: `not over in its time: ${waitsFor}`, evidence: '' };
}

/** @throws {Error} for a system that has none: its runbooks have no cluster steps, and a test holds them to it */
export function placeOf({ cluster }: HostedSettings): ClusterPlace {
  if (!cluster) throw new Error('this system has no cluster: its settings name none');
  return cluster;
}
