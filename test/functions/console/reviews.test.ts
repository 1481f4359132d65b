import { describe, expect, it } from 'vitest';
import { type Console, console } from './console.ts';

const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(2)></textarea></table>`;
const ACTION = { what: 'Alert on the queue', kind: 'monitoring', owner: 'Ada', due: '2026-10-12' };
const ANSWERS = {
  summary: 'It was down.',
  impact: 'Everybody.',
  rootCause: 'A setting.',
  whyNotSooner: 'We were.',
  whatSlowed: 'Nothing.',
  resolution: 'Set it.',
  actions: [ACTION],
  learnings: 'Check settings.',
  briefing: 'On Monday.',
  runbookLines: 'None.',
};
/** The same as the form sends it. */
const FORM = {
  ...Object.fromEntries(Object.entries(ANSWERS).filter(([, value]) => typeof value === 'string')),
  ...Object.fromEntries(Object.entries(ACTION).map(([name, value]) => [`actions.0.${name}`, value])),
} as Record<string, string>;

async function withOutage(): Promise<{ system: Console; id: string }> {
  const system = await console();
  const { body } = await system.post('/api/incidents', { system: 'sira', title: 'All down', severity: 'P0', by: 'Ada' });
  return { system, id: String(body.id) };
}

describe('over the API', () => {
  it('a review is begun, also while the incident runs, edited, finished, and read as Markdown', async () => {
    const { system, id } = await withOutage();
    expect(await system.get(`/api/reviews/${id}`)).toMatchObject({ status: 404, body: { error: { field: 'id' } } });
    const first = await system.post(`/api/reviews/${id}`, { by: 'Ada', summary: 'It is down.' });
    expect(first).toMatchObject({ status: 200, body: { version: 2, state: 'draft', due: null, owner: 'lead' } });
    expect(await system.get('/api/reviews')).toMatchObject({
      body: { reviews: [{ incidentId: id, title: 'All down', severity: 'P0', state: 'draft', due: null }] },
    });
    const early = await system.post(`/api/reviews/${id}`, { by: 'Ada', version: 2, ...ANSWERS, state: 'finished' });
    expect(early).toMatchObject({ status: 409, body: { error: { field: 'state' } } });
    await system.post(`/api/incidents/${id}/resolve`, { by: 'Ada', reason: 'set it' });
    const done = await system.post(`/api/reviews/${id}`, { by: 'Ada', version: 2, ...ANSWERS, state: 'finished' });
    expect(done).toMatchObject({ status: 200, body: { version: 3, state: 'finished', finishedBy: { name: 'Ada' } } });
    const read = await system.get(`/api/reviews/${id}`);
    expect(read.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(read.text).toMatch(/^# Review: P0 All down\n/);
    expect(read.text).toContain('| Monitoring | Alert on the queue | Ada | 2026-10-12 |');
    const told = (await system.around.store.incidents.timeline(id)).filter(({ type }) => type.startsWith('review-'));
    expect(told.map(({ type, by }) => `${type} ${by.name}`)).toEqual(['review-begun Ada', 'review-finished Ada']);
  });

  it('whoever has read an older version is told so, and changes nothing', async () => {
    const { system, id } = await withOutage();
    await system.post(`/api/reviews/${id}`, { by: 'Ada', rootCause: 'hers' });
    const second = await system.post(`/api/reviews/${id}`, { by: 'Grace', version: 1, rootCause: 'his' });
    expect(second).toMatchObject({ status: 409, body: { error: { field: 'version', expected: '2' } } });
    expect(JSON.stringify(second.body)).toContain('Ada has written to this review');
    const together = await Promise.all(
      ['a', 'b', 'c'].map((by) => system.post(`/api/reviews/${id}`, { by, version: 2, impact: by })),
    );
    expect(together.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await system.around.store.reviews.get(id))?.answers).toMatchObject({ rootCause: 'hers' });
  });

  it('what is not as expected is refused by its field, and what is open can not be finished', async () => {
    const { system, id } = await withOutage();
    await system.post(`/api/incidents/${id}/resolve`, { by: 'Ada' });
    const fault = async (said: object) => {
      const { status, body } = await system.post(`/api/reviews/${id}`, { by: 'Ada', version: 2, ...said });
      return [status, body.error];
    };
    await system.post(`/api/reviews/${id}`, { by: 'Ada' });
    const expected = (field: string, wanted: unknown) => [400, expect.objectContaining({ field, expected: wanted })];
    expect(await fault({ actions: [{ ...ACTION, due: 'soon' }] })).toEqual(
      expected('actions.0.due', 'a date such as 2026-10-12'),
    );
    expect(await fault({ actions: [{ ...ACTION, kind: 'none' }] })).toEqual(
      expected('actions.0.kind', expect.stringContaining('process')),
    );
    expect(await fault({ owner: 'stakeholders' })).toEqual(expected('owner', expect.stringContaining('lead')));
    expect(await fault({ feltFrom: 'noon' })).toEqual(expected('feltFrom', expect.stringContaining('in UTC')));
    expect(await fault({ feltFrom: '2026-10-04T04:00:00Z', feltUntil: '2026-10-04T03:00:00Z' })).toEqual(
      expected('feltUntil', expect.any(String)),
    );
    expect(await fault({ by: '' })).toEqual(expected('by', expect.any(String)));
    expect(await fault({ state: 'finished', ...ANSWERS, actions: [] })).toEqual(expected('actions', 'one action item at least'));
    expect(await system.post('/api/reviews/nothing', { by: 'Ada' })).toMatchObject({ status: 404 });
  });

  it('secrets that are pasted into an answer do not reach the table', async () => {
    const { system, id } = await withOutage();
    await system.post(`/api/reviews/${id}`, { by: 'Ada', rootCause: 'PGPASSWORD=hunter2 was wrong' });
    expect((await system.around.store.reviews.get(id))?.answers.rootCause).not.toContain('hunter2');
  });
});

describe('how much may be written', () => {
  /** As heavy as what may be written can be on a page: each character takes six bytes there. */
  const QUOTES = '"'.repeat(3_500);
  const HEAVY: Record<string, string> = {
    ...FORM,
    summary: QUOTES,
    ...Object.fromEntries(
      Array.from({ length: 20 }).flatMap((_, n) =>
        Object.entries({ ...ACTION, what: `${n} ${'<'.repeat(60)}` }).map(([name, value]) => [`actions.${n}.${name}`, value]),
      ),
    ),
  };

  it('the form and the document have room for all of it, and for what somebody else has written meanwhile', async () => {
    const { system, id } = await withOutage();
    await system.send(`/reviews/${id}/begin`, { by: 'Ada' });
    const save = (version: string, said: Record<string, string>) =>
      system.send(`/reviews/${id}/edit`, { ...said, version, by: 'Ada', state: 'draft' });
    expect((await save('1', HEAVY)).status).toBe(303);
    const other = await save('1', { ...HEAVY, summary: FORM.summary ?? '', impact: QUOTES });
    expect(other.status).toBe(409);
    const page = await system.get(`/reviews/${id}`);
    for (const { text } of [other, page, await system.get(`/reviews/${id}/edit`)])
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100_000);
    expect(page.text).toContain(QUOTES.replaceAll('"', '&quot;'));
  });

  it('more is refused beside the longest of the answers, and stays in the form', async () => {
    const { system, id } = await withOutage();
    await system.send(`/reviews/${id}/begin`, { by: 'Ada' });
    const long = { ...HEAVY, impact: `${QUOTES}'`, version: '1', by: 'Ada', state: 'draft' };
    const answer = await system.send(`/reviews/${id}/edit`, long);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/id="rv-impact-fault">Expected less text: all answers together may take 30000 bytes/);
    expect(answer.text).toContain(`${QUOTES.replaceAll('"', '&quot;')}&#39;</textarea>`);
    await system.post(`/api/reviews/${id}`, { by: 'Ada', version: 1, summary: QUOTES });
    const together = await system.post(`/api/reviews/${id}`, { by: 'Ada', version: 2, impact: QUOTES });
    expect(together).toMatchObject({ status: 400, body: { error: { field: 'summary' } } });
    expect((await system.around.store.reviews.get(id))?.answers.impact).toBe('');
  });
});

