import type * as z from 'zod';
import type { podLogs } from '../cluster/pod-logs.ts';
import type { podState } from '../cluster/pod-state.ts';
import type { rolloutState } from '../cluster/rollout-state.ts';

/** What looks of several runbooks found, in a line of the timeline. */

export function sayPods({ pods, count, illNodes }: z.output<typeof podState.facts>): string {
  const by = new Map<string, number>();
  for (const { standing, ready } of pods) {
    const said = standing === 'Running' && !ready ? 'Running, not ready' : standing;
    by.set(said, (by.get(said) ?? 0) + 1);
  }
  const standings = [...by].map(([said, times]) => `${times} ${said}`).join(', ');
  const restarts = pods.reduce((sum, pod) => sum + pod.restarts, 0);
  const ends = [...new Set(pods.map(({ lastEnd }) => lastEnd).filter(Boolean))];
  return [
    count === 0 ? 'there are no pods' : `of ${count} pods ${standings}`,
    ...(restarts > 0 ? [`${restarts} restarts${ends.length > 0 ? ` (${ends.join(', ')})` : ''}`] : []),
    ...illNodes,
  ].join('; ');
}

export function sayLogs({ pods, errors, silent, top }: z.output<typeof podLogs.facts>): string {
  return [
    `${errors} errors in the logs of ${pods} pods${top[0] ? `, mostly "${top[0].line.slice(0, 120)}"` : ''}`,
    ...(silent.length > 0 ? [`${silent.length} have no log`] : []),
  ].join('; ');
}

export function sayRollout({ sign, available, replicas, paused, gaveUp }: z.output<typeof rolloutState.facts>): string {
  return [
    `${available} of ${replicas} available`,
    ...(paused ? ['paused'] : []),
    ...(gaveUp ? [gaveUp] : []),
    ...(sign === 'none' ? [] : [sign]),
  ].join('; ');
}
