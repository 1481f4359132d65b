import type { Draft, Look } from './definition.ts';
import { impactProbe } from './probe.ts';

/** The look that each runbook of a system with an impact has, if it does not say its own under this key. */
export const IMPACT_LOOK = { key: 'impact', title: 'Assess the impact' } as const;
/** What an incident does to users is seen when it begins; to look again in each pass would tell nothing of its cause. */
const FRESH_SECONDS = 3_600;

/** Whether a step measured the impact: when the incident began, or to verify that it is over. @param step as its record names it */
export function isImpact(step: string): boolean {
  return step.replace(/^verify\.\d+\./, '') === IMPACT_LOOK.key;
}

/** A system that says what its users feel has that looked at by each of its runbooks, beside what the runbook itself looks at. */
export function withImpact({ system, looks }: Pick<Draft, 'system' | 'looks'>): readonly Look[] {
  const { impact } = system;
  if (!impact || looks.some(({ key }) => key === IMPACT_LOOK.key)) return looks;
  const probe = (_: unknown, settings: unknown) => impactProbe(impact(settings as Parameters<typeof impact>[0]));
  return [...looks, { kind: 'probe', ...IMPACT_LOOK, probe, freshSeconds: FRESH_SECONDS, says: () => undefined }];
}
