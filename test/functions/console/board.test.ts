import { expect, it } from 'vitest';
import { OPEN_SHOWN, PAST_SHOWN } from '../../../functions/console/read/board.ts';
import { console } from './console.ts';

/** `03:29 UTC, in 15 min`. */
const DUE = /<p class="due">([^<]*)<time datetime="([^"]*)"[^>]* data-countdown>([^<]*)<\/time><\/p>/;

it('says of each open incident whom it pages next, when, and in how long', async () => {
  const { send, get, clock } = await console();
  const at = new Date(clock.now().getTime() + 15 * 60_000).toISOString();
  await send('/incidents', { place: 'sira P0', title: 'It is broken', by: 'Ada', request: 'one' });
  const { text } = await get('/');
  const [, says, when, inTime] = DUE.exec(text) ?? [];
  expect(says).toBe(`Engineering lead is paged at ${at.slice(11, 16)} UTC, `);
  expect(when?.slice(0, 16)).toBe(at.slice(0, 16));
  expect(inTime).toBe('in 15 min');
  const [, page = ''] = /<a href="(\/incidents\/[^"]*)">It is broken/.exec(text) ?? [];
  expect((await get(page)).text).toMatch(/<p class="due">Next page <time [^>]* data-countdown>in 15 min<\/time><\/p>/);
  expect(text).toMatch(/<main id="main" data-poll="4000" data-now="[^"]+Z" data-speed="1"/);
});

it('lists what is open and what is over a page at a time, the worst and the latest first', async () => {
  const { post, get } = await console();
  const open = OPEN_SHOWN + 2;
  const all: string[] = [];
  for (let made = 0; made < open + PAST_SHOWN + 1; made += 1)
    all.push(
      String((await post('/api/incidents', { system: 'sira', title: `number ${made}`, severity: 'P3', by: 'ada' })).body.id),
    );
  for (const id of all.slice(open)) await post(`/api/incidents/${id}/resolve`, { by: 'ada' });
  const listed = async (path: string) => {
    const { text } = await get(path);
    const [past = ''] = /<h2 id="past">.*/s.exec(text) ?? [];
    const ids = (part: string) => [...part.matchAll(/<a href="\/incidents\/([^"]*)">/g)].map(([, id]) => id);
    return { text, open: ids(text.replace(past, '')), past: ids(past) };
  };
  const first = await listed('/');
  expect(first.text).toContain(`1 to ${OPEN_SHOWN} of ${open}`);
  const rest = await listed(`/?from=${OPEN_SHOWN}`);
  expect(rest.open).toHaveLength(2);
  expect([...first.open, ...rest.open].sort()).toEqual(all.slice(0, open).sort());
  const [, address = ''] = /href="(\/\?before=[^"]*)#past">Earlier ones/.exec(first.text) ?? [];
  const earlier = await listed(address);
  expect(earlier.past).toHaveLength(1);
  expect([...first.past, ...earlier.past].sort()).toEqual(all.slice(open).sort());
  for (const odd of ['/?from=-1', '/?from=x', '/?from=1e99', '/?before=nothing'])
    expect((await get(odd)).text, odd).toContain(`1 to ${OPEN_SHOWN} of ${open}`);
});

it('lists what is to be taken back, until when and by what, and no longer than it is owed', async () => {
  const system = await console(false, '10m');
  expect((await system.get('/changes')).text).toContain('Nothing is to be taken back.');
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  await system.until(async () => (await system.acts()).length === 1);
  const { id } = await system.incident();
  expect((await system.get('/api/changes')).body.changes).toEqual([
    expect.objectContaining({
      incident: id,
      title: 'Leave a file',
      host: 'sira-prod-1',
      undo: 'test-take-back',
      state: 'planned',
    }),
  ]);
  const { text } = await system.get('/changes');
  expect(text).toMatch(/data-countdown>in (9 min \d+ s|10 min)</);
  expect(text).toContain(`<a href="/incidents/${id}">`);
  await system.post(`/api/incidents/${id}/undo`, { act: 'leave-a-file', host: 'sira-prod-1', by: 'ada' });
  await system.until(async () => ((await system.get('/api/changes')).body.changes as unknown[]).length === 0);
  expect((await system.get('/changes')).text).toContain('Nothing is to be taken back.');
});
