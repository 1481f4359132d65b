import type { RedisTrouble } from '../fault.ts';
import { PODS } from '../kinds.ts';
import type { Pod } from '../objects.ts';
import { appOf, effectsOn, isReady, type World } from '../world.ts';

/** How Redis answers to a pod; `undefined` when it answers well. */
export function redisTrouble(world: World, pod: Pod): RedisTrouble | undefined {
  const [server] = world.store.list(PODS).filter((one) => appOf(one) === 'redis' && isReady(one));
  if (!server || effectsOn(world, pod).some(({ redisRefused }) => redisRefused)) return 'refused';
  const made = Date.parse(server.metadata.creationTimestamp);
  const troubles = world.active().flatMap(({ fault, since }) => (fault.redis ? [{ ...fault.redis, since }] : []));
  return troubles.find(({ restartHelps, since }) => !restartHelps || made < since)?.answers;
}
