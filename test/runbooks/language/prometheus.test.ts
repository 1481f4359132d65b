import { describe, expect, it } from 'vitest';
import { PrometheusUrl, readingOf, workspaceOf } from '../../../runbooks/language/prometheus.ts';

const ID = 'ws-b226cc2a-a446-46a9-933a-ac50479a5568';
const AWS = `https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/${ID}`;

describe('the address of a Prometheus', () => {
  it.each([
    ['http://prometheus:9090', 'http://prometheus:9090'],
    ['https://example.com/prometheus/', 'https://example.com/prometheus'],
    ['http://10.0.0.1:9090/api/v1/query', 'http://10.0.0.1:9090'],
    [`${AWS}/`, AWS],
    [`${AWS}/api/v1/query`, AWS],
  ])('%s is %s', (given, read) => {
    expect(PrometheusUrl.parse(given)).toBe(read);
    expect(PrometheusUrl.parse(read)).toBe(read);
  });

  it.each([
    ['prometheus:9090', /expected a URL/],
    ['ftp://prometheus', /expected a URL/],
    ['http://ada:secret@prometheus:9090', /without credentials/],
    ['https://aps-workspaces.eu-west-1.amazonaws.com', /expected the workspace too/],
    ['https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/mine', /expected the workspace too/],
  ])('%s is none', (given, why) => {
    expect(PrometheusUrl.safeParse(given).error?.issues[0]?.message).toMatch(why);
  });

  it.each([
    [AWS, { region: 'eu-west-1', id: ID }],
    [`https://aps-workspaces.cn-north-1.amazonaws.com.cn/workspaces/${ID}`, { region: 'cn-north-1', id: ID }],
    [`https://vpce-0a1b.aps-workspaces.us-east-1.vpce.amazonaws.com/workspaces/${ID}`, { region: 'us-east-1', id: ID }],
    [`http://aps-workspaces.eu-west-1.amazonaws.com/workspaces/${ID}`, undefined],
    [`https://aps-workspaces.eu-west-1.amazonaws.com.evil.example/workspaces/${ID}`, undefined],
    ['http://prometheus:9090', undefined],
    ['', undefined],
  ])('%s is of the workspace %j', (url, workspace) => {
    expect(workspaceOf(url)).toEqual(workspace);
  });
});

const success = (resultType: string, result: unknown) => JSON.stringify({ status: 'success', data: { resultType, result } });
const series = (...values: string[]) =>
  success(
    'vector',
    values.map((value, at) => ({ metric: { pod: String(at) }, value: [1_791_000_000.5, value] })),
  );

describe('the answer to an instant query', () => {
  it.each([
    ['a scalar', success('scalar', [1_791_000_000, '4.5']), 4.5],
    ['one series', series('12.1'), 12.1],
    ['many series, which are added up', series('0.5', '1.25', '0'), 1.75],
    ['a number as Go writes a small one', series('1.5e-05'), 0.000_015],
    ['a warning beside it', JSON.stringify({ ...JSON.parse(series('1')), warnings: ['slow'] }), 1],
  ])('of %s is a number', (_what, body, value) => {
    expect(readingOf(body)).toEqual({ state: 'known', value });
  });

  it.each([
    ['no series', series()],
    ['a value that is no number', series('NaN')],
    ['values of which one is no number: nobody knows their sum', series('1', 'NaN')],
  ])('of %s is that there is no data', (_what, body) => {
    expect(readingOf(body)).toEqual({ state: 'no data' });
  });

  it.each([
    ['an infinite value', series('+Inf'), /a value of it is \+Inf/],
    ['something that is no value', series('twelve'), /a value of it is twelve/],
    [
      'an error of the query',
      JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'parse error' }),
      /^bad_data: parse/,
    ],
    ['a matrix', success('matrix', [{ metric: {}, values: [[1, '2']] }]), /not the answer to an instant query/],
    ['a histogram', success('vector', [{ metric: {}, histogram: [1, {}] }]), /not the answer/],
    ['a page', '<html>Sign in</html>', /not the answer/],
    ['nothing', '', /not the answer/],
  ])('of %s is unknown', (_what, body, why) => {
    expect(readingOf(body)).toEqual({ state: 'unknown', why: expect.stringMatching(why) });
  });
});
