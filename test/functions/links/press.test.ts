import { describe, expect, it } from 'vitest';
import { linked } from './links.ts';

describe('opening a link', () => {
  it('shows what it is about and one button, and changes nothing however often and by whomever it is opened', async () => {
    const system = await linked();
    const id = await system.untilItAsks();
    const link = await system.linkTo('acknowledge');
    const before = JSON.stringify([await system.incident(), await system.around.store.incidents.timeline(id)]);
    const scanners = [{}, { method: 'HEAD' }, { headers: { 'sec-purpose': 'prefetch' } }, { headers: { purpose: 'preview' } }];
    for (const init of [...scanners, ...scanners]) expect((await system.open(link, init)).status).toBe(200);
    expect(JSON.stringify([await system.incident(), await system.around.store.incidents.timeline(id)])).toBe(before);
    const { body } = await system.open(link);
    for (const word of ['Leave one file', 'P1', 'SIRA', 'Nobody yet', 'Ada Lovelace', 'Since']) expect(body).toContain(word);
    expect(body.match(/<button/g)).toHaveLength(1);
    expect(body.match(/<form/g)).toHaveLength(1);
    expect(body).not.toMatch(/<script|<style|style=|onclick|<input/);
  });

  it('goes to no cache, no other site, no search and no frame', async () => {
    const system = await linked();
    await system.untilItAsks();
    const link = await system.linkTo('stop');
    for (const answer of [await system.open(link), await system.press(link), await system.open('/l/x')]) {
      const headers = Object.fromEntries(answer.headers);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex, nofollow, noarchive',
      });
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers).not.toHaveProperty('set-cookie');
    }
  });

  it('leaves what an alarm says as text', async () => {
    const system = await linked();
    const hostile = '<script>alert(1)</script>" onmouseover="x\u202e\u0007 &amp; \n<h1>Resolved</h1>';
    const { body } = await system.post('/api/incidents', { system: 'sira', severity: 'P1', title: hostile, by: 'eve' });
    const link = await system.linkTo('acknowledge', { incidentId: String(body.id), contact: '<b>Eve</b>' });
    for (const page of [await system.open(link), await system.press(link)]) {
      expect(page.status).toBe(200);
      for (const word of ['<script', '<b>', '<h1>Resolved', '\u202e', '\u0007', '" onmouseover'])
        expect(page.body).not.toContain(word);
      expect(page.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    }
  });
});

describe('pressing the button', () => {
  it('acknowledges in the name of whose link it is, and says so', async () => {
    const system = await linked();
    await system.untilItAsks();
    const { status, body } = await system.press(await system.linkTo('acknowledge'));
    expect(status).toBe(200);
    expect(body).toContain('You have it');
    expect(await system.incident()).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: { name: 'Ada Lovelace', kind: 'person', verified: true },
    });
  });

  it('takes over, resolves and stops', async () => {
    const system = await linked();
    await system.untilItAsks();
    expect((await system.press(await system.linkTo('stop'))).body).toContain('stops before its next act');
    expect((await system.incident()).stop?.by.name).toBe('Ada Lovelace');
    expect((await system.press(await system.linkTo('take-over'))).body).toContain('You have it');
    expect(await system.incident()).toMatchObject({ automation: 'taken-over', status: 'acknowledged' });
    expect((await system.press(await system.linkTo('resolve'))).body).toContain('It is resolved');
    await system.until(() => system.quiet());
    expect(await system.incident()).toMatchObject({ status: 'resolved', resolvedBy: { name: 'Ada Lovelace', verified: true } });
    expect(await system.acts()).toEqual([]);
  });

  it('pages the next one now, who would have been paged an hour later', async () => {
    const system = await linked();
    await system.post('/api/incidents', { system: 'sira', severity: 'P1', title: 'slow', by: 'eve' });
    const paged = () => system.pages().map(({ role }) => role);
    await system.until(() => paged().length === 2);
    const shown = await system.open(await system.linkTo('escalate-now'));
    expect(shown.body).toContain('Page the next person now');
    expect(paged(), 'a look pages nobody').toEqual(['oncall', 'lead']);
    expect((await system.press(await system.linkTo('escalate-now'))).status).toBe(200);
    await system.until(() => paged().length === 3, 60_000);
    expect(paged()).toEqual(['oncall', 'lead', 'cto']);
    expect(await system.incident(), 'whoever asks for help has not said that they have it').toMatchObject({ status: 'open' });
    const events = await system.around.store.incidents.timeline((await system.incident()).id);
    expect(events.find(({ type }) => type === 'hurried')?.by).toMatchObject({ name: 'Ada Lovelace', verified: true });
  });

  it.each(['approve', 'deny'] as const)('answers a question: %s', async (kind) => {
    const system = await linked();
    const id = await system.untilItAsks();
    const [question] = await system.around.store.people.approvals(id);
    const link = await system.linkTo(`${kind}:${question?.id ?? ''}`);
    const shown = await system.open(link);
    expect(shown.body).toContain('Leave a file on sira-prod-1?');
    expect(shown.body).toContain('Silence is a no');
    expect((await system.press(link)).status).toBe(200);
    const [answered] = await system.around.store.people.approvals(id);
    expect(answered).toMatchObject({
      decision: kind === 'approve' ? 'approved' : 'denied',
      decidedBy: { name: 'Ada Lovelace', verified: true },
    });
    if (kind === 'approve') await system.until(async () => (await system.acts()).length > 0);
    system.alarm('sira-DiskSpaceLow', 'OK');
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual(kind === 'approve' ? ['Leave a file'] : []);
  });

  it('does so on its own incident and on no other', async () => {
    const system = await linked();
    const declared = async (title: string) =>
      String((await system.post('/api/incidents', { system: 'sira', severity: 'P1', title, by: 'eve' })).body.id);
    const [one, other] = [await declared('one'), await declared('other')];
    await system.press(await system.linkTo('resolve', { incidentId: one }));
    const { incidents } = system.around.store;
    expect([(await incidents.get(one))?.status, (await incidents.get(other))?.status]).toEqual(['resolved', 'open']);
  });

  it('acts once, of two who press at once, and the other is told nothing else than that', async () => {
    const system = await linked();
    const id = await system.untilItAsks();
    const link = await system.linkTo('acknowledge');
    const answers = await Promise.all([system.press(link), system.press(link), system.press(link)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of answers) expect([200, 404, 409]).toContain(status);
    const told = await system.around.store.incidents.timeline(id);
    expect(told.filter(({ type }) => type === 'acknowledged')).toHaveLength(1);
  });
});

