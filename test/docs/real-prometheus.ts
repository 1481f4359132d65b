import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { machineClock } from '../../functions/incident/clock.ts';
import { measure, measureOne } from '../../functions/run-step/executors/impact.ts';
import { sayImpact } from '../../runbooks/language/impact.ts';
import { metricProbe, sayMetric } from '../../runbooks/language/metric.ts';
import { SaveitSettings } from '../../runbooks/saveit/system.ts';
import { freePort } from '../e2e/free-port.ts';
import type { Tally } from '../e2e/tally.ts';
import { until } from '../e2e/until.ts';

/**
 * What Prometheus itself answers when an incident's impact is measured, and that it takes the rules of docs/alerts. It is given the
 * last two hours of an application with two pods, which has failed for ten minutes.
 */

const STEP_SECONDS = 15;
const HOURS_2 = 7_200;
const FAILING = 600;
const READY_MS = 90_000;

/** Requests a second, by pod and status, so many seconds before now. */
function rateOf(status: string, pod: string, ago: number): number {
  const failing = ago < FAILING;
  if (status === '503') return failing ? (pod === 'a' ? 8 : 4) : 0.1;
  return failing ? 15 : 105;
}

/** Two counters for each of two pods, from two hours ago until now. */
function history(now: number): string {
  const lines = ['# TYPE http_requests counter'];
  for (const pod of ['a', 'b'])
    for (const status of ['200', '503']) {
      let total = 0;
      for (let ago = HOURS_2; ago >= 0; ago -= STEP_SECONDS) {
        total += rateOf(status, pod, ago) * STEP_SECONDS;
        lines.push(`http_requests_total{job="saveit-backend",pod="${pod}",status="${status}"} ${total} ${now - ago}`);
      }
    }
  return `${[...lines, ...devices(now)].join('\n')}\n# EOF\n`;
}

/** Messages of devices, of whom a third has been silent for as long. */
function devices(now: number): string[] {
  let total = 0;
  const counted = ['# TYPE mqtt_messages_received counter'];
  for (let ago = HOURS_2; ago >= 0; ago -= STEP_SECONDS) {
    total += (ago < FAILING ? 24 : 36) * STEP_SECONDS;
    counted.push(`mqtt_messages_received_total{job="saveit-backend",pod="a"} ${total} ${now - ago}`);
  }
  return counted;
}

export async function askRealPrometheus(results: Tally, rules: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-prometheus-'));
  let server: ChildProcess | undefined;
  const front = createServer((_, response) => response.writeHead(503).end());
  try {
    await new Promise<void>((listening) => front.listen(0, '127.0.0.1', listening));
    const { port } = front.address() as AddressInfo;
    const url = await start(folder, rules, (child) => {
      server = child;
    });
    await questions(results, url, `http://127.0.0.1:${port}/ready`, rules.length);
  } catch (error) {
    results.failed('a real Prometheus is asked', error);
  } finally {
    front.close();
    await ended(server);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function start(folder: string, rules: readonly string[], started: (child: ChildProcess) => void): Promise<string> {
  const path = (name: string) => join(folder, name);
  writeFileSync(path('history.txt'), history(Math.floor(Date.now() / 1_000)));
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', path('history.txt'), path('data')], { stdio: 'pipe' });
  for (const rule of rules) copyFileSync(rule, path(rule.split('/').at(-1) ?? ''));
  writeFileSync(path('prometheus.yml'), 'rule_files: ["*.rules.yml"]\n');
  const address = `127.0.0.1:${await freePort()}`;
  const flags = [
    `--config.file=${path('prometheus.yml')}`,
    `--storage.tsdb.path=${path('data')}`,
    `--web.listen-address=${address}`,
  ];
  const child = spawn('prometheus', [...flags, '--log.level=error'], { stdio: ['ignore', 'inherit', 'inherit'] });
  started(child);
  const ready = () =>
    fetch(`http://${address}/-/ready`)
      .then(({ ok }) => ok)
      .catch(() => false);
  await until('Prometheus is ready', ready, READY_MS);
  return `http://${address}`;
}

async function questions(results: Tally, prometheus: string, readiness: string, files: number): Promise<void> {
  const signatures = { headers: () => Promise.reject(new Error('nothing is signed for a Prometheus of one’s own')) };
  const around = { clock: machineClock, fetch, signatures };
  const queries = {
    errorRate: 'rate(http_requests_total{status=~"5.."}[5m])',
    requestRate: 'sum(rate(http_requests_total[5m]))',
  };
  const facts = await measure(around, { readiness, prometheus, ...queries, wasReady: 'vector(1)' });
  const sentence = 'readiness 503 (an hour ago ready); 5xx 12/s (an hour ago 0.2/s); 42 requests/s (an hour ago 210/s)';
  results.equal('Prometheus: the impact, with series of two pods, beside an hour ago', sayImpact(facts), sentence);

  const { queries: own } = SaveitSettings.parse({});
  const said = async (query: string | null) =>
    sayMetric(await measureOne(around, metricProbe('messages', { query, prometheus })));
  results.equal('Prometheus: the messages of devices', await said(own.devices), '24/s (an hour ago 36/s)');
  const none = 'not measured: Prometheus has no data for the query, now or an hour ago';
  results.equal('Prometheus: messages that nobody counts', await said('sum(rate(nobody_counts_this[3m]))'), none);

  const odd = await measure(around, { readiness, prometheus, errorRate: 'nobody_counts_this', requestRate: '0/0' });
  results.equal('Prometheus: a query without series has no data', odd.errors.now, { state: 'no data' });
  results.equal('Prometheus: a scalar that is no number has none either', odd.requests.now, { state: 'no data' });
  const wrong = await measure(around, { readiness, prometheus, errorRate: 'rate(', requestRate: 'http_requests_total[5m]' });
  const why = wrong.errors.now.state === 'unknown' ? wrong.errors.now.why : '';
  results.holds(`Prometheus: a query that is none is unknown, in its words (${why})`, /^bad_data: .*parse error/.test(why));
  results.equal('Prometheus: a range is no number', wrong.requests.now.state, 'unknown');

  const answer = await fetch(`${prometheus}/api/v1/rules`);
  const loaded = (await answer.text()).match(/"file":"[^"]+"/g) ?? [];
  results.equal('Prometheus: it has loaded every file of rules', new Set(loaded).size, files);
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([gone, pause(10_000, undefined, { ref: false })]);
  if (child.exitCode === null) child.kill('SIGKILL');
}
