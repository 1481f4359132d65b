import { registry } from '../../runbooks/registry.ts';
import { handlerOf } from '../anatomy.ts';
import { surroundings } from '../surroundings.ts';
import { runStep, StepEvent } from './run-step.ts';

/** One function a runbook, with that runbook's rights: see `run-step.ts` for its story. */
export const handler = handlerOf('run-step', StepEvent, runStep(surroundings(registry)));
