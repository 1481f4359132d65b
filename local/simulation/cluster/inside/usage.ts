import { PODS } from '../kinds.ts';
import type { Pod } from '../objects.ts';
import { bytes, millicores } from '../quantity.ts';
import { appOf, effectsOn, isReady, type World } from '../world.ts';

const MEBIBYTE = 1024 * 1024;
const MINUTE = 60_000;
/** What a well system's users ask of all backends together, in thousandths of a processor. */
const USUAL_LOAD = 540;

/** What a quiet pod uses, by application. */
const QUIET: Readonly<Record<string, { millicores: number; mebibytes: number }>> = {
  'saveit-backend': { millicores: 180, mebibytes: 410 },
  'saveit-frontend': { millicores: 12, mebibytes: 64 },
  redis: { millicores: 9, mebibytes: 38 },
};

const limitOf = ({ spec }: Pod, of: 'cpu' | 'memory') => spec.containers[0]?.resources?.limits?.[of];

/** How many backends share what the users ask for. */
function sharers({ store }: World): number {
  return Math.max(1, store.list(PODS).filter((pod) => appOf(pod) === 'saveit-backend' && isReady(pod)).length);
}

/** Thousandths of a processor that a pod uses now: its share of the load, and never more than its limit. */
export function processorOf(world: World, pod: Pod): number {
  if (appOf(pod) !== 'saveit-backend') return QUIET[appOf(pod)]?.millicores ?? 5;
  if (!isReady(pod)) return 20;
  const load = world
    .active()
    .find(({ fault, since }) => fault.load && world.now < since + (fault.load.forMinutes ?? Number.POSITIVE_INFINITY) * MINUTE);
  const share = Math.round((load?.fault.load?.millicores ?? USUAL_LOAD) / sharers(world));
  return Math.min(share, millicores(limitOf(pod, 'cpu') ?? '1'));
}

/** Bytes that a pod holds now. */
export function memoryOf(world: World, pod: Pod): number {
  const quiet = (QUIET[appOf(pod)]?.mebibytes ?? 20) * MEBIBYTE;
  const limit = bytes(limitOf(pod, 'memory') ?? 0);
  if (appOf(pod) !== 'saveit-backend') return quiet;
  const load = world
    .active()
    .find(({ fault, since }) => fault.memoryLoad && world.now < since + fault.memoryLoad.forMinutes * MINUTE)?.fault.memoryLoad;
  const startedAt = Date.parse(pod.status.containerStatuses[0]?.state.running?.startedAt ?? '') || world.now;
  const shares = effectsOn(world, pod).flatMap(({ memory }) => {
    if (!memory) return [];
    const grown = memory.afterMinutes === 0 ? 1 : Math.min(1, (world.now - startedAt) / (memory.afterMinutes * MINUTE));
    return [quiet + (limit * memory.share - quiet) * grown];
  });
  return Math.round(Math.max(quiet, ...shares, load ? quiet / 2 + (load.mebibytes * MEBIBYTE) / sharers(world) : 0));
}

/** The highest share of its memory limit that a backend holds, of 1. */
export function memoryShare(world: World): { share: number; pod: string } {
  const backends = world.store
    .list(PODS)
    .filter((pod) => appOf(pod) === 'saveit-backend' && pod.status.containerStatuses[0]?.state.running);
  const shares = backends.map((pod) => ({
    pod: pod.metadata.name,
    share: memoryOf(world, pod) / (bytes(limitOf(pod, 'memory') ?? 0) || Number.POSITIVE_INFINITY),
  }));
  return shares.sort((a, b) => b.share - a.share)[0] ?? { share: 0, pod: '' };
}

/** The share of their processor limit that backends use on average, of 1. */
export function processorShare(world: World): number {
  const backends = world.store.list(PODS).filter((pod) => appOf(pod) === 'saveit-backend' && isReady(pod));
  const used = backends.reduce((sum, pod) => sum + processorOf(world, pod) / millicores(limitOf(pod, 'cpu') ?? '1'), 0);
  return backends.length === 0 ? 0 : used / backends.length;
}
