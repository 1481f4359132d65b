import type { Runbook } from './language/definition.ts';
import { overlaps } from './language/overlaps.ts';
import { supersedingFaults } from './language/superseding.ts';
import { registered, type System } from './language/system.ts';
import applicationNotResponding from './saveit/application-not-responding.ts';
import certificateExpired from './saveit/certificate-expired.ts';
import composeNotResponding from './saveit/compose-not-responding.ts';
import databaseCheck from './saveit/database-check.ts';
import databaseConnections from './saveit/database-connections.ts';
import debugPod from './saveit/debug-pod.ts';
import healthCheck from './saveit/health-check.ts';
import highCpu from './saveit/high-cpu.ts';
import highMemory from './saveit/high-memory.ts';
import mqttBrokerDown from './saveit/mqtt-broker-down.ts';
import recentErrors from './saveit/recent-errors.ts';
import redisUnreachable from './saveit/redis-unreachable.ts';
import { saveit } from './saveit/system.ts';
import applicationDown from './sira/application-down.ts';
import backupFailed from './sira/backup-failed.ts';
import certificateExpiring from './sira/certificate-expiring.ts';
import databaseDown from './sira/database-down.ts';
import diskCheck from './sira/disk-check.ts';
import diskSpaceLow from './sira/disk-space-low.ts';
import highErrorRate from './sira/high-error-rate.ts';
import highResponseTime from './sira/high-response-time.ts';
import memoryExhausted from './sira/memory-exhausted.ts';
import restoreDatabase from './sira/restore-database.ts';
import restoreTest from './sira/restore-test.ts';
import reviewRunbooks from './sira/review-runbooks.ts';
import serviceStatus from './sira/service-status.ts';
import slowRecommendations from './sira/slow-recommendations.ts';
import { sira } from './sira/system.ts';

/** All systems and runbooks that Firebreak knows. A new one is added here, and nowhere else. */
export const systems: readonly System[] = [registered(sira), registered(saveit)];
export const runbooks: readonly Runbook[] = [
  applicationDown,
  backupFailed,
  certificateExpiring,
  databaseDown,
  diskCheck,
  diskSpaceLow,
  highErrorRate,
  highResponseTime,
  memoryExhausted,
  restoreDatabase,
  restoreTest,
  serviceStatus,
  reviewRunbooks,
  slowRecommendations,
  applicationNotResponding,
  certificateExpired,
  composeNotResponding,
  databaseCheck,
  databaseConnections,
  debugPod,
  healthCheck,
  highCpu,
  highMemory,
  mqttBrokerDown,
  recentErrors,
  redisUnreachable,
];

const faults = [...overlaps(runbooks), ...supersedingFaults(runbooks)];
if (faults.length > 0) throw new Error(faults.join('\n'));

export const registry = { systems, runbooks };
