import { expect, it } from 'vitest';
import type { CallWatcher } from '../../../functions/aws/watched.ts';
import { inboxPage } from '../../../local/inbox.ts';
import { type Console, console } from './console.ts';
import { crowded } from './crowded.ts';
import { addressOf, getsOf } from './routes.ts';

const MOST_BYTES = 100_000;
/** The longest list asks about each incident that it shows; nothing asks about each that there is. */
const MOST_CALLS = 60;

it('no page weighs more than 100 KB, or asks the table about each of a thousand incidents; what it leaves out, it says', async () => {
  let calls: string[] = [];
  const watcher: CallWatcher = (service, operation, call) => {
    calls.push(`${service} ${operation}`);
    return call();
  };
  const system = await console(false, undefined, { watcher });
  const id = await crowded(system);
  const pages = getsOf(system.app).filter((path) => !path.startsWith('/api/') && !path.startsWith('/assets/'));
  expect(pages.length).toBeGreaterThan(8);
  const asking = ['/?from=120', '/?before=N0500', `/incidents/${id}?find=log`, '/reviews?from=150'];
  const addresses = pages.map((path) => addressOf(path === '/numbers/incidents' ? `${path}?figure=incidents` : path, id));
  for (const path of [...addresses, ...asking]) {
    calls = [];
    const { text, headers, status } = await system.get(path);
    // The list of incidents stands at the front.
    expect(status, path).toBe(path === '/incidents' ? 302 : 200);
    expect(calls.length, `${path}: ${calls.join(', ')}`).toBeLessThanOrEqual(MOST_CALLS);
    if (headers.get('content-type')?.startsWith('text/html'))
      expect(Buffer.byteLength(text), path).toBeLessThanOrEqual(MOST_BYTES);
  }
  await saysOfTheIncident(system);
  await saysOfTheReviews(system);
});

/** What the page leaves out, and where all of it is. */
async function saysOfTheIncident(system: Console): Promise<void> {
  const { text } = await system.get('/incidents/N0000');
  expect(text).toMatch(/\d+ lines are left out here: <a href="\/incidents\/N0000\/timeline.txt">/);
  expect(text).toMatch(/\d+ earlier steps are left out here: <a href="\/incidents\/N0000\/evidence.txt">/);
  expect(text).toMatch(/And \d+ more, which do not fit here. Read <a href="\/incidents\/N0000\/evidence.txt">the whole list/);
  // The first and the last of the story are there.
  expect(text).toContain('note 0 ');
  expect(text).toContain('note 599 ');
  expect((await system.get('/incidents/N0000/timeline.txt')).text).toContain('note 300 ');
  const evidence = (await system.get('/incidents/N0000/evidence.txt')).text;
  for (const part of ['line of the log of pass 0 "quoted"', 'volume-1999', 'page 0']) expect(evidence).toContain(part);
  const found = (await system.get('/incidents/N0000?find=PASS%207%20')).text;
  expect(found).toContain('1 of 160 steps have it.');
  expect(found).toContain('line of the log of pass 7 ');
  expect(found).not.toContain('line of the log of pass 8 ');
}

async function saysOfTheReviews(system: Console): Promise<void> {
  const { text } = await system.get('/reviews/N0000');
  expect(text).toMatch(/\d+ lines are left out here: <a href="\/reviews\/N0000.md" download>/);
  expect(text).toContain('note 0 ');
  expect(text).toContain('note 599 ');
  expect((await system.get('/reviews/N0000.md')).text).toContain('note 300 ');
  const [, next] = (await system.get('/reviews')).text.match(/1 to (\d+) of 300 <a href="\/reviews\?from=\1">/) ?? [];
  expect((await system.get(`/reviews?from=${next}`)).text).toContain(`${Number(next) + 1} to `);
}

it('the inbox shows the latest that there is room for', () => {
  const message = {
    topic: 't',
    contact: 'ada',
    role: 'oncall',
    message: 'what was found "and more", '.repeat(100),
    at: '2026-10-04T03:14:00.000Z',
  };
  const page = String(
    inboxPage(
      [],
      Array.from({ length: 500 }, (_, n) => ({ ...message, subject: `subject ${n} of them` })),
    ),
  );
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(MOST_BYTES);
  expect(page).toContain('subject 499 of them');
  expect(page).toMatch(/And \d+ earlier ones/);
});
