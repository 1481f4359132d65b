import { Logger } from '@aws-lambda-powertools/logger';

/** One JSON line an entry, as CloudWatch Logs can search it. Facts and evidence belong into the table, not here. */
export const log = new Logger({ serviceName: 'firebreak' });
