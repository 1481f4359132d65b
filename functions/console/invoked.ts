import * as z from 'zod';
import { handlerOf } from '../anatomy.ts';
import { errorBody, type Fault, Rejected } from './rejected.ts';

/**
 * The anatomy of a function that a person calls with `aws lambda invoke`, when nothing else works: IAM is the door.
 * What is rejected is an answer that says what was expected; only an outage is an error.
 */
export function invoked<R>(name: string, call: (given: unknown, requestId: string) => Promise<R>) {
  return handlerOf(name, z.unknown(), async (given, { awsRequestId }): Promise<R | { error: Fault }> => {
    try {
      return await call(given, awsRequestId);
    } catch (error) {
      if (error instanceof Rejected) return errorBody(error);
      throw error;
    }
  });
}
