import type { Arns } from '../arns.ts';
import { ServiceError } from '../protocol/service.ts';
import type { Store } from '../store.ts';
import { Execution, type ExecutionStatus, lastEvent, type Outcome } from './execution.ts';
import { createHistory, HistoryEvent } from './history.ts';
import type { Machine } from './machine.ts';
import { run } from './run.ts';
import type { TaskDependencies } from './tasks.ts';

export interface ExecutionDependencies extends TaskDependencies {
  store: Store;
  arns: Arns;
  machines: ReadonlyMap<string, Machine>;
  /** Called for each change of status, after it is on disk. */
  changed: (execution: Execution) => void;
}

export interface Executions {
  /** Of every state machine. */
  all(): Execution[];
  start(machine: Machine, name: string, input: string): Execution;
  stop(executionArn: string, error: string, cause: string): Execution;
  get(executionArn: string): Execution;
  list(stateMachineArn: string, status: ExecutionStatus | undefined): Execution[];
  history(executionArn: string): HistoryEvent[];
  recover(): void;
  close(): void;
}

interface Live {
  end(outcome: Outcome): Execution;
  abort(): void;
}

/** The executions of all state machines. The library keeps them in memory; what became of them is kept on disk. */
export function createExecutions(deps: ExecutionDependencies): Executions {
  const { store, arns, clock, deadlines } = deps;
  const records = store.folder('executions', Execution);
  const journal = store.journal('execution-history', HistoryEvent);
  const live = new Map<string, Live>();
  let closed = false;

  const get = (executionArn: string) => {
    const found = records.get(executionArn);
    if (!found) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    return found;
  };
  const settle = (execution: Execution, outcome: Outcome) => {
    const { executionArn, stateMachineArn, name, startDate, input } = execution;
    const stopDate = clock.now().toISOString();
    const ended: Execution = { executionArn, stateMachineArn, name, startDate, input, stopDate, ...outcome };
    records.put(executionArn, ended);
    deps.changed(ended);
    return ended;
  };

  const launch = (machine: Machine, execution: Execution) => {
    const arn = execution.executionArn;
    const history = createHistory(journal, arn, machine, clock);
    const details = { input: execution.input, inputDetails: { truncated: false }, roleArn: arns.role('local') };
    history.append('ExecutionStarted', { executionStartedEventDetails: details });
    const running = run(deps, machine, execution, history, () => !closed && live.has(arn));
    const seconds = machine.timeoutSeconds;
    const late: Outcome = { status: 'TIMED_OUT', error: 'States.Timeout', cause: `the execution ran longer than ${seconds} s` };
    const keep = seconds === undefined ? undefined : deadlines.at(clock.now().getTime() + seconds * 1_000, () => end(late));
    const end = (outcome: Outcome): Execution => {
      if (closed || !live.delete(arn)) return get(arn);
      keep?.();
      history.append(...lastEvent(outcome));
      const ended = settle(execution, outcome);
      running.abort();
      return ended;
    };
    live.set(arn, { end, abort: running.abort });
    void running.ended.then(end);
  };

  return {
    get,
    all: () => records.all(),
    history: (executionArn) => journal.read(get(executionArn).executionArn),
    list: (stateMachineArn, status) =>
      records
        .all()
        .filter((one) => one.stateMachineArn === stateMachineArn && (status === undefined || one.status === status))
        .sort((a, b) => b.startDate.localeCompare(a.startDate)),
    start: (machine, name, input) => {
      const executionArn = arns.execution(machine.spec.name, name);
      const known = records.get(executionArn);
      if (known && known.status === 'RUNNING' && known.input === input) return known;
      if (known) throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
      const stateMachineArn = arns.stateMachine(machine.spec.name);
      const started: Execution = {
        executionArn,
        stateMachineArn,
        name,
        startDate: clock.now().toISOString(),
        input,
        status: 'RUNNING',
      };
      records.put(executionArn, started);
      deps.changed(started);
      launch(machine, started);
      return started;
    },
    stop: (executionArn, error, cause) => {
      const execution = get(executionArn);
      return live.get(executionArn)?.end({ status: 'ABORTED', error, cause }) ?? execution;
    },
    recover: () => {
      for (const execution of records.all())
        if (execution.status === 'RUNNING' && !live.has(execution.executionArn)) interrupt(execution);
    },
    close: () => {
      closed = true;
      for (const { abort } of live.values()) abort();
    },
  };

  /** The library holds no durable state: what ran when the process ended can't go on. The auditor hears of it. */
  function interrupt(execution: Execution): void {
    const outcome: Outcome = {
      status: 'ABORTED',
      error: 'LocalMode.Restarted',
      cause: 'Local mode was restarted while this execution ran',
    };
    const before = journal.read(execution.executionArn).at(-1)?.id ?? 0;
    const history = createHistory(journal, execution.executionArn, { states: new Map() }, clock, before);
    history.append(...lastEvent(outcome));
    settle(execution, outcome);
  }
}
