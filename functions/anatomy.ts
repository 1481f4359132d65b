import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { log } from './log.ts';

/**
 * The anatomy that every handler shares: middy around zod around one call. What zod returned is what is used.
 * An error is logged once, with what it was about, and thrown on: the caller decides whether to try again.
 */
export function handlerOf<S extends z.ZodType, R>(
  name: string,
  schema: S,
  call: (input: z.output<S>, context: Context) => Promise<R>,
) {
  return middy(async (event: unknown, context: Context): Promise<R> => call(schema.parse(event), context)).onError((request) => {
    log.error(`${name} failed`, request.error ?? new Error('no error was given'));
  });
}