describe('a button that is pressed too late', () => {
  it('changes nothing when the incident is over, says so, and is used up', async () => {
    const system = await linked();
    const id = await system.untilItAsks();
    const links = [await system.linkTo('acknowledge'), await system.linkTo('take-over'), await system.linkTo('stop')];
    await system.post(`/api/incidents/${id}/resolve`, { by: 'bob' });
    await system.until(() => system.quiet());
    const before = JSON.stringify(await system.incident());
    for (const link of links) {
      const shown = await system.open(link);
      expect(shown.body).toMatch(/It is over: resolved at \d\d:\d\d UTC by bob/);
      expect(shown.body).not.toContain('<button');
      const pressed = await system.press(link);
      expect(pressed.status).toBe(409);
      expect(pressed.body).toMatch(/This changed nothing.*resolved at \d\d:\d\d UTC by bob/s);
      expect((await system.press(link)).status).toBe(404);
    }
    expect(JSON.stringify(await system.incident())).toBe(before);
  });

  it('changes nothing when the question was answered, or its time is over', async () => {
    const system = await linked();
    const id = await system.untilItAsks();
    const [question] = await system.around.store.people.approvals(id);
    const [approve, deny] = [
      await system.linkTo(`approve:${question?.id ?? ''}`),
      await system.linkTo(`deny:${question?.id ?? ''}`),
    ];
    const ended = new Date(Date.parse(question?.until ?? ''));
    const late = system.over({ clock: { ...system.clock, now: () => ended } });
    expect((await late.open(approve)).body).toContain('silence is a no');
    expect((await late.open(approve)).body).not.toContain('<button');
    expect(await late.press(approve)).toMatchObject({ status: 409, body: expect.stringContaining('This changed nothing') });
    expect((await system.press(deny)).status).toBe(200);
    const again = await system.press(await system.linkTo(`approve:${question?.id ?? ''}`));
    expect(again).toMatchObject({ status: 409, body: expect.stringMatching(/This was denied at .* by Ada Lovelace/) });
    expect((await system.around.store.people.approvals(id))[0]).toMatchObject({ decision: 'denied' });
  });

  it('stays usable where what keeps it is not for good: somebody else has it, or no run is under way', async () => {
    const system = await linked();
    const id = await system.untilItAsks();
    await system.post(`/api/incidents/${id}/acknowledge`, { by: 'bob' });
    const link = await system.linkTo('acknowledge');
    for (const _twice of [1, 2])
      expect(await system.press(link)).toMatchObject({ status: 409, body: expect.stringContaining('bob has it, since') });
    expect((await system.incident()).acknowledgedBy?.name).toBe('bob');
    expect((await system.open(link)).body).toContain('bob has it, since');
  });

  it('is no yes of whoever started the run, where somebody else must give it', async () => {
    const system = await linked();
    const id = await system.untilItAsks();
    const [question] = await system.around.store.people.approvals(id);
    if (!question) throw new Error('nobody was asked');
    const notBy = { ...question, id: 'another', notBy: ' ada  lovelace' };
    await system.around.store.people.ask(notBy);
    const link = await system.linkTo('approve:another');
    expect((await system.open(link)).body).toContain('somebody else must approve it');
    expect((await system.press(link)).status).toBe(409);
    expect((await system.press(await system.linkTo('approve:another', { contact: 'Grace Hopper' }))).status).toBe(200);
  });
});
