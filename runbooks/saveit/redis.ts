import type * as z from 'zod';
import type { podState } from '../cluster/pod-state.ts';
import type { redisPersistence } from '../cluster/redis-persistence.ts';
import type { RedisAnswer, redisPing } from '../cluster/redis-ping.ts';
import type { rolloutState } from '../cluster/rollout-state.ts';
import { because, type Finding, notNeeded, notYet, type Reason } from '../language/reason.ts';
import { leftAlone } from './left-alone.ts';

/** What is known when it must be said why Redis can not be reached. */
export interface RedisFacts {
  ping: z.output<typeof redisPing.facts>;
  pods: z.output<typeof podState.facts>;
  persistence: z.output<typeof redisPersistence.facts>;
  deployment: z.output<typeof rolloutState.facts>;
}

/** One that has just begun, or was started again by itself, gets this long before it is called ill. */
const STARTING_SECONDS = 2 * 60;
/** So many pods must say the same before anything is done. */
const WITNESSES = 2;

/** What users feel meanwhile; the page says so. */
export const MEANWHILE =
  'Meanwhile the application goes on: it counts its rate limits in the memory of each pod, so they are as many times too high as there are pods, and it has no cache';

const isStarting = ({ ready, ageSeconds, lastEndSecondsAgo }: RedisFacts['pods']['pods'][number]) =>
  !ready && Math.min(ageSeconds, lastEndSecondsAgo ?? ageSeconds) < STARTING_SECONDS;
const isSilent = ({ answer }: RedisAnswer) => answer === 'refused' || answer === 'silent';
const says = ({ pod, answer, said }: RedisAnswer) => `${pod}: ${answer}${said && answer !== 'pong' ? ` (${said})` : ''}`;

/** Whether a restart loses nothing: its data are on a volume that outlives the pod, and it has not been told to write none. */
export function keepsItsData({ persistence: { claims, writes } }: RedisFacts): boolean {
  return claims.length > 0 && writes !== 'no';
}

/** Why it is to be restarted, or why not: only when two pods get no answer, and nothing explains it that a restart leaves as it is. */
export function restart(facts: RedisFacts): Reason {
  const { ping, pods } = facts;
  const { answers } = ping;
  const heard = answers.map(says).join('; ');
  if (answers.length === 0) return notNeeded('no pod of the backend runs that could be asked from');
  const not = (answer: RedisAnswer['answer'], why: string) =>
    answers.some((one) => one.answer === answer) ? notNeeded(`${why}: ${heard}`) : undefined;
  const alive =
    not('loading', 'Redis is reading its data, and a restart would have it begin anew') ??
    not('password', 'Redis answers, and asks for a password') ??
    not('pong', answers.some(isSilent) ? 'Redis answers one pod and not the other' : 'Redis answers') ??
    not('odd', 'Redis answers, but not as it should') ??
    not('unknown', 'unknown whether Redis answers');
  if (alive) return alive;
  if (answers.filter(isSilent).length < WITNESSES) return notNeeded(`only one pod could be asked from: ${heard}`);
  const no = leftAlone(facts);
  if (no) return notNeeded(`${heard}, but ${no}: a restart would not help`);
  if (pods.count === 0) return notNeeded(`${heard}, and there are no pods of Redis: a restart makes none`);
  const looping = pods.pods.find(({ standing }) => standing === 'CrashLoopBackOff');
  if (looping)
    return notNeeded(
      `${heard}, and ${looping.name} is started again and again already, ending with ${looping.lastEnd || 'no reason'}`,
    );
  const young = pods.pods.find(isStarting);
  return young ? notNeeded(`${heard}, and ${young.name} is just starting`) : because(heard);
}

/** The restart that loses nothing, and the one for which a person is asked. */
export function restartKeeping(facts: RedisFacts): Reason {
  const found = restart(facts);
  return found.needed && !keepsItsData(facts) ? notNeeded('it keeps nothing over a restart: a person is asked') : found;
}
export function restartLosing(facts: RedisFacts): Reason {
  const found = restart(facts);
  return found.needed && keepsItsData(facts) ? notNeeded('it keeps its data: the restart needs nobody') : found;
}

/** What would be lost, for the person who is asked. */
export function lost({ persistence: { claims, writes } }: RedisFacts): string[] {
  const volume = claims.length === 0 ? 'its pods have no volume that outlives them' : `it writes nothing to ${claims.join(', ')}`;
  return [
    `everything in Redis: ${volume}${writes === 'unknown' ? ', and its configuration could not be read' : ''}`,
    'the counts of rate limits: every user begins at zero',
    'the cache: each entry is made again when it is asked for, at the cost of the database',
  ];
}

export function holds({ ping, pods }: Pick<RedisFacts, 'ping' | 'pods'>): Finding {
  const { answers } = ping;
  if (answers.length === 0) return 'no pod of the backend runs that could be asked from';
  const heard = answers.map(says).join('; ');
  if (answers.every(({ answer }) => answer === 'pong')) {
    const ill = pods.pods.filter(({ ready, standing }) => !ready && !['Terminating', 'Completed'].includes(standing));
    return ill.length === 0 || notYet(ill.map(({ name, standing }) => `${name} is ${standing} and not ready`).join('; '));
  }
  return answers.some(({ answer }) => answer === 'loading') ? notYet(`Redis is reading its data: ${heard}`) : heard;
}

export function told(facts: RedisFacts): string {
  const { why } = restart(facts);
  const { claims, writes } = facts.persistence;
  return [
    `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    `${MEANWHILE}.`,
    `It is kept over a restart: ${keepsItsData(facts) ? `on ${claims.join(', ')}` : 'nothing'} (it writes to disk: ${writes}).`,
  ].join('\n');
}
