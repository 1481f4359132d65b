import type * as z from 'zod';
import type { podLogs } from '../cluster/pod-logs.ts';
import type { PodFacts, podState } from '../cluster/pod-state.ts';
import { isConfigurationFault, isImageFault } from '../cluster/pods.ts';
import type { rolloutState } from '../cluster/rollout-state.ts';
import type { HttpFacts } from '../language/probe.ts';
import { because, notNeeded, type Reason } from '../language/reason.ts';
import { leftAlone } from './left-alone.ts';

/** Everything that is known when it must be said why the application does not respond. */
export interface Responding {
  pods: z.output<typeof podState.facts>;
  logs: z.output<typeof podLogs.facts>;
  deployment: z.output<typeof rolloutState.facts>;
  ready: HttpFacts;
}
type PodFact = z.output<typeof PodFacts>;

/** A pod that has just begun gets this long before it is called ill. */
const STARTING_SECONDS = 3 * 60;
/** One that the node cannot begin at all has been tried again by then: a person need not wait for what will not come. */
const REFUSED_SECONDS = 30;
const timeToStart = ({ standing }: PodFact) =>
  isImageFault(standing) || isConfigurationFault(standing) ? REFUSED_SECONDS : STARTING_SECONDS;
/** Fewer lines than these are no cause: a log speaks of a lost connection now and then. */
const MANY_LINES = 3;

/** Not ready, and had its time to become so. */
export function illPods({ pods }: Pick<Responding, 'pods'>): PodFact[] {
  return pods.pods.filter((pod) => mayBeIll(pod) && (pod.ageSeconds > timeToStart(pod) || pod.restarts > 0));
}

/** Just begun, and not failed yet: it may still become ready by itself. */
export function startingPods({ pods }: Pick<Responding, 'pods'>): PodFact[] {
  return pods.pods.filter((pod) => mayBeIll(pod) && pod.ageSeconds <= timeToStart(pod) && pod.restarts === 0);
}

/** Not ready, and meant to be. */
const mayBeIll = ({ ready, standing }: PodFact) => !ready && standing !== 'Terminating' && standing !== 'Completed';

/** A dependency that is to blame. Its own runbook looks at it; a restart of who merely suffers helps nobody. */
export function illDependency({
  logs: { speaksOf },
  ready,
}: Pick<Responding, 'logs' | 'ready'>): { what: string; runbook: string } | undefined {
  // OpenSSL's words: has expired, is self-signed, does not match, cannot be verified. Nothing of the backend was reached at all.
  if (ready.status === 0 && /certificate/i.test(ready.error))
    return { what: `the certificate is not accepted (${ready.error})`, runbook: 'saveit/certificate-expired' };
  if (speaksOf.tooMany >= MANY_LINES)
    return { what: 'the database has no connections left', runbook: 'saveit/database-connections' };
  if (speaksOf.refused >= MANY_LINES && speaksOf.redis < speaksOf.refused)
    return { what: 'the database refuses connections', runbook: 'saveit/database-connections' };
  if (speaksOf.redis >= MANY_LINES && speaksOf.refused + speaksOf.timeouts >= MANY_LINES)
    return { what: 'Redis does not answer', runbook: 'saveit/redis-unreachable' };
  return undefined;
}

/** What a restart would not mend, in a sentence; `undefined` when nothing speaks against one. */
export function restartIsNoHelp(facts: Responding): string | undefined {
  const dependency = illDependency(facts);
  return leftAlone(facts) ?? (dependency && `${dependency.what}: that is for ${dependency.runbook}`);
}

/** Why the backend's pods should be made new, or why not. */
export function restart(facts: Responding): Reason {
  const ill = illPods(facts);
  const said = [
    ...(facts.ready.well ? [] : [`readiness answers ${facts.ready.status || facts.ready.error || 'nothing'}`]),
    ...ill.map(
      ({ name, standing, lastEnd }) => `${name} is ${standing}${lastEnd ? `, ended with ${lastEnd}` : ' and not ready'}`,
    ),
  ];
  if (said.length === 0) return notNeeded('the application answers, and every pod is ready');
  const no = restartIsNoHelp(facts);
  if (no) return notNeeded(`${said.join('; ')}, but ${no}: a restart would not help`);
  if (facts.pods.count === 0) return notNeeded('there are no pods: a restart would make none');
  const starting = startingPods(facts);
  if (ill.length === 0 && starting.length > 0)
    return notNeeded(`${said.join('; ')}, and ${starting.length} of ${facts.pods.count} pods have only just begun`);
  if (facts.ready.well && ill.length < facts.pods.count)
    return notNeeded(`${said.join('; ')}, and the others answer: a restart of all would harm those`);
  return because(said.join('; '));
}

/** For the page: what is most likely, first. */
export function likelyCause(facts: Responding): string {
  const no = restartIsNoHelp(facts);
  if (no) return no[0]?.toUpperCase() + no.slice(1);
  const [end] = facts.pods.pods.filter(({ lastEnd }) => lastEnd !== '');
  const error = facts.logs.top[0];
  if (end) return `${end.name} ended with ${end.lastEnd}${error ? `; its log says "${error.line}"` : ''}`;
  return error ? `The log says "${error.line}" (${error.times} times)` : 'Nothing in the pods or their logs says why';
}
