import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { consoleApp } from '../../../functions/console/app.ts';
import { declare } from '../../../functions/console/commands/declare.ts';
import { wholeIncident } from '../../../functions/console/read/incident.ts';
import { measure } from '../../../functions/run-step/executors/impact.ts';
import { assessWithoutRun } from '../../../functions/run-step/impact-without-run.ts';
import { runbook } from '../../../runbooks/language/define.ts';
import type { Runbook } from '../../../runbooks/language/definition.ts';
import type { Impact } from '../../../runbooks/language/impact.ts';
import { defineSystem, registered } from '../../../runbooks/language/system.ts';
import { sira } from '../../../runbooks/sira/system.ts';
import { type Whole, whole } from '../../local/whole.ts';
import { noDeployment } from '../leave-one-file.ts';
import { type Answered, type Asked, prometheusServer, vector } from './prometheus-server.ts';

const ERRORS = 'rate(http_requests_total{status=~"5.."}[5m])';
const REQUESTS = 'sum(rate(http_requests_total[5m]))';
const READY = 'max(probe_success{job="ready"})';
const WORKSPACE = 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-b226cc2a-a446-46a9-933a-ac50479a5568';

/** Twelve errors of 45 requests now; hardly one of 210 an hour before. The readiness endpoint is on the same server. */
function ill({ path, query, time }: Asked, now: string): Answered {
  if (path === '/ready') return { status: 503, body: 'not ready' };
  const before = Date.parse(now) - Date.parse(time) > 3_000_000;
  if (query === ERRORS) return before ? vector('0.15', '0.05') : vector('7', '5.1');
  if (query === READY) return vector('1');
  return before ? vector('210') : vector('45');
}
const SAYS = 'readiness 503; 5xx 12.1/s (an hour ago 0.2/s); 45 requests/s (an hour ago 210/s)';

/** SIRA, as it were if it declared what its users feel; its only runbook looks for a deployment. */
async function feeling(impact: Impact): Promise<Whole & { looking: Runbook }> {
  const system = defineSystem({ ...sira, impact: () => impact });
  const looking = runbook(system, 'looking', {
    title: 'The API is down',
    symptom: 'It does not answer.',
    owner: 'oncall',
    triggers: [{ alert: 'APIDown', severity: 'P0' }],
    parameters: z.object({}),
  })
    .diagnose('deployment', 'See that nothing is deployed', { command: noDeployment })
    .examples();
  const started = await whole({ registry: { systems: [registered(system)], runbooks: [looking] }, monitoring: false });
  return { ...started, looking };
}

const plain = (url: string, said: Partial<Impact> = {}): Impact => ({
  readiness: `${url}/ready`,
  errorRate: ERRORS,
  requestRate: REQUESTS,
  prometheus: url,
  ...said,
});

async function illServer() {
  let now = '';
  const server = await prometheusServer((asked) => ill(asked, now));
  const at = (time: string) => {
    now = time;
  };
  return { ...server, at };
}

describe('an incident of a system that declares its impact', () => {
  it('has it measured by its runbook, in the first pass, beside the same an hour before', async () => {
    const server = await illServer();
    const system = await feeling(plain(server.url));
    server.at(system.clock.now().toISOString());
    system.alarm('sira-APIDown', 'ALARM');
    await system.until(() => system.quiet());
    const { id, openedAt } = await system.incident();
    const { impact, timeline } = await wholeIncident(system.around, id);
    const looked = timeline.find((event) => event.type === 'looked' && event.step === 'impact');
    expect(looked).toMatchObject({ title: 'Assess the impact', ok: true, says: SAYS, run: 1 });
    expect(Date.parse(looked?.at ?? '') - Date.parse(openedAt)).toBeLessThan(5_000);
    expect(impact).toMatchObject({
      rows: [
        { title: 'Readiness', now: '503', before: 'not watched' },
        { title: 'Errors (5xx)', now: '12.1/s', before: '0.2/s' },
        { title: 'Requests', now: '45/s', before: '210/s' },
      ],
      why: '',
    });
    // A P0 pages as it opens, when nothing is known yet, and again with what was found.
    expect(system.pages()).toHaveLength(2);
    const [, page] = system.pages();
    expect(page?.message).toMatch(new RegExp(`^Impact: ${RegExp.escape(SAYS)}$`, 'm'));
    expect(page?.message).not.toContain('Assess the impact');
    const posted = server.asked.filter(({ path }) => path !== '/ready');
    expect(posted).toHaveLength(4);
    for (const { method, path, headers, time, body } of posted) {
      expect([method, path, headers.authorization]).toEqual(['POST', '/api/v1/query', undefined]);
      expect([Number.isNaN(Date.parse(time)), new URLSearchParams(body).get('timeout')]).toEqual([false, '2500ms']);
    }
    expect([...new Set(posted.map(({ time }) => Date.parse(time)))].sort((a, b) => b - a).reduce((a, b) => a - b)).toBe(
      3_600_000,
    );
  });

  it('has it in the page of an alert that no runbook answers to, and measured once', async () => {
    const server = await illServer();
    const system = await feeling(plain(server.url));
    server.at(system.clock.now().toISOString());
    system.alarm('sira-HighResponseTime', 'ALARM');
    await system.until(() => system.pages().length > 0);
    expect(system.pages()[0]?.message).toContain(`Impact: ${SAYS}`);
    const incident = await system.incident();
    await assessWithoutRun(system.around, incident);
    expect(server.asked).toHaveLength(5);
    expect((await wholeIncident(system.around, incident.id)).impact?.run).toBe(0);
  });

  it('has it in the page of what a person declares', async () => {
    const server = await illServer();
    const system = await feeling(plain(server.url));
    server.at(system.clock.now().toISOString());
    const said = { system: 'sira', title: 'Slow', severity: 'P1', by: 'Ada' };
    await system.clock.during(declare(system.around)(said, 'request-1'));
    await system.until(() => system.pages().length > 0);
    expect(system.pages()[0]?.message).toContain(`Impact: ${SAYS}`);
  });

  it('is shown on its page', async () => {
    const server = await illServer();
    const system = await feeling(plain(server.url));
    server.at(system.clock.now().toISOString());
    system.alarm('sira-APIDown', 'ALARM');
    await system.until(() => system.quiet());
    const { id } = await system.incident();
    const page = await (await consoleApp(system.around).request(`/incidents/${id}`)).text();
    expect(page).toMatch(/<dt>Errors \(5xx\)<\/dt><dd>12\.1\/s <span class="meta">an hour earlier: 0\.2\/s/);
  });

  it('goes on without it where nothing of it can be had', async () => {
    const system = await feeling(plain('http://127.0.0.1:9'));
    system.alarm('sira-APIDown', 'ALARM');
    await system.until(() => system.quiet());
    const [, page] = system.pages();
    expect(page?.message).toMatch(
      /^Impact: readiness has no answer \(.+\); 5xx unknown; requests unknown; unknown because: .+$/m,
    );
    expect(page?.message).toContain('See that nothing is deployed');
  });
});

