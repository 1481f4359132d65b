import type { ColdStart } from './cold-start.ts';
import type { IntakeCalls } from './intake-calls.ts';
import type { Percentiles } from './percentiles.ts';
import type { RunCalls } from './run-calls.ts';

export interface Measured {
  /** The load is that of the whole machine, before and after. */
  machine: { cores: number; node: string; load: number[] };
  alarmToFirstLookMs: Percentiles;
  alarmToFirstActMs: Percentiles;
  intake: IntakeCalls;
  runs: RunCalls[];
  coldStartMs: ColdStart;
}

/** The figures for people: what was measured, what it came to, and what it should come to where there is an aim. */
export function table({ machine, alarmToFirstLookMs, alarmToFirstActMs, intake, runs, coldStartMs }: Measured): string {
  const rows: string[][] = [
    ['machine', `${machine.cores} cores, Node ${machine.node}, load ${machine.load.join(' to ')}`, ''],
    ['alarm to first look', spread(alarmToFirstLookMs), 'p50 under 150 ms'],
    ['alarm to first act', spread(alarmToFirstActMs), ''],
    ['DynamoDB calls before StartExecution', String(intake.beforeStart), 'at most 5'],
    ['calls of a new signal', counts(intake.newSignal), ''],
    ['calls of a repeated signal', counts(intake.repeatedSignal), '1'],
    ...runs.flatMap((run) => [
      [run.runbook, `${run.ended}: ${run.stateTransitions} state transitions, ${run.invocations} invocations`, ''],
      ['', `${counts(run.calls)}; DynamoDB ${run.dynamoDbPerTransition} a transition`, ''],
    ]),
    ['step function imported', spread(coldStartMs.stepFunctionImported), ''],
    ['step function, first answer', spread(coldStartMs.stepFunctionFirstAnswer), ''],
    ['local mode serves', spread(coldStartMs.localModeServes), 'under 5 s'],
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return rows
    .map(([name = '', figure = '', aim = '']) => `${name.padEnd(width)}  ${figure}${aim && ` (aim: ${aim})`}`)
    .join('\n');
}

function spread({ count, p50, p99, worst }: Percentiles): string {
  return `p50 ${p50} ms, p99 ${p99} ms, worst ${worst} ms, of ${count}`;
}

function counts(calls: Record<string, number>): string {
  return Object.entries(calls)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
