import type * as z from 'zod';
import { EXIT_IN_DOUBT, EXIT_TOO_LATE } from '../../../runbooks/commands/exits.ts';
import { type HostCommand, parameterText } from '../../../runbooks/language/command.ts';
import type { CommandState } from '../../aws/systems-manager.ts';
import { between, iso } from '../../incident/clock.ts';
import type { ResolvedCall } from '../../incident/records.ts';
import type { Surroundings } from '../../surroundings.ts';
import { redact, redactAll } from '../redact.ts';

/** How long a command may take to reach its host. After that the host itself refuses to carry it out. */
export const DELIVERY_SECONDS = 45;
/** What is given to a command beyond its own time limit, before it is cancelled. */
export const GRACE_SECONDS = 15;
/** An invocation waits so long itself, so that a quick step is one invocation. */
const PATIENCE_MS = 2_000;
const EVIDENCE_LIMIT = 20_000;

/** How a command ended on its host, in our words. */
export type Ending =
  | { status: 'done'; facts: unknown; evidence: string }
  | { status: 'failed' | 'doubt'; error: string; evidence: string };

/**
 * Sends a command. Sent again with the same key it does not act again: the host prints what the first one gave.
 * @param startedAt when the step was written down; the command is refused by the host after the delivery time from then
 * @returns the command's id; `undefined` when Systems Manager refuses the instance
 */
export async function send(
  around: Surroundings,
  call: ResolvedCall,
  instanceIds: string[],
  key: string,
  startedAt: string,
): Promise<string | undefined> {
  const parameters = Object.fromEntries(Object.entries(call.parameters).map(([name, value]) => [name, parameterText(value)]));
  const notAfter = Math.ceil(Date.parse(startedAt) / 1_000) + DELIVERY_SECONDS;
  return around.hosts.send({
    document: around.config.documentOf(call.command),
    instanceIds,
    parameters: { ...parameters, key, notAfter: String(notAfter) },
    comment: `firebreak ${key}`,
    deliverySeconds: DELIVERY_SECONDS,
  });
}

/** Waits a little for a command, asking more and more rarely; `running` when it takes longer. */
export async function wait(around: Surroundings, commandId: string, instanceId: string): Promise<CommandState> {
  const since = iso(around.clock.now());
  for (let pause = 50; ; pause = Math.min(pause * 2, 500)) {
    // No agent answers at once: the first question would be one for nothing.
    await around.clock.sleep(pause);
    const state = await around.hosts.state(commandId, instanceId);
    if (state.state !== 'running' || between(since, iso(around.clock.now())) >= PATIENCE_MS) return state;
  }
}

/** Reads what a host gave back. What can't be read is a failed step with its evidence kept. */
export function ending(command: HostCommand, state: Exclude<CommandState, { state: 'running' }>): Ending {
  const evidence = redact([afterFirstLine(state.stdout), state.stderr].filter(Boolean).join('\n')).slice(0, EVIDENCE_LIMIT);
  const whole = redact([state.stdout, state.stderr].filter(Boolean).join('\n')).slice(0, EVIDENCE_LIMIT);
  if (state.state === 'lost')
    return {
      status: 'doubt',
      error: `Systems Manager: ${state.how}; it is not known whether it was carried out`,
      evidence: whole,
    };
  if (state.exitCode === EXIT_IN_DOUBT)
    return { status: 'doubt', error: 'it was begun before and its end is not known', evidence: whole };
  if (state.exitCode === EXIT_TOO_LATE)
    return { status: 'failed', error: 'it reached the host too late and was not carried out', evidence: whole };
  if (state.exitCode !== 0)
    return {
      status: 'failed',
      // Redacted whole, then cut: half a secret is not recognised as one.
      error: lastLine(redact(state.stderr)) || `it ended with status ${state.exitCode}`,
      evidence: whole,
    };
  return facts(command, state.stdout, evidence, whole);
}

function facts(command: HostCommand, stdout: string, evidence: string, whole: string): Ending {
  const read = command.facts.safeParse(json(stdout.split('\n', 1)[0] ?? '')) as z.ZodSafeParseResult<unknown>;
  if (read.success) return { status: 'done', facts: redactAll(read.data), evidence };
  const issue = read.error.issues[0];
  return {
    status: 'failed',
    error: `the output of ${command.name} cannot be read: ${issue?.path.join('.') || 'first line'}: ${issue?.message}`,
    evidence: whole,
  };
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const afterFirstLine = (text: string) => text.slice(text.indexOf('\n') < 0 ? text.length : text.indexOf('\n') + 1);
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
