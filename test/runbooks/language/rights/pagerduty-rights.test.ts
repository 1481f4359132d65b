import { expect, test } from 'vitest';
import { permissions } from '../../../../runbooks/language/permissions.ts';
import { LOCAL } from '../../../infra/within-rights.ts';

const oncall = '/firebreak/pagerduty/oncall';
const webhook = '/firebreak/pagerduty/webhook';
const arn = (name: string) => `arn:aws:ssm:us-east-1:000000000000:parameter${name}`;

/** Who may read which parameters. */
function readers(pagerduty?: { keys: Record<string, string[]>; webhookSecret?: string }): Map<string, string[]> {
  const all = permissions({ ...LOCAL, ...(pagerduty && { pagerduty }) });
  const reads = all.map(({ of, statements }): [string, string[]] => [
    of,
    statements.flatMap(({ actions, resources }) => (actions.includes('ssm:GetParameter') ? resources : [])),
  ]);
  return new Map(reads.filter(([, resources]) => resources.length > 0));
}

test('who pages people of a system reads the keys of its services, and nothing else of Parameter Store', () => {
  const found = readers({ keys: { sira: [oncall], saveit: [] }, webhookSecret: webhook });
  const { names, runbooks } = LOCAL;
  for (const { id } of runbooks)
    expect(found.get(names.stepFunction(id)), id).toEqual(id.startsWith('sira/') ? [arn(oncall)] : undefined);
  expect(found.get(names.escalateFunction)).toEqual([arn(oncall)]);
  expect(found.get(names.modeFunction)).toBeUndefined();
  const both = [...found].filter(([, resources]) => resources.includes(arn(webhook)));
  expect(both.map(([of]) => of)).toEqual([names.linksFunction]);
});

test('without PagerDuty nobody reads any', () => {
  expect([...readers()]).toEqual([]);
});
