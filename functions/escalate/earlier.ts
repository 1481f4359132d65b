import type { Incident } from '../incident/incident.ts';
import { asError, log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';
import { cut, oneLine } from './wording.ts';

/** Among so many that are over, the latest like this one are looked for. */
const LOOKED_AT = 100;
/** More than these nobody reads at three in the morning. */
const SHOWN = 3;
const MOST = 200;

/** An incident that was like this one. */
export interface Earlier {
  incident: string;
  /** When it was, where, and what ended it: a line. */
  says: string;
}

/**
 * The last incidents like this one, and what ended each: the same alert or runbook of the system, on the same target first.
 * A page without them is better than none, so that what keeps them from being read is logged.
 */
export async function earlierLikeIt(around: Surroundings, incident: Incident): Promise<Earlier[]> {
  try {
    const past = await around.store.incidents.latest(LOOKED_AT);
    const alike = past.filter((one) => one.system === incident.system && one.id !== incident.id && isLike(one, incident));
    const mine = alike.toSorted((a, b) => Number(b.target === incident.target) - Number(a.target === incident.target));
    return await Promise.all(mine.slice(0, SHOWN).map((one) => said(around, one)));
  } catch (error) {
    log.warn('earlier incidents could not be read', asError(error));
    return [];
  }
}

function isLike(one: Incident, { runbook, alert }: Incident): boolean {
  const real = one.origin === 'signal' || one.origin === 'declared' || one.origin === 'manual';
  return real && (runbook !== null ? one.runbook === runbook : alert !== '' && one.alert === alert);
}

async function said(around: Surroundings, one: Incident): Promise<Earlier> {
  const acts = (await around.store.steps.acts(one.id, one.run)).filter(({ status }) => status === 'done');
  const did = acts.length > 0 ? ` after ${[...new Set(acts.map(({ title }) => title))].join(', ')}` : '';
  const by = 'resolvedBy' in one ? (one.resolvedBy.kind === 'person' ? one.resolvedBy.name : 'the automation') : 'nobody';
  const how = 'resolution' in one && one.resolvedBy.kind === 'person' ? `: ${one.resolution}` : '';
  const target = one.target ? ` on ${one.target}` : '';
  const says = cut(
    oneLine(`${one.openedAt.slice(0, 16).replace('T', ' ')} UTC ${one.severity}${target}, resolved by ${by}${did}${how}`),
    MOST,
  );
  return { incident: one.id, says };
}
