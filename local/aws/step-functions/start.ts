import type { Bus } from '../monitoring/bus.ts';
import type { Service } from '../protocol/service.ts';
import type { Execution } from './execution.ts';
import { createExecutions, type ExecutionDependencies } from './executions.ts';
import { createMachine, type StateMachineSpec } from './machine.ts';
import { stepFunctions } from './operations.ts';
import { createTaskTokens } from './task-tokens.ts';

export interface StepFunctions {
  service: Service;
  executions(): Execution[];
  recover(): void;
  close(): void;
}

/** Step Functions with the given machines. @throws {Error} naming the machine and state that can't be run here */
export function createStepFunctions(
  deps: Omit<ExecutionDependencies, 'machines' | 'tokens' | 'changed'> & { ids: () => string; bus: Pick<Bus, 'emit'> },
  { stateMachines }: { stateMachines: readonly StateMachineSpec[] },
): StepFunctions {
  const machines = new Map(stateMachines.map((spec) => [spec.name, createMachine(spec)]));
  const tokens = createTaskTokens(deps.ids);
  const changed = (execution: Execution) => deps.bus.emit(statusChange(execution));
  const executions = createExecutions({ ...deps, machines, tokens, changed });
  const service = stepFunctions({ ...deps, machines, tokens, executions });
  return { service, executions: executions.all, recover: executions.recover, close: executions.close };
}

/** `Step Functions Execution Status Change`, whose times are milliseconds since 1970. */
function statusChange(execution: Execution): Parameters<Bus['emit']>[0] {
  const stopDate = 'stopDate' in execution ? Date.parse(execution.stopDate) : null;
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [execution.executionArn],
    detail: { ...execution, startDate: Date.parse(execution.startDate), stopDate },
  };
}
