import * as z from 'zod';
import { until } from '../until.ts';
import type { Incident } from './console.ts';
import type { Mail } from './inbox.ts';
import type { Place } from './place.ts';
import { WHERE } from './place.ts';

/** Whatever is asked costs a function's invocation: once a second is enough. */
const PAUSE_MS = 900;

const Started = z.object({ executionArn: z.string() });
const Listed = z.object({ executions: z.array(z.object({ executionArn: z.string(), status: z.string() })) });
const Execution = z.object({ status: z.string(), error: z.string().optional() });
const Events = z.object({ events: z.array(z.object({ message: z.string(), timestamp: z.number() })) });

/** What a person sees of the runs of a deployment. */
export interface Runs {
  start(runbook: string, input: object): Promise<string>;
  /** ARNs of all executions of a runbook. */
  executions(runbook: string): Promise<string[]>;
  /** How an execution has ended. */
  ended(arn: string, withinMs: number): Promise<z.output<typeof Execution>>;
  /** The versions of its function that carried out steps of a runbook since then: as the function's log says it. */
  versionsAtWork(runbook: string, since: number, before?: number): Promise<string[]>;
  /** The one incident that is so; waits for it. */
  incident(what: string, holds: (incident: Incident) => boolean, withinMs: number): Promise<Incident>;
  mail(what: string, holds: (mail: Mail) => boolean, withinMs: number): Promise<Mail>;
}

export function runsOf(place: Pick<Place, 'cli' | 'names' | 'console' | 'inbox'>): Runs {
  const { aws } = place.cli;
  const machine = (runbook: string) =>
    `arn:aws:states:${WHERE.region}:${WHERE.account}:stateMachine:${place.names.stateMachine(runbook)}`;
  return {
    start: async (runbook, input) => {
      const what = ['--state-machine-arn', machine(runbook), '--input', JSON.stringify(input)];
      return Started.parse(await aws('stepfunctions', 'start-execution', ...what)).executionArn;
    },
    executions: async (runbook) => {
      const listed = await aws('stepfunctions', 'list-executions', '--state-machine-arn', machine(runbook));
      return Listed.parse(listed).executions.map(({ executionArn }) => executionArn);
    },
    ended: (arn, withinMs) =>
      seldom(
        'the execution is over',
        async () => {
          const execution = Execution.parse(await aws('stepfunctions', 'describe-execution', '--execution-arn', arn));
          return execution.status !== 'RUNNING' && execution;
        },
        withinMs,
      ),
    versionsAtWork: async (runbook, since, before = Date.now()) => {
      const group = `/aws/lambda/${place.names.stepFunction(runbook)}`;
      const times = ['--start-time', String(since), '--end-time', String(before)];
      const { events } = Events.parse(await aws('logs', 'filter-log-events', '--log-group-name', group, ...times));
      return [...new Set(events.flatMap(({ message }) => /^START .* Version: (\S+)/.exec(message)?.[1] ?? []))].sort();
    },
    incident: (what, holds, withinMs) => seldom(what, async () => (await place.console.incidents()).find(holds), withinMs),
    mail: (what, holds, withinMs) => seldom(what, async () => (await place.inbox.mails()).find(holds), withinMs),
  };
}

export function seldom<T>(what: string, look: () => Promise<T | undefined | false>, withinMs: number): Promise<T> {
  const later = async () => {
    const found = await look();
    if (found === undefined || found === false) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return found;
  };
  return until(what, later, withinMs);
}
