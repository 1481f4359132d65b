import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { registry } from '../../runbooks/registry.ts';
import { hasChromium } from '../e2e/browser/chromium.ts';
import { bundles } from './bundles.ts';
import { coldStart } from './cold-start.ts';
import { functionMemoryMb } from './cost-table.ts';
import { firstPaint } from './first-paint.ts';
import { intakeCalls } from './intake-calls.ts';
import { alarmToFirstAct, alarmToFirstLook } from './latency.ts';
import { alarmToPage } from './page.ts';
import { rounded } from './percentiles.ts';
import { runCalls } from './run-calls.ts';
import { type Measured, table } from './table.ts';
import { type WayCalls, wayCalls, waysOf } from './ways.ts';

/**
 * How fast it is, and how many calls it takes: local mode in this process, the real clock, the simulated host. No figure is
 * asserted: a wall clock says as much of the machine as of the program. `load` tells how busy it was with other things.
 */
const { values } = parseArgs({
  options: {
    alarms: { type: 'string', default: '100' },
    acts: { type: 'string', default: '20' },
    pages: { type: 'string', default: '50' },
    starts: { type: 'string', default: '5' },
    bundleStarts: { type: 'string', default: '20' },
    visits: { type: 'string', default: '20' },
  },
});

const before = loadavg()[0] ?? 0;
const calls = await intakeCalls();
const runs = [
  await runCalls('sira/disk-space-low', 'sira-DiskSpaceLow', 'DiskSpaceLow', 'disk-full-logs'),
  await runCalls('sira/application-down', 'sira-APIDown', 'APIDown', 'backend-down'),
];
const memoryMb = functionMemoryMb();
const ways: WayCalls[] = [];
for (const runbook of registry.runbooks)
  for (const { way, example } of waysOf(runbook)) ways.push(await wayCalls(runbook, way, example, memoryMb));
const cold = await coldStart(Number(values.starts));
const bundled = await bundles(Number(values.bundleStarts));
const firstLook = await alarmToFirstLook(Number(values.alarms));
const firstAct = await alarmToFirstAct(Number(values.acts));
const page = await alarmToPage(Number(values.pages));
const paint = hasChromium() ? await firstPaint(Number(values.visits)) : null;
const measured: Measured = {
  machine: { cores: availableParallelism(), node: process.version, load: [rounded(before), rounded(loadavg()[0] ?? 0)] },
  alarmToFirstLookMs: firstLook,
  alarmToFirstActMs: firstAct,
  page,
  firstPaintMs: paint,
  intake: calls,
  runs,
  ways,
  coldStartMs: cold,
  bundles: bundled,
};
console.log(table(measured));
console.log(JSON.stringify(measured, null, 2));
// A ladder that was stopped leaves a timer for its next rung, of an hour and more: nobody waits for that here.
process.exit();
