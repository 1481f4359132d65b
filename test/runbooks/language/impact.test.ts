import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compile } from '../../../runbooks/language/compile.ts';
import { runbook } from '../../../runbooks/language/define.ts';
import { explain } from '../../../runbooks/language/explain.ts';
import { errorsAreBack, type Impact, type ImpactFacts, sayImpact } from '../../../runbooks/language/impact.ts';
import { impactProbe } from '../../../runbooks/language/probe.ts';
import type { Reading } from '../../../runbooks/language/prometheus.ts';
import { defineSystem } from '../../../runbooks/language/system.ts';
import { KioskSettings, kiosk, kioskLook, pulse } from './kiosk.ts';

const per = (value: number): Reading => ({ state: 'known', value });
const NONE: Reading = { state: 'no data' };
const lost = (why = 'ECONNREFUSED'): Reading => ({ state: 'unknown', why });

const facts = (said: Partial<ImpactFacts> = {}): ImpactFacts => ({
  readiness: { url: 'https://kiosk.example/ready', status: 503, error: '' },
  wasReady: null,
  errors: { now: per(12.08), before: per(0.2) },
  requests: { now: per(45), before: per(209.6) },
  ...said,
});

describe('the impact in a sentence', () => {
  it('says what is, beside what was', () => {
    expect(sayImpact(facts())).toBe('readiness 503; 5xx 12.1/s (an hour ago 0.2/s); 45 requests/s (an hour ago 210/s)');
  });

  it('says whether it was ready where something watches that', () => {
    const sentence = (wasReady: Reading) => sayImpact(facts({ wasReady })).split(';')[0];
    expect(sentence(per(1))).toBe('readiness 503 (an hour ago ready)');
    expect(sentence(per(0))).toBe('readiness 503 (an hour ago not ready)');
    expect(sentence(NONE)).toBe('readiness 503 (an hour ago no data)');
  });

  it('tells no data from unknown, and each reason once', () => {
    const readiness = { ...facts().readiness, status: 0, error: 'ETIMEDOUT' };
    const all = { now: lost(), before: lost() };
    expect(sayImpact(facts({ readiness, errors: all, requests: all }))).toBe(
      'readiness has no answer (ETIMEDOUT); 5xx unknown; requests unknown; unknown because: ECONNREFUSED',
    );
    expect(sayImpact(facts({ errors: { now: NONE, before: lost('it answers 502') } }))).toBe(
      'readiness 503; 5xx no data (an hour ago unknown); 45 requests/s (an hour ago 210/s); unknown because: it answers 502',
    );
  });
});

describe('the errors are back at what they were', () => {
  const back = (now: Reading, before: Reading, requests = facts().requests) =>
    errorsAreBack({ errors: { now, before }, requests });

  it.each([
    ['fewer than before', per(0.1), per(0.2)],
    ['half as many again', per(3), per(2)],
    ['noise', per(0.1), per(0)],
    ['noise, and no series before', per(0.05), NONE],
    ['no series, while requests are counted', NONE, per(2)],
  ])('with %s', (_what, now, before) => {
    expect(back(now, before)).toBe(true);
  });

  it.each([
    ['many more', per(12.1), per(0.2), /^5xx 12\.1\/s, and 0\.2\/s an hour ago/],
    ['more than none', per(4), NONE, /and none an hour ago/],
    ['nobody who knows', lost(), per(2), /unknown: ECONNREFUSED/],
    ['nobody who knew', per(4), lost(), /an hour ago is unknown/],
  ])('not with %s', (_what, now, before, why) => {
    expect(back(now, before)).toMatch(why);
  });

  it('not where Prometheus has nothing at all: that is no absence of errors', () => {
    expect(back(NONE, per(2), { now: NONE, before: per(200) })).toMatch(/neither errors nor requests/);
    expect(back(per(4), NONE, { now: per(45), before: NONE })).toMatch(/nothing of an hour ago/);
  });
});

const impact = ({ url }: z.output<typeof KioskSettings>): Impact => ({
  readiness: url,
  errorRate: 'rate(http_requests_total{status=~"5.."}[5m])',
  requestRate: 'sum(rate(http_requests_total[5m]))',
  prometheus: 'http://prometheus.example:9090',
});
const feeling = defineSystem({ ...kiosk, impact });
const begin = (name: string) =>
  runbook(feeling, name, { title: 'Look', symptom: 'Odd.', owner: 'keeper', triggers: [], parameters: z.object({}) }).diagnose(
    'pulse',
    'Feel the pulse',
    { command: pulse },
  );

describe('a runbook of a system that declares its impact', () => {
  it('looks at it beside its own looks, once a run', () => {
    const { looks } = begin('plain').examples();
    expect(looks.map(({ key, kind, freshSeconds }) => [key, kind, freshSeconds])).toEqual([
      ['pulse', 'host', 60],
      ['impact', 'probe', 3600],
    ]);
    const [, look] = looks;
    if (look?.kind !== 'probe') throw new Error('the last look is not from outside');
    expect(look.probe({}, KioskSettings.parse({ url: 'http://till.example/ready' }))).toMatchObject({
      kind: 'impact',
      impact: { readiness: 'http://till.example/ready' },
    });
    const { Diagnose } = compile(begin('plain').examples()).States;
    expect(JSON.stringify(Diagnose)).toContain('"Assess the impact"');
  });

  it('keeps its own look at it where it has one, with its facts for what comes after', () => {
    const own = begin('own')
      .diagnose('impact', 'See what users feel', {
        probe: (_, settings) => impactProbe(impact(settings)),
        says: ({ errors }) => errors.now.state,
      })
      .escalate({ to: 'keeper', tell: ({ impact }) => sayImpact(impact) })
      .examples();
    expect(own.looks.map(({ title }) => title)).toEqual(['Feel the pulse', 'See what users feel']);
    expect(own.escalate.tell({ impact: facts() }, {}, {})).toMatch(/^readiness 503/);
  });

  it('has it on its page, as a person asks', () => {
    const page = explain(begin('plain').examples());
    expect(page).toContain('Assess the impact');
    expect(page).toContain('curl -iL http://kiosk.example/health');
    expect(page).toContain("promtool query instant http://prometheus.example:9090 'sum(rate(http_requests_total[5m]))'");
  });

  it('is none where the system declares none', () => {
    expect(kioskLook().looks.map(({ key }) => key)).toEqual(['pulse']);
  });
});
