import { describe, expect, it } from 'vitest';
import { type Linked, linked } from './links.ts';

const MAC_BROWSER = { 'user-agent': 'Mozilla/5.0', accept: 'text/html' };

/** The five that are refused, each as somebody could have it. */
async function five(system: Linked): Promise<Record<string, string>> {
  const forged = `/l/${Buffer.alloc(32, 7).toString('base64url')}`;
  const good = await system.linkTo('acknowledge');
  const last = good.at(-1) === 'A' ? 'E' : 'A';
  const altered = `${good.slice(0, -1)}${last}`;
  const ended = await system.linkTo('acknowledge', { until: system.clock.now().toISOString() });
  const used = await system.linkTo('acknowledge', { contact: 'Grace Hopper' });
  const replayed = await system.linkTo('resolve', { incidentId: (await system.incident()).id });
  expect((await system.press(used)).status).toBe(200);
  expect((await system.press(replayed)).status).toBe(200);
  return { forged, altered, expired: ended, used, replayed };
}

describe('a link that does nothing', () => {
  it('has the same answer whatever is wrong with it: status, headers and body, to a GET and to a POST', async () => {
    const system = await linked();
    await system.untilItAsks();
    const links = await five(system);
    await system.until(() => system.quiet());
    const before = await system.around.store.incidents.timeline((await system.incident()).id);
    const shown = await system.open(links.forged ?? '');
    expect(shown.status).toBe(404);
    for (const [what, path] of Object.entries(links)) {
      expect(await system.open(path), `a GET of one that is ${what}`).toEqual(shown);
      expect(await system.open(path, { headers: MAC_BROWSER }), `a browser's of one that is ${what}`).toEqual(shown);
      expect(await system.press(path), `a POST to one that is ${what}`).toEqual(shown);
      expect(await system.open(path, { method: 'HEAD' }), `a HEAD of one that is ${what}`).toEqual({ ...shown, body: '' });
    }
    expect(await system.around.store.incidents.timeline((await system.incident()).id)).toEqual(before);
  });

  it('has it too where there is no such address, or no such method', async () => {
    const system = await linked();
    await system.untilItAsks();
    const good = await system.linkTo('acknowledge');
    const shown = await system.open('/l/nothing');
    for (const path of [
      '/',
      '/l',
      '/l/',
      '/l/a/b',
      `${good}/`,
      `${good}/x`,
      `/L${good.slice(2)}`,
      '/l/%00',
      `/l/${'x'.repeat(5_000)}`,
      '/l/..%2f..',
    ])
      expect(await system.open(path), path).toEqual(shown);
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      expect(await system.open(good, { method }), method).toEqual(shown);
    expect((await system.incident()).status).toBe('open');
  });

  it('tells nothing of any incident', async () => {
    const system = await linked();
    const id = await system.untilItAsks();
    for (const path of Object.values(await five(system))) {
      const { body } = await system.open(path);
      for (const word of [id, 'Leave one file', 'SIRA', 'sira', 'Ada', 'P1']) expect(body).not.toContain(word);
    }
  });

  it('is one that another site sends, though its token is good', async () => {
    const system = await linked();
    await system.untilItAsks();
    const good = await system.linkTo('acknowledge');
    const refused = await system.open('/l/nothing');
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'http://localhost.evil.example' },
    ])
      expect(await system.press(good, headers)).toEqual(refused);
    expect((await system.incident()).status).toBe('open');
    // A page that sends no referrer sends `null` for its origin.
    expect((await system.press(good, { origin: 'null', 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it('works to its very last moment, and not on the next', async () => {
    const system = await linked();
    await system.untilItAsks();
    const until = '2030-01-01T00:00:00.000Z';
    const at = (now: string) => system.over({ clock: { ...system.clock, now: () => new Date(now) } });
    const link = await system.linkTo('acknowledge', { until });
    const refused = await system.open('/l/nothing');
    expect(await at(until).open(link)).toEqual(refused);
    expect(await at(until).press(link)).toEqual(refused);
    expect((await at('2029-12-31T23:59:59.999Z').press(link)).status).toBe(200);
  });
});
