import { ExecutionError, type RunOptions } from 'aws-local-stepfunctions';
import { LOCAL_ACCOUNT } from '../../../runbooks/language/names.ts';
import type { Execution } from './execution.ts';
import type { History } from './history.ts';
import { CONTEXT_KEY, type Machine, type TaskSpec } from './machine.ts';
import { runTask, type TaskDependencies, type TaskWitness, TOKEN_PLACEHOLDER } from './tasks.ts';
import { wait } from './waits.ts';

type Handlers = NonNullable<NonNullable<RunOptions['overrides']>['taskResourceLocalHandlers']>;

export type Ending = { status: 'SUCCEEDED'; output: string } | { status: 'FAILED'; error: string; cause: string };

/**
 * Runs an execution to its natural end and writes its history on the way. Whoever ends it sooner calls `abort`, and
 * makes `alive` false.
 */
export function run(
  deps: TaskDependencies,
  machine: Machine,
  execution: Execution,
  history: History,
  alive: () => boolean,
): { abort: () => void; ended: Promise<Ending> } {
  // A branch that lost its Parallel state to another branch's failure: its tasks stop trying.
  const lost = new Set<string>();
  const aliveIn = (name: string) => alive() && !lost.has(machine.states.get(name)?.branch ?? '');
  const handlers: Handlers = {};
  const handle = (name: string, carryOut: (input: unknown) => Promise<unknown>) => {
    handlers[name] = async (input) => JSON.parse(JSON.stringify(await settled().then(() => carryOut(input))));
  };
  for (const [name, task] of machine.tasks)
    handle(name, (input) =>
      runTask(
        deps,
        task,
        input,
        witness(machine, history, task, () => aliveIn(name)),
      ),
    );
  for (const name of machine.waits) handle(name, (length) => wait(deps.clock, length, () => aliveIn(name)));

  const running = machine.engine.run(JSON.parse(execution.input), {
    overrides: { taskResourceLocalHandlers: handlers },
    context: { [CONTEXT_KEY]: contextOf(execution), ...machineContext(execution), Task: { Token: TOKEN_PLACEHOLDER } },
  });
  const told = tell(running.eventLogs, machine, history, lost, alive);
  const ended = running.result.then(
    async (output): Promise<Ending> => {
      await told;
      return { status: 'SUCCEEDED', output: JSON.stringify(output) };
    },
    async (error: unknown): Promise<Ending> => {
      await told;
      const why = error instanceof ExecutionError && error.cause instanceof Error ? error.cause : error;
      return {
        status: 'FAILED',
        error: why instanceof Error ? why.name : 'Error',
        cause: why instanceof Error ? why.message : '',
      };
    },
  );
  return { abort: running.abort, ended };
}

/** Until everything that is ready to run has run: the library's own events come first, ours after them. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

type StateLog = Parameters<History['ofState']>[0];

async function tell(
  logs: AsyncIterable<{ type: string } | StateLog>,
  machine: Machine,
  history: History,
  lost: Set<string>,
  alive: () => boolean,
): Promise<void> {
  for await (const event of logs) {
    if (!('state' in event) || !alive()) continue;
    const branches = machine.states.get(event.state.name)?.branches ?? [];
    for (const branch of branches) {
      if (event.type === 'StateFailed') lost.add(branch);
      if (event.type === 'StateEntered' || event.type === 'StateRetried') lost.delete(branch);
    }
    history.ofState(event);
  }
}

function witness(machine: Machine, history: History, task: TaskSpec, alive: () => boolean): TaskWitness {
  const branch = machine.states.get(task.name)?.branch;
  return {
    alive,
    tell: (type, details = {}) => {
      const key = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
      if (alive()) history.append(type, { [key]: { resourceType: 'lambda', resource: task.resource, ...details } }, branch);
    },
  };
}

function contextOf(execution: Execution) {
  return {
    Id: execution.executionArn,
    Name: execution.name,
    StartTime: execution.startDate,
    Input: JSON.parse(execution.input),
    RoleArn: `arn:aws:iam::${LOCAL_ACCOUNT}:role/local`,
  };
}

function machineContext(execution: Execution) {
  const id = execution.stateMachineArn;
  return { StateMachine: { Id: id, Name: id.slice(id.lastIndexOf(':') + 1) } };
}
