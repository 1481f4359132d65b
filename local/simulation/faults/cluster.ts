import type { ClusterFault } from '../cluster/fault.ts';

export const CLUSTER_FAULTS: ClusterFault[] = [];
