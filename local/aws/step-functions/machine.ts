import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import * as z from 'zod';

/** A state machine as it is deployed: Amazon States Language with every `${...}` already filled in. */
export interface StateMachineSpec {
  name: string;
  definition: unknown;
  description?: string;
}

export const Retrier = z.object({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number().default(1),
  BackoffRate: z.number().default(2),
  MaxAttempts: z.number().int().default(3),
  MaxDelaySeconds: z.number().optional(),
  JitterStrategy: z.enum(['NONE', 'FULL']).default('NONE'),
});
export type Retrier = z.output<typeof Retrier>;

const State = z.looseObject({
  Type: z.string(),
  Resource: z.string().optional(),
  TimeoutSeconds: z.number().optional(),
  Retry: z.array(Retrier).optional(),
  get Branches() {
    return z.array(Graph).optional();
  },
});
type State = z.output<typeof State>;
const Graph = z.looseObject({ StartAt: z.string(), States: z.record(z.string(), State), TimeoutSeconds: z.number().optional() });
type Graph = z.output<typeof Graph>;

/** What a Task state does, which local mode carries out itself: with its retries and timeouts. */
export interface TaskSpec {
  name: string;
  resource: 'invoke' | 'invoke.waitForTaskToken';
  timeoutSeconds: number;
  retry: Retrier[];
}

/** What is known of a state by its name, which is unique within a machine. */
export interface StateFacts {
  type: string;
  /** The branch that it is in: `''` at the top, otherwise `<name of the Parallel state>/<number>`. */
  branch: string;
  /** The branches of a Parallel state. */
  branches: string[];
}

export interface Machine {
  spec: StateMachineSpec;
  engine: StateMachine;
  states: ReadonlyMap<string, StateFacts>;
  tasks: ReadonlyMap<string, TaskSpec>;
  waits: ReadonlySet<string>;
  /** Of the whole execution, in seconds of the clock. */
  timeoutSeconds: number | undefined;
}

/** setTimeout's own limit. The library would fire at once beyond it. */
const LONGEST_TIMEOUT_SECONDS = 2_147_483;
/** Step Functions' own default, where a Task states none: 99,999,999 s. */
const NO_TIMEOUT_SECONDS = 99_999_999;
const INVOKE = 'arn:aws:states:::lambda:';

/** Where the context of a run lies: the library overwrites `Execution` in the branches of a Parallel state. */
export const CONTEXT_KEY = 'Started';

/**
 * Makes a machine that the library can run. The library does the graph: paths, choices, branches, catches. Time and
 * tasks are local mode's own, so that they follow its clock:
 * - a Wait becomes a Task that sleeps by the clock;
 * - Retry and TimeoutSeconds are taken out of Tasks, and TimeoutSeconds out of the machine, and kept by local mode;
 * - `$$.Execution` is read from another place, where it stays what it was inside branches too.
 *
 * @throws {Error} naming the state, for what local mode can't run as AWS would (Map, JSONata, another service's Resource)
 */
export function createMachine(spec: StateMachineSpec): Machine {
  const graph = Graph.parse(spec.definition);
  if (/"\$\$\.(State|Map)\b/.test(JSON.stringify(graph)) || graph.QueryLanguage === 'JSONata')
    throw new Error(`state machine ${spec.name}: $$.State, $$.Map and JSONata are not supported by local mode`);
  const states = new Map<string, StateFacts>();
  const tasks = new Map<string, TaskSpec>();
  const waits = new Set<string>();

  const walk = (part: Graph, branch: string): Record<string, unknown> => ({
    ...part,
    TimeoutSeconds: undefined,
    States: Object.fromEntries(Object.entries(part.States).map(([name, state]) => [name, convert(name, state, branch)])),
  });
  const convert = (name: string, state: State, branch: string): Record<string, unknown> => {
    if (states.has(name)) throw new Error(`state machine ${spec.name}: "${name}" stands twice`);
    const branches = (state.Branches ?? []).map((_, number) => `${name}/${number}`);
    states.set(name, { type: state.Type, branch, branches });
    if (state.Type === 'Map') throw new Error(`state machine ${spec.name}, state "${name}": Map is not supported by local mode`);
    if (state.Type === 'Wait') waits.add(name);
    if (state.Type === 'Task') tasks.set(name, taskOf(spec.name, name, state));
    const rewritten = state.Type === 'Wait' ? waitAsTask(state) : state.Type === 'Task' ? withoutTime(state) : state;
    return state.Branches ? { ...rewritten, Branches: state.Branches.map((part, n) => walk(part, `${name}/${n}`)) } : rewritten;
  };
  const text = JSON.stringify(walk(graph, '')).replaceAll('"$$.Execution', () => `"$$.${CONTEXT_KEY}`);
  const definition: StateMachineDefinition = JSON.parse(text);
  const engine = new StateMachine(definition, { validationOptions: { noValidate: true } });
  return { spec, engine, states, tasks, waits, timeoutSeconds: graph.TimeoutSeconds };
}

function taskOf(machine: string, name: string, state: State): TaskSpec {
  const resource = state.Resource?.replace(INVOKE, '');
  if ((resource !== 'invoke' && resource !== 'invoke.waitForTaskToken') || 'TimeoutSecondsPath' in state)
    throw new Error(
      `state machine ${machine}, state "${name}": expected ${INVOKE}invoke or ${INVOKE}invoke.waitForTaskToken and a fixed timeout`,
    );
  return { name, resource, timeoutSeconds: state.TimeoutSeconds ?? NO_TIMEOUT_SECONDS, retry: state.Retry ?? [] };
}

function withoutTime(state: State): Record<string, unknown> {
  return { ...state, Retry: undefined, TimeoutSeconds: LONGEST_TIMEOUT_SECONDS };
}

/** The wait's length becomes the task's input; its result is dropped, as a Wait has none. */
function waitAsTask(state: State): Record<string, unknown> {
  const { Seconds, SecondsPath, Timestamp, TimestampPath, ...rest } = state;
  const Parameters =
    SecondsPath !== undefined
      ? { 'seconds.$': SecondsPath }
      : TimestampPath !== undefined
        ? { 'until.$': TimestampPath }
        : { seconds: Seconds, until: Timestamp };
  return { ...rest, Type: 'Task', Resource: 'wait', Parameters, ResultPath: null, TimeoutSeconds: LONGEST_TIMEOUT_SECONDS };
}
