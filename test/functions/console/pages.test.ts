import { describe, expect, it } from 'vitest';
import { automation, person } from '../../../functions/incident/actor.ts';
import { iso } from '../../../functions/incident/clock.ts';
import type { TimelineEvent } from '../../../functions/incident/timeline.ts';
import { type Console, console } from './console.ts';

/** Breaks out of text, of attributes, of comments, of scripts and of JSON. */
const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(2)>--></title></pre></details>\u2028{"isEscaped":true}`;
/** The only tags of a page that may run or load something: each leads to a file of our own. */
const LOADING = /<(script|link|img|iframe|object|embed|style|base|svg)\b[^>]*>/g;

/** Every text of an incident that a stranger may have written: alarm names, labels, outputs, names and words of people. */
async function hostileIncident(system: Console): Promise<string> {
  const { store, clock } = system.around;
  const declared = await system.post('/api/incidents', {
    system: 'sira',
    title: HOSTILE,
    severity: 'P1',
    target: HOSTILE,
    by: HOSTILE,
  });
  const id = String(declared.body.id);
  const at = iso(clock.now());
  const base = { v: 1 as const, at, by: person(HOSTILE.slice(0, 200)) };
  const step = { run: 1, pass: 1, step: HOSTILE, title: HOSTILE, host: HOSTILE };
  const events: TimelineEvent[] = [
    { ...base, type: 'signal', key: 'a', status: HOSTILE, source: HOSTILE, says: HOSTILE },
    { ...base, ...step, type: 'looked', key: 'b', ok: false, tookMs: 1, says: HOSTILE, evidence: HOSTILE },
    { ...base, ...step, type: 'gate', key: 'c', answer: 'refused', reasons: [HOSTILE] },
    { ...base, ...step, type: 'act-started', key: 'd', because: HOSTILE, command: HOSTILE, parameters: { [HOSTILE]: HOSTILE } },
    { ...base, ...step, type: 'act-skipped', key: 'e', why: HOSTILE, wouldHave: HOSTILE },
    { ...base, type: 'note', key: 'f', text: HOSTILE },
    { ...base, type: 'taken-over', key: 'g', reason: HOSTILE },
    { ...base, type: 'page-sent', key: 'h', by: automation, role: HOSTILE, subject: HOSTILE, again: false },
  ];
  await store.incidents.tell(id, ...events);
  const sent = {
    v: 1 as const,
    run: 1,
    pass: 1,
    step: HOSTILE,
    host: HOSTILE,
    title: HOSTILE,
    startedAt: at,
    deadline: at,
    commandId: null,
  };
  const ended = { endedAt: at, says: HOSTILE, evidence: 'one' };
  await store.steps.finishLooks(
    id,
    [{ ...sent, status: 'done', facts: { [HOSTILE]: HOSTILE, list: [{ [HOSTILE]: HOSTILE }] }, ...ended }],
    [{ v: 1, id: 'one', title: HOSTILE, host: HOSTILE, at, text: HOSTILE }],
    [],
  );
  await store.steps.saveAct(id, {
    ...sent,
    ...ended,
    status: 'doubt',
    error: HOSTILE,
    because: HOSTILE,
    call: { command: HOSTILE, parameters: { [HOSTILE]: HOSTILE } },
    undo: null,
  });
  await store.people.ask({
    v: 1,
    id: 'asked',
    incidentId: id,
    run: 1,
    pass: 1,
    step: HOSTILE,
    title: HOSTILE,
    question: HOSTILE,
    items: [HOSTILE],
    hash: '',
    askedAt: at,
    until: at,
    decision: null,
    decidedAt: null,
    decidedBy: null,
    reason: HOSTILE,
    notBy: null,
    token: 'secret',
  });
  await system.post('/api/automation', { scope: 'all', mode: 'observe', reason: HOSTILE, by: HOSTILE.slice(0, 200) });
  return id;
}

describe('hostile text', () => {
  it('stays text on every page', async () => {
    const system = await console();
    const id = await hostileIncident(system);
    const pages = ['/', `/incidents/${id}`, '/automation', '/runbooks', '/runbooks/sira/counted', '/inbox', '/faults'];
    for (const path of [...pages, `/incidents/${encodeURIComponent(HOSTILE)}`, `/${encodeURIComponent(HOSTILE)}`]) {
      const { text } = await system.get(path);
      expect(text.match(LOADING)?.sort(), path).toEqual([
        '<img src="/assets/icon.svg" alt="" width="24" height="24">',
        '<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">',
        '<link rel="stylesheet" href="/assets/console.css">',
        '<script src="/assets/console.js" defer>',
      ]);
      // Inside a tag, outside of quoted values: there is no handler and no style.
      for (const tag of text.match(/<[a-z][^>]*>/g) ?? [])
        expect(tag.replaceAll(/"[^"]*"/g, ''), path).not.toMatch(/\s(on\w+|style)\s*=/);
    }
    const whole = await system.get(`/incidents/${id}`);
    expect(whole.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(whole.text).not.toContain('secret');
  });

  it('stays text in a form that comes back', async () => {
    const system = await console();
    const back = await system.send('/runbooks/sira/counted/executions', {
      how: HOSTILE,
      by: '',
      reason: HOSTILE,
      request: HOSTILE,
    });
    expect(back.status).toBe(400);
    expect(back.text).toContain('id="start-by-fault">Expected at least 1 characters');
    expect(back.text).not.toContain('<script>alert');
    expect(back.text).toContain('value="&quot;&#39;&gt;&lt;script&gt;');
  });
});

describe('a page', () => {
  it('lets the browser run and load nothing but our own files, and keep nothing', async () => {
    const { get } = await console();
    for (const path of ['/', '/assets/console.js', '/api/incidents', '/nowhere', '/healthz']) {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy'), path).toBe(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('same-origin');
      expect(headers.get('cache-control'), path).toBe('no-store');
    }
    expect((await get('/assets/console.css')).headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect((await get('/assets/console.js')).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  it('leads from an incident to those beside it, and back', async () => {
    const { post, get } = await console();
    const ids = [];
    for (const title of ['slow', 'slower'])
      ids.push(String((await post('/api/incidents', { system: 'sira', title, severity: 'P2', by: 'ada' })).body.id));
    const [first = '', second = ''] = ids;
    expect((await get(`/incidents/${first}`)).text).toContain(`<a href="/incidents/${second}">slower</a>`);
    expect((await get(`/incidents/${second}`)).text).toContain(`<a href="/incidents/${first}">slow</a>`);
  });

  it('leads back to itself after a form, and remembers the name', async () => {
    const { send, post } = await console();
    const { id } = (await post('/api/incidents', { system: 'sira', title: 'slow', severity: 'P2', by: 'ada' })).body;
    const sent = await send(`/incidents/${id}/acknowledge`, { by: 'Ada Lovelace' });
    expect(sent.status).toBe(303);
    expect(sent.headers.get('location')).toBe(`/incidents/${id}`);
    expect(sent.headers.get('set-cookie')).toMatch(/^name=Ada%20Lovelace; .*HttpOnly; SameSite=Strict/);
    const refused = await send(`/incidents/${id}/stop`, { by: 'ada' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('no run is under way: there is nothing to stop');
  });
});

describe('a request from another site', () => {
  it('changes nothing', async () => {
    const { post, get } = await console();
    const declaration = { system: 'sira', title: 'slow', severity: 'P2', by: 'mallory' };
    const json = { 'content-type': 'application/json' };
    const refused: [number, Record<string, string>][] = [
      [403, { ...json, origin: 'https://evil.example' }],
      [403, { ...json, origin: 'null' }],
      [403, { ...json, origin: 'http://localhost.evil.example' }],
      [403, { ...json, 'sec-fetch-site': 'cross-site' }],
      [403, { ...json, 'sec-fetch-site': 'same-site' }],
      [415, { 'content-type': 'text/plain' }],
      [415, { 'content-type': 'multipart/form-data; boundary=x' }],
    ];
    for (const [status, headers] of refused)
      expect((await post('/api/incidents', declaration, headers)).status, JSON.stringify(headers)).toBe(status);
    expect((await post('/faults/disk-full-logs', {}, { ...json, origin: 'https://evil.example' })).status).toBe(403);
    expect((await get('/api/incidents')).body.incidents).toEqual([]);
    expect((await post('/api/incidents', declaration, { ...json, origin: 'http://localhost' })).status).toBe(201);
  });
});
