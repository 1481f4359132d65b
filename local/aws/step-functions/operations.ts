import * as z from 'zod';
import { nameOf } from '../arns.ts';
import { page } from '../protocol/pagination.ts';
import { operation, type Service, ServiceError } from '../protocol/service.ts';
import type { Execution } from './execution.ts';
import type { ExecutionDependencies, Executions } from './executions.ts';
import type { HistoryEvent } from './history.ts';

const Paged = z.object({ maxResults: z.number().int().min(0).max(1_000).optional(), nextToken: z.string().optional() });
const OfExecution = z.object({ executionArn: z.string() });
const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
/** Step Functions' own: 1 to 80 characters, none of them white space, a bracket, a wildcard or one of its specials. */
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

/** Step Functions, JSON 1.0. Not here: Map runs, versions and aliases, activities, redrive, tags. */
export function stepFunctions(
  deps: Pick<ExecutionDependencies, 'machines' | 'tokens' | 'arns'> & { executions: Executions; ids: () => string },
): Service {
  const { executions, tokens, arns } = deps;
  const machineOf = (arn: string) => {
    const machine = deps.machines.get(nameOf(arn));
    if (!machine) throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  };
  const summary = (name: string) => ({
    stateMachineArn: arns.stateMachine(name),
    name,
    type: 'STANDARD',
    creationDate: new Date(0),
  });

  return {
    operations: {
      StartExecution: operation(
        z.object({ stateMachineArn: z.string(), name: z.string().optional(), input: z.string().default('{}') }),
        ({ stateMachineArn, name = deps.ids(), input }) => {
          if (!NAME.test(name)) throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
          if (!isJson(input))
            throw new ServiceError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${input}'`);
          const { executionArn, startDate } = executions.start(machineOf(stateMachineArn), name, input);
          return { executionArn, startDate: new Date(startDate) };
        },
      ),
      StopExecution: operation(
        OfExecution.extend({ error: z.string().default(''), cause: z.string().default('') }),
        ({ executionArn, error, cause }) => ({ stopDate: stopDate(executions.stop(executionArn, error, cause)) }),
      ),
      DescribeExecution: operation(OfExecution, ({ executionArn }) => described(executions.get(executionArn))),
      ListExecutions: operation(
        Paged.extend({ stateMachineArn: z.string(), statusFilter: z.enum(STATUSES).optional() }),
        ({ stateMachineArn, statusFilter, maxResults, nextToken }) => {
          const found = executions.list(arns.stateMachine(machineOf(stateMachineArn).spec.name), statusFilter);
          const { items, next } = page(found, maxResults || 100, nextToken, 'InvalidToken');
          return { executions: items.map(listed), nextToken: next };
        },
      ),
      GetExecutionHistory: operation(
        Paged.extend({
          executionArn: z.string(),
          reverseOrder: z.boolean().optional(),
          includeExecutionData: z.boolean().optional(),
        }),
        ({ executionArn, reverseOrder, maxResults, nextToken }) => {
          const all = executions.history(executionArn).map(timed);
          const { items, next } = page(reverseOrder ? all.reverse() : all, maxResults || 100, nextToken, 'InvalidToken');
          return { events: items, nextToken: next };
        },
      ),
      ListStateMachines: operation(Paged, ({ maxResults, nextToken }) => {
        const all = [...deps.machines.keys()].sort().map(summary);
        const { items, next } = page(all, maxResults || 100, nextToken, 'InvalidToken');
        return { stateMachines: items, nextToken: next };
      }),
      DescribeStateMachine: operation(z.object({ stateMachineArn: z.string() }), ({ stateMachineArn }) => {
        const { name, definition, description } = machineOf(stateMachineArn).spec;
        const roleArn = arns.role('local');
        return { ...summary(name), status: 'ACTIVE', description, roleArn, definition: JSON.stringify(definition) };
      }),
      SendTaskSuccess: operation(z.object({ taskToken: z.string(), output: z.string() }), (input) =>
        tokens.succeed(input.taskToken, input.output),
      ),
      SendTaskFailure: operation(
        z.object({ taskToken: z.string(), error: z.string().default(''), cause: z.string().default('') }),
        (input) => tokens.fail(input.taskToken, input.error, input.cause),
      ),
      SendTaskHeartbeat: operation(z.object({ taskToken: z.string() }), (input) => tokens.heartbeat(input.taskToken)),
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function stopDate(execution: Execution): Date | undefined {
  return 'stopDate' in execution ? new Date(execution.stopDate) : undefined;
}

function listed(execution: Execution) {
  const { executionArn, stateMachineArn, name, status, startDate } = execution;
  return { executionArn, stateMachineArn, name, status, startDate: new Date(startDate), stopDate: stopDate(execution) };
}

function described(execution: Execution) {
  const whole = { inputDetails: { included: true }, outputDetails: { included: true } };
  return { ...whole, ...execution, startDate: new Date(execution.startDate), stopDate: stopDate(execution) };
}

function timed(event: HistoryEvent) {
  return { ...event, timestamp: new Date(event.timestamp) };
}
