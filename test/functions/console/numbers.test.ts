import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { numbersPage } from '../../../functions/console/pages/numbers.ts';
import { MOST_OF_A_PAGE } from '../../../functions/console/pages/room.ts';
import { counting, MOST } from '../../../functions/console/read/numbers.ts';
import { numbersView } from '../../../functions/console/views/numbers.ts';
import { iso, after as later } from '../../../functions/incident/clock.ts';
import { Incident } from '../../../functions/incident/incident.ts';
import { incident, page, run } from '../aws/table/records.ts';
import { type Console, console } from './console.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOSTILE = `<script>alert('1')</script>"&`;
const Listed = z.object({
  incidents: z
    .array(z.object({ id: z.string(), minutesToAcknowledge: z.number().nullable(), minutesToResolve: z.number().nullable() }))
    .optional(),
  pages: z.array(z.object({ person: z.string() })).optional(),
});

/** Incidents as they may stand in the table: of each third one is open, and one came back. */
async function fill(system: Console, many: number, said: (n: number) => object = () => ({})): Promise<void> {
  const { store, clock } = system.around;
  const now = iso(clock.now());
  const make = async (n: number) => {
    const openedAt = later(now, -(n + 1) * 11 * MINUTE);
    const own = Incident.parse({
      ...incident(`N${n}`, {
        title: HOSTILE,
        openedAt,
        severity: n % 2 === 0 ? 'P1' : 'P2',
        runbook: n % 4 === 0 ? null : 'sira/counted',
        dedupKey: `key-${n % 3 === 1 ? n : n % 5}`,
        runs: { 1: run(1, { ended: 'resolved' }) },
      }),
      ...(n % 2 === 0 && { firstAcknowledged: { at: later(openedAt, (n % 7) * MINUTE), since: openedAt } }),
      ...(n % 3 !== 0 && {
        status: 'resolved',
        resolvedAt: later(openedAt, (n % 50) * MINUTE),
        resolvedBy: { name: 'firebreak', kind: 'automation', verified: true },
        resolution: 'Verified well',
      }),
      ...said(n),
    });
    await store.incidents.create(own);
    if (n % 2 > 0 || n > 200) return;
    const due = page({ contact: n % 4 === 0 ? { id: 'ada', name: 'Ada' } : { id: 'bob', name: HOSTILE } });
    await store.people.due(own.id, due, now);
    await store.people.sent(own.id, due, later(own.openedAt, MINUTE));
  };
  for (let from = 0; from < many; from += 40)
    await system.clock.during(Promise.all(Array.from({ length: Math.min(40, many - from) }, (_, n) => make(from + n))));
}

/** Every link of the page's tables: where it leads, and what it shows. */
const links = (text: string) =>
  [...text.matchAll(/<a href="(\/numbers\/incidents[^"]*)">([^<]*)<\/a>/g)].map(([, href = '', shown = '']) => ({
    href: href.replaceAll('&amp;', '&'),
    shown,
  }));
/** The ids in the rows of a list, over all of its pages. */
async function whole(system: Console, href: string): Promise<{ of: number; rows: string[] }> {
  const rows: string[] = [];
  let next: string | undefined = href;
  let of = 0;
  while (next !== undefined) {
    const { status, text }: { status: number; text: string } = await system.get(next);
    expect(status).toBe(200);
    expect(Buffer.byteLength(text)).toBeLessThan(MOST_OF_A_PAGE);
    of = Number(/<strong>(\d+) (?:incident|page)s?<\/strong>/.exec(text)?.[1]);
    rows.push(...[...text.matchAll(/<a href="\/incidents\/([^"]*)">/g)].map(([, id = '']) => id));
    next = /<a href="([^"]*)">The next ones/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  }
  return { of, rows };
}
const mean = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0) / all.length;