describe('on the pages', () => {
  it('it is begun from the incident, written in a form, finished, and exported', async () => {
    const { system, id } = await withOutage();
    expect((await system.get(`/incidents/${id}`)).text).toContain('A review follows this incident');
    expect((await system.get(`/reviews/${id}`)).text).toContain('Open a draft');
    expect(await system.around.store.reviews.get(id)).toBeUndefined();
    const begun = await system.send(`/reviews/${id}/begin`, { by: 'Ada' });
    expect([begun.status, begun.headers.get('location')]).toEqual([303, `/reviews/${id}/edit`]);
    expect((await system.get(`/incidents/${id}`)).text).toContain(`href="/reviews/${id}"`);
    await system.post(`/api/incidents/${id}/resolve`, { by: 'Ada' });
    const form = (await system.get(`/reviews/${id}/edit`)).text;
    expect(form).toContain('name="version" value="1"');
    const sent = await system.send(`/reviews/${id}/edit`, { ...FORM, version: '1', by: 'Ada', state: 'finished' });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `/reviews/${id}`]);
    const page = (await system.get(`/reviews/${id}`)).text;
    expect(page).toContain('Alert on the queue');
    expect(page).not.toContain('Open question');
    const file = await system.get(`/reviews/${id}.md`);
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="review-${id}.md"`);
    expect(file.text).toBe((await system.get(`/api/reviews/${id}`)).text);
    const list = (await system.get('/reviews')).text;
    expect(list).toContain('Finished');
    expect(list).toMatch(/SIRA · Engineering lead · finished/);
  });

  it('what is wrong stands beside its field, and nothing that was typed is lost', async () => {
    const { system, id } = await withOutage();
    await system.send(`/reviews/${id}/begin`, { by: 'Ada' });
    const wrong = {
      ...FORM,
      'actions.0.what': '',
      'actions.1.what': 'Second',
      'actions.1.kind': 'process',
      'actions.1.owner': '',
      'actions.1.due': '2026-10-12',
    };
    const answer = await system.send(`/reviews/${id}/edit`, { ...wrong, version: '1', by: 'Ada', state: 'draft' });
    expect(answer.status).toBe(400);
    // The row that was emptied is gone, so that the second is the first now.
    expect(answer.text).toMatch(/value="Second"[\s\S]*aria-describedby="rv-actions\.0\.owner-fault"/);
    expect(answer.text).toContain('It was down.</textarea>');
    expect((await system.around.store.reviews.get(id))?.version).toBe(1);
  });

  it('a second editor sees what was stored meanwhile beside what they typed, and can store theirs after that', async () => {
    const { system, id } = await withOutage();
    await system.send(`/reviews/${id}/begin`, { by: 'Ada' });
    await system.send(`/reviews/${id}/edit`, { ...FORM, version: '1', by: 'Ada', state: 'draft' });
    const theirs = {
      ...FORM,
      rootCause: 'Something else.',
      by: 'Grace',
      state: 'draft',
      owner: 'cto',
      feltFrom: '2026-10-04T03:00:00Z',
      due: '2026-10-20T12:00:00Z',
      'actions.0.owner': 'Grace',
    };
    const second = await system.send(`/reviews/${id}/edit`, { ...theirs, version: '1' });
    expect(second.status).toBe(409);
    expect(second.text).toContain('Something else.</textarea>');
    const stored = [...second.text.matchAll(/Stored meanwhile:\s*(?:<ul><li>)?([^<]*)/g)].map(([, what]) => what?.trim());
    expect(stored).toEqual([
      'nothing',
      'A setting.',
      'Alert on the queue (Monitoring, Ada, 2026-10-12)',
      'Engineering lead',
      'nothing',
    ]);
    expect(second.text).toContain('name="version" value="2"');
    expect((await system.send(`/reviews/${id}/edit`, { ...theirs, version: '2' })).status).toBe(303);
    expect(await system.around.store.reviews.get(id)).toMatchObject({ owner: 'cto', answers: { rootCause: 'Something else.' } });
  });

  it('a day that the auditor has moved meanwhile stays, where the person has typed none', async () => {
    const { system, id } = await withOutage();
    await system.send(`/reviews/${id}/begin`, { by: 'Ada' });
    const { reviews } = system.around.store;
    const moved = async (due: string) => {
      const before = await reviews.get(id);
      if (before) await reviews.save({ ...before, due }, before.version);
    };
    const hidden = async () => (await system.get(`/reviews/${id}/edit`)).text.match(/name="dueRead" value="([^"]*)"/)?.[1] ?? '?';
    const save = (version: string, due: string, dueRead: string, said: object = {}) =>
      system.send(`/reviews/${id}/edit`, { ...FORM, version, due, dueRead, by: 'Ada', state: 'draft', ...said });
    await moved('2026-10-09T00:00:00.000Z');
    const first = await hidden();
    await moved('2026-10-10T00:00:00.000Z');
    const wrong = await save('1', first, first, { 'actions.0.due': 'soon' });
    expect(wrong.text).toMatch(/name="due" value="2026-10-10T00:00:00.000Z"/);
    expect((await save('1', first, first)).status).toBe(303);
    expect(await reviews.get(id)).toMatchObject({ due: '2026-10-10T00:00:00.000Z', dueBy: null });
    expect((await save('2', '2026-10-20T12:00:00Z', await hidden())).status).toBe(303);
    expect(await reviews.get(id)).toMatchObject({ due: '2026-10-20T12:00:00.000Z', dueBy: { name: 'Ada' } });
  });

  it('hostile text stays text on the page and in the form', async () => {
    const { system, id } = await withOutage();
    const texts = Object.fromEntries(Object.keys(FORM).map((name) => [name, HOSTILE]));
    const hostile = { ...texts, 'actions.0.kind': 'process', 'actions.0.due': '2026-10-12' };
    await system.send(`/reviews/${id}/begin`, { by: 'Ada' });
    expect((await system.send(`/reviews/${id}/edit`, { ...hostile, version: '1', by: HOSTILE, state: 'draft' })).status).toBe(
      303,
    );
    for (const path of ['/reviews', `/reviews/${id}`, `/reviews/${id}/edit`]) {
      const { text } = await system.get(path);
      expect(text.match(/<(script|img)\b[^>]*>/g)?.filter((tag) => !/src="\/assets\//.test(tag))).toEqual([]);
    }
  });
});
