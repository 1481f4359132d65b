import type { ClusterFault } from '../cluster/fault.ts';
import { apiFaults } from './cluster-api.ts';
import { applicationFaults } from './cluster-application.ts';
import { brokerFaults } from './cluster-brokers.ts';
import { certificateFaults } from './cluster-certificate.ts';
import { databaseFaults } from './cluster-database.ts';
import { loadFaults } from './cluster-load.ts';

/** Everything that can be wrong with Save-It and its cluster. Each that makes it ill makes its own alarm fire. */
export const CLUSTER_FAULTS: readonly ClusterFault[] = [
  ...applicationFaults,
  ...databaseFaults,
  ...loadFaults,
  ...certificateFaults,
  ...brokerFaults,
  ...apiFaults,
];
