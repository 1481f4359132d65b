import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { templatesOf } from '../../infra/assemble.ts';
import { virtualClock } from '../../local/clocks.ts';
import { deployment } from '../../runbooks/language/deployment.ts';
import { registry } from '../../runbooks/registry.ts';
import { type CostLine, costOfIncident, costOfMonth, type Resources, total } from './costs.ts';
import { tallied } from './recorder.ts';
import { runCalls } from './run-calls.ts';
import { onStage } from './stage.ts';

/**
 * What a deployment of the example file costs, at rest and per incident, as Markdown: counted, not guessed. `docs/deploy.md`
 * shows it, and a test compares.
 */
export async function costTable(): Promise<string> {
  const resources = synthesised();
  const memoryMb = memoryOf(resources);
  const month = costOfMonth(resources, await idleRound(), memoryMb);
  const good = await runCalls('sira/disk-space-low', 'sira-DiskSpaceLow', 'DiskSpaceLow', 'disk-full-logs');
  const incident = costOfIncident(good, memoryMb, 0);
  return [
    '| A month in which nothing happens | how many | US dollars |',
    '|---|---:|---:|',
    ...month.map(row),
    `| **together** | | **${total(month).toFixed(2)}** |`,
    '',
    `| One incident of \`${good.runbook}\`, ${good.ended} | how many | US dollars |`,
    '|---|---:|---:|',
    ...incident.map(row),
    `| **together** | | **${total(incident).toFixed(4)}** |`,
  ].join('\n');
}

function row({ what, count, dollars }: CostLine): string {
  const shown = Number.isInteger(count) ? count.toLocaleString('en-US') : count.toPrecision(2);
  return `| ${what} | ${shown} | ${dollars === 0 ? '0' : dollars < 0.01 ? dollars.toFixed(6) : dollars.toFixed(2)} |`;
}

const Template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() })),
});

/** As `cdk synth` makes it of the example, in the one region where Route 53 tells of health checks. */
function synthesised(): Resources {
  const file = join(import.meta.dirname, '../../firebreak.example.json');
  const { template, documents } = templatesOf(registry, deployment(JSON.parse(readFileSync(file, 'utf8')), registry.systems));
  return {
    ...Object.assign({}, ...documents.map((one) => Template.parse(one).Resources)),
    ...Template.parse(template).Resources,
  };
}

/** Of the largest function, in MB. */
export const functionMemoryMb = () => memoryOf(synthesised());

function memoryOf(resources: Resources): number {
  const sizes = Object.values(resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Lambda::Function' ? [Number(Properties?.MemorySize)] : [],
  );
  return Math.max(...sizes);
}

/** The calls of one round of the auditor with nothing to do. */
function idleRound(): Promise<Record<string, number>> {
  const clock = virtualClock();
  return onStage(clock, async ({ recorded, watch }) => {
    recorded.forget();
    await clock.during(watch());
    return tallied(recorded.calls());
  });
}
