import { describe, expect, it } from 'vitest';
import { isBack, isMeasured, type MetricFacts, metricProbe, sayMetric } from '../../../runbooks/language/metric.ts';
import { probeByHand } from '../../../runbooks/language/probe.ts';
import type { Reading } from '../../../runbooks/language/prometheus.ts';

const per = (value: number): Reading => ({ state: 'known', value });
const NONE: Reading = { state: 'no data' };
const LOST: Reading = { state: 'unknown', why: 'ECONNREFUSED' };
const facts = (now: Reading, before: Reading, unasked = ''): MetricFacts => ({ unasked, now, before });

describe('what comes again', () => {
  it.each([
    ['as much as before', per(36), per(36)],
    ['nearly as much', per(28.8), per(36)],
    ['anything, where there was none an hour ago', per(0.1), per(0)],
    ['anything, where nothing counted an hour ago', per(0.1), NONE],
  ])('is %s', (_what, now, before) => {
    expect(isBack(facts(now, before))).toBe(true);
  });

  it.each([
    ['none', per(0), per(36), '0/s, and 36/s an hour ago'],
    ['two thirds', per(24), per(36), '24/s, and 36/s an hour ago'],
    ['none, as an hour ago', per(0), per(0), '0/s, and 0/s an hour ago'],
    ['no data, where there were some', NONE, per(36), 'Prometheus has no data of them now (an hour ago 36/s)'],
    ['no data now, and nobody who knew', NONE, LOST, 'Prometheus has no data of them now (an hour ago unknown)'],
    ['nobody who knows', LOST, per(36), 'how many there are is unknown: ECONNREFUSED'],
    ['nobody who knew', per(36), LOST, 'how many there were an hour ago is unknown: ECONNREFUSED'],
  ])('is not %s', (_what, now, before, why) => {
    expect(isBack(facts(now, before))).toBe(why);
  });
});

describe('what nothing measures', () => {
  it.each([
    ['a series that Prometheus never had', facts(NONE, NONE), 'Prometheus has no data for the query, now or an hour ago'],
    ['a query that nobody gave', facts(NONE, NONE, 'no query for it is configured'), 'no query for it is configured'],
  ])('is neither back nor away: %s', (_what, given, why) => {
    expect([isMeasured(given), isBack(given), sayMetric(given)]).toEqual([false, undefined, `not measured: ${why}`]);
  });

  it('is not what could not be asked', () => {
    expect(isMeasured(facts(LOST, LOST))).toBe(true);
    expect(sayMetric(facts(LOST, LOST))).toBe('unknown (an hour ago unknown); unknown because: ECONNREFUSED');
    expect(sayMetric(facts(per(24), per(36)))).toBe('24/s (an hour ago 36/s)');
  });
});

it('is asked by hand with promtool, where there is something to ask', () => {
  const typed = (query: string | null, prometheus: string | null) => probeByHand(metricProbe('beats', { query, prometheus }));
  expect(typed('sum(beats)', 'http://prometheus:9090')).toBe("promtool query instant http://prometheus:9090 'sum(beats)'");
  expect([typed(null, 'http://prometheus:9090'), typed('sum(beats)', null)]).toEqual(['# not measured', '# not measured']);
});
