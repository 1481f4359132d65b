import type { Runbook } from './language/definition.ts';
import { overlaps } from './language/overlaps.ts';
import { supersedingFaults } from './language/superseding.ts';
import { registered, type System } from './language/system.ts';
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
export const systems: readonly System[] = [registered(sira)];
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
];

const faults = [...overlaps(runbooks), ...supersedingFaults(runbooks)];
if (faults.length > 0) throw new Error(faults.join('\n'));

export const registry = { systems, runbooks };
