import { expect, it } from 'vitest';
import { dashboardUrl, executionUrl, storyOf } from '../../functions/aws-console.ts';
import { LOCAL_ACCOUNT } from '../../runbooks/language/names.ts';

const FRANKFURT = { account: '123456789012', region: 'eu-central-1' };
const ARN = 'arn:aws:states:eu-central-1:123456789012:execution:firebreak-sira-disk-space-low:7Q2-1';

it('leads to an execution and to the dashboard, in the region’s own console', () => {
  expect(executionUrl(FRANKFURT, ARN)).toBe(
    `https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/${encodeURIComponent(ARN)}`,
  );
  expect(dashboardUrl(FRANKFURT, 'firebreak')).toBe(
    'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/firebreak',
  );
  expect(dashboardUrl({ ...FRANKFURT, region: 'cn-north-1' }, 'x')).toContain('https://cn-north-1.console.amazonaws.cn/');
  expect(dashboardUrl({ ...FRANKFURT, region: 'us-gov-west-1' }, 'x')).toContain(
    'https://us-gov-west-1.console.amazonaws-us-gov.com/',
  );
});

it('has no link that is dead: local mode is no account of AWS’', () => {
  const local = { ...FRANKFURT, account: LOCAL_ACCOUNT };
  expect([executionUrl(local, ARN), dashboardUrl(local, 'firebreak')]).toEqual([null, null]);
  expect(storyOf({ config: local, names: { dashboard: 'firebreak' } }, '7Q2')).toBe('incident 7Q2');
});

it('leads from an execution to its story: to the console where there is one, else to the dashboard', () => {
  const names = { dashboard: 'firebreak' };
  expect(storyOf({ config: { ...FRANKFURT, consoleUrl: 'https://fb.example.com' }, names }, '7Q2')).toBe(
    'https://fb.example.com/incidents/7Q2',
  );
  expect(storyOf({ config: FRANKFURT, names }, '7Q2')).toBe(`incident 7Q2 on ${dashboardUrl(FRANKFURT, 'firebreak')}`);
});
