import { expect, it, vi } from 'vitest';
import * as z from 'zod';
import { countInLog, embedded } from '../../functions/embedded-metrics.ts';
import { countedOf } from '../../functions/incident/metrics.ts';
import { incident, T0 } from './aws/table/records.ts';

/** What the specification of the embedded metric format asks of a line: names, limits, and that each target is there. */
const Directive = z.strictObject({
  Namespace: z.string().min(1).max(1_024),
  Dimensions: z.array(z.array(z.string().min(1).max(250)).min(1).max(30)).min(1),
  Metrics: z
    .array(z.strictObject({ Name: z.string().min(1).max(1_024), Unit: z.enum(['Count', 'Seconds']) }))
    .min(1)
    .max(100),
});
const Line = z.looseObject({
  _aws: z.strictObject({ Timestamp: z.number().int(), CloudWatchMetrics: z.array(Directive).min(1) }),
});

const [opened] = countedOf(null, incident('A'), () => false);
if (!opened) throw new Error('an incident that is opened is counted');

it('a line is as CloudWatch asks: every dimension and every metric that it names is a member of it', () => {
  const line = Line.parse(JSON.parse(JSON.stringify(embedded('firebreak', opened))));
  expect(line._aws.Timestamp).toBe(Date.parse(T0));
  for (const { Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
    for (const name of Dimensions.flat()) expect(line[name], name).toEqual(expect.any(String));
    for (const { Name } of Metrics) expect(line[Name], Name).toEqual(expect.any(Number));
  }
  expect(line).toMatchObject({ Deployment: 'firebreak', System: 'sira', Severity: 'P1', Runbook: 'sira/disk-space-low' });
});

it('where no runbook answers, none is named', () => {
  const [unknown] = countedOf(null, { ...incident('A'), runbook: null }, () => false);
  if (!unknown) throw new Error('it is counted');
  expect(embedded('firebreak', unknown)).not.toHaveProperty('Runbook');
});

it('is printed in Lambda as a line by itself, and nowhere else', () => {
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    countInLog({}, 'firebreak')(opened);
    countInLog({ AWS_LAMBDA_FUNCTION_NAME: 'firebreak-intake', POWERTOOLS_LOG_LEVEL: 'SILENT' }, 'firebreak')(opened);
    expect(printed).not.toHaveBeenCalled();
    countInLog({ AWS_LAMBDA_FUNCTION_NAME: 'firebreak-intake' }, 'firebreak')(opened);
    expect(printed.mock.calls).toEqual([[`${JSON.stringify(embedded('firebreak', opened))}\n`]]);
  } finally {
    printed.mockRestore();
  }
});
