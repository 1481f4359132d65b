import type { Surroundings } from '../functions/surroundings.ts';
import type { Cluster } from '../runbooks/language/cluster.ts';
import type { WorkingClock } from './clocks.ts';

/** A cluster whose calls are work of the real world: local mode's clock does not run away from them. */
export function timedCluster(cluster: Cluster, { during }: Pick<WorkingClock, 'during'>): Cluster {
  return {
    namespace: cluster.namespace,
    get: (...asked) => during(cluster.get(...asked)),
    list: (...asked) => during(cluster.list(...asked)),
    patch: (...asked) => during(cluster.patch(...asked)),
    create: (...asked) => during(cluster.create(...asked)),
    remove: (...asked) => during(cluster.remove(...asked)),
    logs: (...asked) => during(cluster.logs(...asked)),
    exec: (...asked) => during(cluster.exec(...asked)),
  };
}

/** The same for every cluster that is opened. */
export function timedClusters(clusters: Surroundings['clusters'], clock: Pick<WorkingClock, 'during'>): Surroundings['clusters'] {
  return { open: async (...place) => timedCluster(await clock.during(clusters.open(...place)), clock) };
}
