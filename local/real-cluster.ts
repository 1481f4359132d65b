import type { Surroundings } from '../functions/surroundings.ts';
import type { Clusters } from './aws/eks.ts';
import type { WorkingClock } from './clocks.ts';
import type { DeployedParts } from './deployed.ts';
import { timedClusters } from './timed-cluster.ts';

/** A cluster that is not simulated. */
export interface RealCluster {
  /** What EKS tells of it. */
  known: Clusters;
  /** EKS for the function of one runbook, with the credentials of its own role. */
  as(runbook: string): Surroundings['clusters'];
}

/** What is deployed where the cluster is real: each runbook's function has the credentials of its own role. */
export function ofRealCluster(
  { known, as }: RealCluster,
  around: Surroundings,
  clock: WorkingClock,
): Required<Pick<DeployedParts, 'clusters' | 'aroundOf'>> {
  return { clusters: known, aroundOf: (runbook) => ({ ...around, clusters: timedClusters(as(runbook), clock) }) };
}
