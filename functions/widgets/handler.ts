import * as z from 'zod';
import { registry } from '../../runbooks/registry.ts';
import { handlerOf } from '../anatomy.ts';
import { surroundings } from '../surroundings.ts';
import { widget } from './widget.ts';

/** The custom widgets of the CloudWatch dashboard: see `widget.ts`. */
export const handler = handlerOf('widgets', z.unknown(), widget(surroundings(registry)));