describe('the numbers', () => {
  it('each figure on the page leads to exactly what it counts', async () => {
    const system = await console();
    await fill(system, 40);
    for (const address of ['/numbers?days=7', '/numbers?days=30&system=sira&severity=P1&runbook=none']) {
      const { text } = await system.get(address);
      const figures = links(text);
      expect(figures.length).toBeGreaterThan(20);
      for (const { href, shown } of figures) {
        const { of, rows } = await whole(system, href);
        expect(rows.length, href).toBe(of);
        const listed = Listed.parse((await system.get(`/api${href}`)).body);
        const kind = /^mean ([\d.]+), median/.exec(shown);
        if (kind) {
          const field = href.includes('figure=acknowledged') ? 'minutesToAcknowledge' : 'minutesToResolve';
          const minutes = (listed.incidents ?? []).flatMap((one) => one[field] ?? []);
          expect(minutes).toHaveLength(of);
          expect(Number(kind[1])).toBeCloseTo(mean(minutes), 0);
        } else if (shown.includes('.'))
          expect(Number(shown), `a week of ${href}`).toBeCloseTo((of * 7) / Number(/days=(\d+)/.exec(href)?.[1]), 0);
        else expect(Number(shown), href).toBe(of);
        expect((listed.incidents ?? listed.pages)?.length, href).toBe(of);
        if (listed.incidents) expect(new Set(rows).size).toBe(of);
      }
    }
  });

  it('counts a real incident that automation mends, and no rehearsal; its page is whoever’s it was', async () => {
    const system = await console();
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.acts()).length === 1);
    system.alarm('sira-DiskSpaceLow', 'OK');
    await system.until(() => system.quiet());
    await system.post('/api/runbooks/sira/counted/executions', { by: 'Ada', reason: 'to see', dryRun: true });
    await system.until(async () => (await system.incidents()).length === 2 && system.quiet());
    const declared = await system.post('/api/incidents', { system: 'sira', title: 'odd', severity: 'P0', by: 'Ada' });
    await system.until(() => system.pages().length > 0);
    const { body } = await system.get('/api/numbers?days=7');
    expect(body).toMatchObject({
      days: 7,
      shortened: false,
      all: { counts: { incidents: 2, open: 1, resolved: 1, 'without-person': 1, recurred: 0 }, share: 1 },
      bySeverity: [{ scope: { system: 'sira', severity: 'P0' } }, { scope: { system: 'sira', severity: 'P1' } }],
      byRunbook: [{ scope: { runbook: 'none' } }, { scope: { runbook: 'sira/counted' } }],
    });
    const { pages = [] } = Listed.parse((await system.get('/api/numbers/incidents?figure=pages')).body);
    const sent = await system.around.store.people.pages(String(declared.body.id));
    expect(pages).toHaveLength(sent.filter(({ by, sentAt }) => by === 'page' && sentAt).length);
  });

  it('weighs less than 100 KB with 1,000 incidents, and text of others stays text', async () => {
    const system = await console();
    await fill(system, 1_000);
    const { text } = await system.get('/numbers?days=30');
    expect(Buffer.byteLength(text)).toBeLessThan(MOST_OF_A_PAGE);
    expect(text).not.toContain('<script>alert');
    const list = '/numbers/incidents?figure=incidents&days=30';
    const { of, rows } = await whole(system, list);
    expect([of, new Set(rows).size]).toEqual([1_000, 1_000]);
    expect((await system.get(list)).text).not.toContain('<script>alert');
    expect((await system.get('/numbers/incidents?figure=pages&days=30&person=bob')).text).not.toContain('<script>alert');
  });

  it('reads no more than its bound, shortens the window to what is complete, and says so', async () => {
    const system = await console();
    const now = iso(system.around.clock.now());
    const past = (n: number) => ({
      openedAt: later(now, -(n + 2) * MINUTE),
      status: 'resolved',
      resolvedAt: later(now, -(n + 1) * MINUTE),
      resolvedBy: { name: 'firebreak', kind: 'automation', verified: true },
      resolution: 'Verified well',
      title: 'short',
    });
    await fill(system, 14, past);
    const read = (most: typeof MOST) => system.clock.during(counting(system.around, { days: '7' }, most));
    expect(await read(MOST)).toMatchObject({ shortened: false, days: 7 });
    // The oldest that was read ended a minute after it was opened: it is not in the window, and all later ones are.
    const byIncidents = await read({ ...MOST, incidents: 10 });
    expect(byIncidents).toMatchObject({ shortened: true, since: later(now, -10 * MINUTE + 1) });
    expect(byIncidents.incidents.map(({ id }) => id)).toEqual(['N0', 'N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7']);
    // Each second one has a page a minute after its opening.
    const byPages = await read({ ...MOST, pages: 3 });
    expect(byPages).toMatchObject({ shortened: true, since: later(now, -5 * MINUTE + 1) });
    expect(byPages.pages.map(({ incident: { id } }) => id)).toEqual(['N0', 'N2']);
    const view = numbersView(byPages, () => []);
    const asking = { days: '7' as const };
    const { systems, runbooks } = system.around;
    expect(String(numbersPage({ nav: [], asking, view, systems, runbooks }))).toContain('the window was shortened to');
  });

  it('a table without incidents has figures, too', async () => {
    const system = await console();
    const { status, text } = await system.get('/numbers');
    expect(status).toBe(200);
    expect(text).toContain('Nobody was paged.');
    expect((await system.get('/api/numbers')).body).toMatchObject({ all: { share: null, toResolve: { of: 0, mean: null } } });
  });

  it.each([
    ['days=8', 'days', 'one of 7, 30, 90'],
    ['system=kiosk', 'system', 'one of sira'],
    ['severity=P9', 'severity', /one of P0/],
    ['runbook=sira/none', 'runbook', 'one of sira/counted, none'],
    ['colour=red', 'colour', 'no such field'],
  ])('a query with %s is refused, naming the field', async (query, field, expected) => {
    const system = await console();
    const { status, body } = await system.get(`/api/numbers?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: { field, expected: typeof expected === 'string' ? expected : expect.stringMatching(expected) },
    });
    expect((await system.get(`/numbers?${query}`)).status).toBe(400);
    const list = await system.get(`/api/numbers/incidents?figure=unheard&${query}`);
    expect(list.status).toBe(400);
  });

  it('a list of no figure is refused', async () => {
    const system = await console();
    expect((await system.get('/api/numbers/incidents')).body).toMatchObject({ error: { field: 'figure' } });
    expect((await system.get('/api/numbers/incidents?figure=pages&from=-1')).body).toMatchObject({ error: { field: 'from' } });
  });
});

it('every table has a caption, and every head says what it heads', async () => {
  const system = await console();
  await fill(system, 3, () => ({ openedAt: later(iso(system.around.clock.now()), -HOUR) }));
  for (const address of ['/numbers', '/numbers/incidents?figure=incidents', '/numbers/incidents?figure=pages']) {
    const { text } = await system.get(address);
    expect(text.match(/<table/g)?.length).toBe(text.match(/<caption>/g)?.length);
    expect(text).not.toMatch(/<th(?! scope=)[ >]/);
    expect(text).toContain('<a href="/numbers" aria-current="page">Numbers</a>');
  }
});
