import { Logger } from '@aws-lambda-powertools/logger';

/** One JSON line an entry, as CloudWatch Logs can search it. Facts and evidence belong into the table, not here. */
export const log = new Logger({ serviceName: 'firebreak' });

/** What was thrown, as the log takes it: not everything that can be thrown is an error. */
export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** A record that can't be read hides no other: whoever lists many goes on without it, and the log names it. */
export const logUnreadable = (record: string, why: string): void => log.error('a record can not be read', { record, why });
