import * as z from 'zod';
import { registry } from '../../runbooks/registry.ts';
import { handlerOf } from '../anatomy.ts';
import { surroundings } from '../surroundings.ts';
import { watch } from './watch.ts';

/** What a round needs at its end, when it stops to look at more: to finish what it is at, and to say how far it came. */
const RESERVE_MS = 10_000;

const round = watch(surroundings(registry));

/** Started every few minutes by a schedule: see `watch.ts` for its story. A round ends before Lambda ends it. */
export const handler = handlerOf('watch', z.unknown(), (_, context) =>
  round(Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS)),
);