describe('what Prometheus says', () => {
  it('is asked of whether it was ready, where something watches that', async () => {
    const server = await illServer();
    const { around } = await feeling(plain(server.url));
    server.at(around.clock.now().toISOString());
    const facts = await measure(around, plain(server.url, { wasReady: READY }));
    expect(facts.wasReady).toEqual({ state: 'known', value: 1 });
  });

  it.each<[string, (asked: Asked) => Answered | undefined, RegExp]>([
    ['nothing within its time', () => undefined, /^no answer within 2\.5 s$/],
    ['that the query is wrong', () => error(400, 'bad_data', 'parse error: unexpected "}"'), /^bad_data: parse error/],
    ['that it is not ready', () => ({ status: 503, body: 'Service Unavailable' }), /^it answers 503$/],
    ['that we may not', () => ({ status: 403, body: '{"message":"User is not authorized"}' }), /^it answers 403$/],
    ['a page to sign in', () => ({ body: '<html>Sign in</html>' }), /not the answer to an instant query/],
    ['far too much', () => ({ body: ' '.repeat(1_000_001) }), /over a million/],
  ])('%s is unknown with its reason', async (_what, answer, why) => {
    const server = await prometheusServer((asked) => (asked.path === '/ready' ? { body: '' } : answer(asked)));
    const { around } = await feeling(plain(server.url));
    const began = performance.now();
    const { readiness, errors } = await measure(around, plain(server.url));
    // One after the other they would take twice 2.5 s and more.
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(readiness.status).toBe(200);
    expect(errors.now).toEqual({ state: 'unknown', why: expect.stringMatching(why) });
  });

  it('is not asked where there is none, and readiness still is', async () => {
    const server = await prometheusServer(() => ({ body: '' }));
    const { around } = await feeling(plain(server.url));
    const { readiness, requests } = await measure(around, plain(server.url, { prometheus: null }));
    expect([readiness.status, requests.now]).toEqual([200, { state: 'unknown', why: 'no Prometheus is configured' }]);
    expect(server.asked).toHaveLength(1);
  });

  it("of Amazon's is asked with a signature, for the workspace's region", async () => {
    const server = await illServer();
    const { around } = await feeling(plain(server.url));
    server.at(around.clock.now().toISOString());
    const elsewhere: typeof fetch = (input, init) => fetch(String(input).replace(/^https:\/\/aps[^/]+/, server.url), init);
    const facts = await measure({ ...around, fetch: elsewhere }, plain(server.url, { prometheus: WORKSPACE }));
    expect(facts.errors.now).toEqual({ state: 'known', value: 12.1 });
    const posted = server.asked.filter(({ path }) => path !== '/ready');
    expect(posted.map(({ path }) => path)).toEqual(Array(4).fill(`${new URL(WORKSPACE).pathname}/api/v1/query`));
    for (const { headers } of posted)
      expect(headers.authorization).toMatch(
        /^AWS4-HMAC-SHA256 Credential=local\/\d{8}\/eu-west-1\/aps\/aws4_request, SignedHeaders=/,
      );
  });
});

function error(status: number, errorType: string, said: string): Answered {
  return { status, body: JSON.stringify({ status: 'error', errorType, error: said }) };
}
