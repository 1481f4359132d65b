import type { Bundles } from './bundles.ts';
import type { ColdStart } from './cold-start.ts';
import type { FirstPaint } from './first-paint.ts';
import type { IntakeCalls } from './intake-calls.ts';
import type { PageFigures } from './page.ts';
import type { Percentiles } from './percentiles.ts';
import type { RunCalls } from './run-calls.ts';
import type { WayCalls } from './ways.ts';

export interface Measured {
  /** The load is that of the whole machine, before and after. */
  machine: { cores: number; node: string; load: number[] };
  alarmToFirstLookMs: Percentiles;
  alarmToFirstActMs: Percentiles;
  page: PageFigures;
  /** `null` where there is no Chromium to paint it. */
  firstPaintMs: FirstPaint | null;
  intake: IntakeCalls;
  runs: RunCalls[];
  ways: WayCalls[];
  coldStartMs: ColdStart;
  bundles: Bundles;
}

/** The figures for people: what was measured, what it came to, and what it should come to where there is an aim. */
export function table({
  machine,
  alarmToFirstLookMs,
  alarmToFirstActMs,
  page,
  firstPaintMs,
  intake,
  runs,
  ways,
  coldStartMs,
  bundles,
}: Measured): string {
  const rows: string[][] = [
    ['machine', `${machine.cores} cores, Node ${machine.node}, load ${machine.load.join(' to ')}`, ''],
    ['alarm to first look', spread(alarmToFirstLookMs), 'p50 under 150 ms'],
    ['alarm to first act', spread(alarmToFirstActMs), ''],
    ['alarm to page sent, P0', spread(page.alarmToPageMs), ''],
    ['calls of that page', `${counts(page.byService)}: ${counts(page.calls)}`, ''],
    ...paintRows(firstPaintMs),
    ['DynamoDB calls before StartExecution', String(intake.beforeStart), 'at most 5'],
    ['calls of a new signal', counts(intake.newSignal), ''],
    ['calls of a repeated signal', counts(intake.repeatedSignal), '1'],
    ...runs.flatMap((run) => [
      [run.runbook, `${run.ended}: ${run.stateTransitions} state transitions, ${run.invocations} invocations`, ''],
      ['', `${counts(run.calls)}; DynamoDB ${run.dynamoDbPerTransition} a transition`, ''],
    ]),
    ...ways.map((one) => [`${one.runbook}, ${one.way} way`, spokenWay(one), '']),
    ['step function imported', spread(coldStartMs.stepFunctionImported), ''],
    ['step function, first answer', spread(coldStartMs.stepFunctionFirstAnswer), ''],
    ['local mode serves', spread(coldStartMs.localModeServes), 'under 5 s'],
    ...bundleRows(bundles),
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return rows
    .map(([name = '', figure = '', aim = '']) => `${name.padEnd(width)}  ${figure}${aim && ` (aim: ${aim})`}`)
    .join('\n');
}

function paintRows(paint: FirstPaint | null): string[][] {
  if (!paint) return [['first paint', 'not measured: there is no Chromium', '']];
  return Object.entries(paint).map(([page, took]) => [`first paint: ${page}`, spread(took), 'p50 under 200 ms']);
}

/** What differs from way to way, in a line; the whole of it is in the JSON below the table. */
function spokenWay({ example, stateTransitions, invocations, dynamoDb, systemsManager, pages, dollars }: WayCalls): string {
  const counted = `${stateTransitions} transitions, ${invocations} invocations, DynamoDB ${dynamoDb}, SSM ${systemsManager}, mails ${pages}`;
  return `${counted}: $${dollars.toFixed(4)} (${example})`;
}

function bundleRows({ figures, intakeToDynamoDb, kubernetes, wholeAssetKilobytes }: Bundles): string[][] {
  const { files, loadedBy } = kubernetes;
  return [
    ...figures.map(({ name, kilobytes, ownKilobytes, chunks, importedMs, startedMs }) => [
      `bundle: ${name}`,
      `${kilobytes} kB (${ownKilobytes} of its own, ${chunks} chunks), p50 ${importedMs.p50} ms to load, ${startedMs.p50} ms from the start of the process, of ${importedMs.count}`,
      '',
    ]),
    ['bundles, the whole asset', `${wholeAssetKilobytes} kB`, ''],
    [
      'intake / DynamoDB client only',
      `${intakeToDynamoDb.started} from the start of the process, ${intakeToDynamoDb.imported} of the loading alone`,
      'at most 1.4',
    ],
    [
      'Kubernetes client',
      files.length === 0
        ? 'in no file'
        : `in ${files.join(', ')}; loaded at the start by ${loadedBy.join(', ') || 'no function'}`,
      'loaded at the start by no function',
    ],
  ];
}

function spread({ count, p50, p99, worst }: Percentiles): string {
  return `p50 ${p50} ms, p99 ${p99} ms, worst ${worst} ms, of ${count}`;
}

function counts(calls: Record<string, number>): string {
  return Object.entries(calls)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
