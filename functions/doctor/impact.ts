import type { Impact, ImpactFacts } from '../../runbooks/language/impact.ts';
import type { HostedSettings, System } from '../../runbooks/language/system.ts';
import { makeSignatures } from '../aws/signatures.ts';
import type { Clock } from '../incident/clock.ts';
import { measure } from '../run-step/executors/impact.ts';

export interface ImpactSeen {
  /** What is asked to tell how users fare. */
  by: Impact;
  /** What it told, as each incident is told it. */
  told: ImpactFacts;
}

/**
 * Asks what every incident of the system asks first: its readiness endpoint and its Prometheus, by the same questions and each for
 * three seconds at most. It is asked from here, which need not be where the functions are; a workspace of Amazon Managed Prometheus
 * with the credentials of whoever asks.
 * @param settings `undefined` where they are placeholders: what is at those addresses is somebody else's
 */
export async function impactOf(
  system: System,
  settings: HostedSettings | undefined,
  clock: Clock,
): Promise<ImpactSeen | undefined> {
  const by = settings && system.impact?.(settings);
  if (!by) return undefined;
  return { by, told: await measure({ fetch, signatures: makeSignatures(), clock }, by) };
}
