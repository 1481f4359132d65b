import * as z from 'zod';
import { registry } from '../../runbooks/registry.ts';
import { handlerOf } from '../anatomy.ts';
import { surroundings } from '../surroundings.ts';
import { watch } from './watch.ts';

/** Started every few minutes by a schedule: see `watch.ts` for its story. */
export const handler = handlerOf('watch', z.unknown(), watch(surroundings(registry)));
