import type { Runbook } from '../../runbooks/language/definition.ts';
import { MissingFact, watched } from '../../runbooks/language/facts.ts';
import type { HostedSettings } from '../../runbooks/language/system.ts';
import type { Incident } from '../incident/incident.ts';
import type { LookRecord } from '../incident/records.ts';
import { factsOf } from '../run-step/ask-gate.ts';

/** What a runbook makes of the facts for the person who is paged. */
export interface Verdict {
  tell: string;
  /** Whom it pages; nothing where no runbook knows the alert. */
  to: string | undefined;
  /** How bad the facts show it to be, where they do. */
  asBadAs: string | undefined;
}

/**
 * Where a fact is missing, that is said instead, and whom to page and how bad it is stay what they are without facts.
 * @param looks of the run
 */
export function verdict(
  runbook: Runbook | undefined,
  parameters: Record<string, unknown>,
  settings: HostedSettings,
  looks: readonly LookRecord[],
): Verdict {
  if (!runbook) return { tell: '', to: undefined, asBadAs: undefined };
  const { escalate: spec } = runbook;
  const known = factsOf(latest(looks), '');
  const ask = <T>(say: typeof spec.tell | typeof spec.instead, otherwise: (error: unknown) => T) => {
    try {
      return say(watched(known).facts, parameters, settings);
    } catch (error) {
      return otherwise(error);
    }
  };
  return {
    tell: ask(spec.tell, untold) ?? '',
    to: ask(spec.instead, () => undefined) ?? spec.to,
    asBadAs: ask(spec.asBadAs, () => undefined),
  };
}

/** What its run was started with. One that takes no such parameters any more is told of as if it had been given none. */
export function parametersOf(runbook: Runbook, incident: Incident, run: number): Record<string, unknown> {
  const given = runbook.parameters.safeParse(incident.runs[String(run)]?.parameters ?? {});
  return given.success ? given.data : {};
}

/** A mistake in what the runbook tells must not keep the page from going out. */
function untold(error: unknown): string {
  if (error instanceof MissingFact) return `${error.message}: look there first.`;
  return `(What the runbook wanted to tell could not be made: ${error instanceof Error ? error.message : String(error)})`;
}

/** The last that was seen of each fact, whether by a diagnosis or by the verification after it. */
function latest(looks: readonly LookRecord[]): LookRecord[] {
  const done = looks.filter((look) => look.status === 'done').sort((a, b) => a.endedAt.localeCompare(b.endedAt));
  const byFact = new Map(done.map((look) => [`${look.step.replace(/^verify\.\d+\./, '')}@${look.host}`, look]));
  return [...byFact.values()].map((look) => ({ ...look, step: look.step.replace(/^verify\.\d+\./, '') }));
}
