import { describe, expect, it } from 'vitest';
import { console } from './console.ts';

describe('the automation switch', () => {
  it('tells the mode in force of each runbook, the strictest of what was set', async () => {
    const { get, post } = await console();
    expect((await get('/api/automation')).body).toMatchObject({
      automation: [{ runbook: 'sira/counted', mode: 'auto', settings: [] }],
    });
    await post('/api/automation', { scope: 'sira', mode: 'ask', reason: 'release day', by: 'ada' });
    const set = await post('/api/automation', { scope: 'sira/counted', mode: 'auto', reason: 'it was right', by: 'bob' });
    expect(set).toMatchObject({
      status: 200,
      body: { scope: 'sira/counted', mode: 'auto', until: null, by: { name: 'bob', verified: false } },
    });
    const { automation } = (await get('/api/automation')).body;
    expect(automation).toMatchObject([
      { mode: 'ask', settings: [{ scope: 'sira', reason: 'release day' }, { scope: 'sira/counted' }] },
    ]);
    expect((await get('/api/runbooks')).body.runbooks).toMatchObject([{ id: 'sira/counted', mode: 'ask' }]);
  });

  it('ends by itself when it was set for a time', async () => {
    const system = await console();
    const sent = await system.send('/automation', { scope: 'all', mode: 'observe', minutes: '60', reason: 'a drill', by: 'ada' });
    expect(sent.status).toBe(303);
    expect((await system.get('/automation')).text).toContain('observe: only looks');
    let over = false;
    void system.clock.sleep(61 * 60_000).then(() => {
      over = true;
    });
    await system.until(() => over, 2 * 3_600_000);
    expect((await system.get('/api/automation')).body).toMatchObject({ automation: [{ mode: 'auto', settings: [] }] });
  });

  it('names what is wrong', async () => {
    const { post } = await console();
    const wrong = async (given: object) =>
      (await post('/api/automation', { scope: 'all', mode: 'ask', reason: 'a drill', by: 'ada', ...given })).body.error;
    expect(await wrong({ mode: 'off' })).toMatchObject({ field: 'mode', expected: 'one of observe, ask, auto' });
    expect(await wrong({ scope: 'saveit' })).toMatchObject({
      field: 'scope',
      expected: 'one of all, sira, sira/counted, storm:sira',
    });
    const why = { field: 'reason', expected: 'why it is set, in 1 to 1000 characters' };
    for (const reason of ['', '  ', undefined]) expect(await wrong({ reason })).toMatchObject(why);
    expect(await wrong({ until: 'tomorrow' })).toMatchObject({ field: 'until' });
    expect(await wrong({ until: '2020-01-01T00:00:00Z' })).toMatchObject({ field: 'until', expected: 'a time to come, in UTC' });
  });
});

describe('a runbook in the API', () => {
  it('has the JSON Schema of its parameters, its safety, its steps and its diagram', async () => {
    const { get } = await console();
    const { body } = await get('/api/runbooks/sira/counted');
    expect(body).toMatchObject({
      id: 'sira/counted',
      safety: 'disruptive',
      parameters: { type: 'object', additionalProperties: false },
      looks: [{ key: 'count' }, { key: 'deployment' }],
      acts: [{ title: 'Leave a file', safety: 'disruptive', verb: 'leave', undo: { title: 'Take it back' } }],
      diagram: expect.stringContaining('flowchart TD'),
    });
    expect(await get('/api/runbooks/sira/nope')).toMatchObject({ status: 404, body: { error: { field: 'runbook' } } });
  });
});

describe('what only local mode has', () => {
  it('switches faults on and off, and shows the inbox and the alarms', async () => {
    const { get, post, send, app, simulation, until, pages } = await console();
    expect(await post('/api/simulation/faults/disk-full-logs', undefined, {})).toMatchObject({
      status: 200,
      body: { id: 'disk-full-logs', on: true },
    });
    expect((await get('/faults')).text).toContain('Switch off: disk-full-logs');
    const off = await app.request('/api/simulation/faults/disk-full-logs', { method: 'DELETE' });
    expect(await off.json()).toMatchObject({ id: 'disk-full-logs', on: false });
    expect(await post('/api/simulation/faults/nope', undefined, {})).toMatchObject({
      status: 404,
      body: { error: { field: 'id' } },
    });
    expect((await send('/faults/nginx-down', { turn: 'on' })).status).toBe(303);
    expect(simulation.faults().find(({ id }) => id === 'nginx-down')?.on).toBe(true);
    await post('/api/incidents', { system: 'sira', title: 'slow', severity: 'P0', by: 'ada' });
    await until(() => pages().length > 0);
    const { notifications } = (await get('/api/notifications')).body;
    const page = {
      role: 'oncall',
      contact: 'oncall@yourdomain.com',
      subject: 'P0 SIRA: slow',
      message: expect.any(String),
      at: expect.any(String),
    };
    // The page and the updates are sent beside each other.
    expect(notifications).toHaveLength(3);
    for (const one of [
      page,
      { role: 'team', subject: 'Update: P0 SIRA: slow' },
      { role: 'stakeholders', subject: 'Update: P0 SIRA: slow' },
    ])
      expect(notifications).toContainEqual(expect.objectContaining(one));
    expect((await get('/inbox')).text).toMatch(/<a href="[^"]*\/incidents\/[0-9A-Z]{12}"/);
    expect((await get('/api/alarms')).body.alarms).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'sira-DiskSpaceLow' })]),
    );
    expect((await get('/api/simulation')).body.faults).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'nginx-down', on: true })]),
    );
  });
});
