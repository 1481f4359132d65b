import { describe, expect, it } from 'vitest';
import { measureOne } from '../../../functions/run-step/executors/impact.ts';
import { seenFromOutside } from '../../../functions/run-step/executors/outside.ts';
import { metricProbe } from '../../../runbooks/language/metric.ts';
import { whole } from '../../local/whole.ts';
import { prometheusServer, vector } from './prometheus-server.ts';

const QUERY = 'sum(rate(beats_total[3m]))';
const WORKSPACE = 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-b226cc2a-a446-46a9-933a-ac50479a5568';

const asked = (prometheus: string | null, query: string | null = QUERY) => metricProbe('beats', { query, prometheus });

describe('one number of Prometheus', () => {
  it('is asked for now and for an hour before', async () => {
    const { around } = await whole({ monitoring: false });
    const now = around.clock.now().getTime();
    const server = await prometheusServer(({ time }) => vector(Date.parse(time) === now ? '24' : '36'));
    const [facts, said] = await seenFromOutside(around, asked(server.url));
    expect(facts).toEqual({ unasked: '', now: { state: 'known', value: 24 }, before: { state: 'known', value: 36 } });
    expect(said).toBe('beats: 24/s (an hour ago 36/s)');
    expect(server.asked.map(({ query, time }) => [query, now - Date.parse(time)])).toEqual(
      expect.arrayContaining([
        [QUERY, 0],
        [QUERY, 3_600_000],
      ]),
    );
  });

  it("is asked of Amazon's with a signature, for the workspace's region", async () => {
    const { around } = await whole({ monitoring: false });
    const server = await prometheusServer(() => vector('36'));
    const elsewhere: typeof fetch = (input, init) => fetch(String(input).replace(/^https:\/\/aps[^/]+/, server.url), init);
    const facts = await measureOne({ ...around, fetch: elsewhere }, asked(WORKSPACE));
    expect(facts.now).toEqual({ state: 'known', value: 36 });
    expect(server.asked).toHaveLength(2);
    for (const { path, headers } of server.asked) {
      expect(path).toBe(`${new URL(WORKSPACE).pathname}/api/v1/query`);
      expect(headers.authorization).toContain('/eu-west-1/aps/aws4_request');
    }
  });

  it('is not asked for where there is no Prometheus or no query, and says which', async () => {
    const { around } = await whole({ monitoring: false });
    const server = await prometheusServer(() => vector('36'));
    const said = async (call: ReturnType<typeof asked>) => (await seenFromOutside(around, call))[1];
    expect(await said(asked(null))).toBe('beats: not measured: no Prometheus is configured');
    expect(await said(asked(server.url, null))).toBe('beats: not measured: no query for it is configured');
    expect(server.asked).toEqual([]);
  });

  it('that Prometheus has no data of is not one that it could not be asked for', async () => {
    const { around } = await whole({ monitoring: false });
    const server = await prometheusServer(() => vector());
    expect(await measureOne(around, asked(server.url))).toMatchObject({
      now: { state: 'no data' },
      before: { state: 'no data' },
    });
    expect(await measureOne(around, asked('http://127.0.0.1:9'))).toMatchObject({ now: { state: 'unknown' } });
  });
});
