import type { Facts, Unseen } from '../facts.ts';
import { type Finding, spoken } from '../finding.ts';

/** What could not be seen, one finding for each reason: unseen is not well. */
export function access({ unseen, place }: Pick<Facts, 'unseen' | 'place'>): Finding[] {
  const byReason = Map.groupBy(unseen, ({ kind, why }) => (kind === 'denied' ? 'denied' : `${kind} ${why}`));
  return [...byReason.values()].map((alike): Finding => {
    const kind = alike[0]?.kind ?? 'failed';
    const permissions = [...new Set(alike.map(({ permission }) => permission))];
    return {
      severity: 'error',
      area: 'access',
      check: `unseen-${kind}`,
      where: place.endpoint ?? 'AWS',
      what: `could not look, because ${reason(alike)}. Not seen: ${spoken(unique(alike.map(({ question }) => question)))}.`,
      fix: fixOf(kind, permissions, place.endpoint),
    };
  });
}

/** A question that was asked of each of twenty topics need not be read twenty times. */
function unique(questions: readonly string[]): string[] {
  const [all, most] = [[...new Set(questions)], 6];
  return all.length <= most ? all : [...all.slice(0, most), `${all.length - most} more`];
}

function reason(alike: readonly Unseen[]): string {
  const [{ kind, why } = { kind: 'failed', why: 'of an unknown reason' }] = alike;
  if (kind === 'denied') return `it is not allowed (${why})`;
  if (kind === 'no-credentials') return `AWS does not know who asks (${why})`;
  if (kind === 'unreachable') return `nothing answers (${why})`;
  if (kind === 'unsupported') return `what answers there does not know the question (${why})`;
  return `the question failed (${why})`;
}

function fixOf(kind: Unseen['kind'], permissions: readonly string[], endpoint: string | undefined): string {
  if (kind === 'denied') return `Allow ${spoken(permissions)} to whoever runs the doctor; docs/doctor.md has the whole policy.`;
  if (kind === 'no-credentials') return 'Sign in (aws sso login, or AWS_PROFILE) and set AWS_REGION.';
  if (kind === 'unreachable' && endpoint !== undefined)
    return `See that something listens at ${endpoint}: AWS_ENDPOINT_URL names it.`;
  if (kind === 'unreachable') return 'See that this machine reaches AWS: a proxy, a VPN, AWS_REGION.';
  if (kind === 'unsupported') return 'Look at it on AWS: an emulator can not say.';
  return 'Try again; when it stays, look with the AWS CLI.';
}
