import { type Cluster, ClusterFault } from '../../../runbooks/language/cluster.ts';
import type { Clock } from '../../incident/clock.ts';

/** How often one request is made in a turn, and what is waited in between: as long as the API says when it throttles. */
const MOST_TRIES = 8;
const PAUSE_MS = 1_000;
/** From then on nothing is made again in this turn: the invocation that carries it out has half a minute in all. */
const PATIENCE_MS = 8_000;

/**
 * The cluster for a step that asks it several things in a turn: one of them that is refused for a moment does not make all of them
 * be asked anew. A throttled request was not carried out, so any is made again; one without an answer may have been, so only what
 * looks is.
 */
export function patient(cluster: Cluster, clock: Pick<Clock, 'sleep' | 'now'>): Cluster {
  const until = clock.now().getTime() + PATIENCE_MS;
  const tried = async <T>(looks: boolean, ask: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        const passing = error instanceof ClusterFault && (error.kind === 'throttled' || (looks && error.kind === 'unreachable'));
        if (!passing || tries === MOST_TRIES || clock.now().getTime() >= until) throw error;
        await clock.sleep(PAUSE_MS);
      }
    }
  };
  return {
    namespace: cluster.namespace,
    get: (kind, name) => tried(true, () => cluster.get(kind, name)),
    list: (kind, selector) => tried(true, () => cluster.list(kind, selector)),
    logs: (pod, query) => tried(true, () => cluster.logs(pod, query)),
    patch: (kind, name, patch, subresource) => tried(false, () => cluster.patch(kind, name, patch, subresource)),
    create: (kind, object) => tried(false, () => cluster.create(kind, object)),
    remove: (kind, name) => tried(false, () => cluster.remove(kind, name)),
    exec: (pod, container, command, limit) => tried(false, () => cluster.exec(pod, container, command, limit)),
  };
}
