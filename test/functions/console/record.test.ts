import { describe, expect, it } from 'vitest';
import { type Console, console } from './console.ts';

const ID = 'sira/counted';
const ADA = { by: 'ada', reason: 'a drill' };

/** An incident for which the runbook only looked. */
async function held(system: Console): Promise<string> {
  await system.post('/api/automation', { scope: ID, mode: 'observe', ...ADA });
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  await system.until(async () => (await system.incidents())[0]?.automation === 'escalated');
  return (await system.incident()).id;
}

describe('what a runbook has done', () => {
  it('says in how many runs it would have acted, what, and what became of the incident', async () => {
    const system = await console();
    expect((await system.get(`/api/runbooks/${ID}`)).body.record).toMatchObject({ runs: 0, since: null, occasions: [] });
    expect((await system.get(`/runbooks/${ID}`)).text).toContain('it has not run yet');
    const id = await held(system);
    const record = { runs: 1, resolved: 0, escalated: 1, heldBack: 1 };
    const occasion = { incident: id, ended: 'escalated', did: [], rehearsal: false, wouldHave: ['Leave a file (sira-prod-1)'] };
    expect((await system.get(`/api/runbooks/${ID}`)).body.record).toMatchObject({
      ...record,
      occasions: [{ ...occasion, resolved: null }],
    });
    await system.post(`/api/incidents/${id}/resolve`, { by: 'grace', reason: 'by hand' });
    expect((await system.get(`/api/runbooks/${ID}`)).body.record).toMatchObject({
      ...record,
      occasions: [{ ...occasion, resolved: { by: 'grace', how: 'by hand' } }],
    });
    const { text } = await system.get(`/runbooks/${ID}`);
    expect(text).toContain('In 1 of the last 1 it would have acted, and was held back.');
    expect(text).toContain('Would have done: Leave a file (sira-prod-1)');
    expect(text).toContain(`href="/incidents/${id}"`);
  });

  it('tells what it did apart from what it would have done', async () => {
    const system = await console();
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(() => system.quiet());
    expect((await system.get(`/api/runbooks/${ID}`)).body.record).toMatchObject({
      heldBack: 0,
      occasions: [{ did: ['Leave a file (sira-prod-1)'], wouldHave: [] }],
    });
    const { text } = await system.get(`/runbooks/${ID}`);
    expect(text).toContain('Did: Leave a file (sira-prod-1)');
    expect(text, 'it acts already').not.toContain('Promote it');
  });
});

describe('a promotion', () => {
  it('is written down with what was known of the runbook, and goes when it is made stricter again', async () => {
    const system = await console();
    await held(system);
    const form = (await system.get(`/runbooks/${ID}`)).text;
    expect(form).toContain('Promote it');
    const set = await system.send('/automation', { scope: ID, mode: 'auto', minutes: '', by: 'ada', reason: 'it was right' });
    expect(set.status).toBe(303);
    const promotion = { from: 'observe', runs: 1, resolved: 0, escalated: 1, heldBack: 1 };
    const { settings } = (await system.get('/api/automation')).body;
    expect(settings).toMatchObject([{ scope: ID, mode: 'auto', by: { name: 'ada' }, reason: 'it was right', promotion }]);
    expect((await system.get('/automation')).text).toContain('Before, observe. Known then: one run since');

    const stricter = (await system.post('/api/automation', { scope: ID, mode: 'ask', ...ADA })).body;
    expect(stricter).toMatchObject({ mode: 'ask' });
    expect(stricter).not.toHaveProperty('promotion');
  });

  it('is no promotion where it covers more than one runbook, or lets none do more', async () => {
    const system = await console();
    for (const scope of ['all', 'sira']) {
      await system.post('/api/automation', { scope, mode: 'observe', ...ADA });
      const { body } = await system.post('/api/automation', { scope, mode: 'auto', ...ADA });
      expect(body).not.toHaveProperty('promotion');
    }
    const { body } = await system.post('/api/automation', { scope: ID, mode: 'auto', ...ADA });
    expect(body, 'it was allowed that before').not.toHaveProperty('promotion');
  });
});

it('says on its page what it may do and why, as its role does, and how often it has helped', async () => {
  const system = await console();
  const { permissions } = (await system.get(`/api/runbooks/${ID}`)).body;
  expect(permissions).toMatchObject({
    cluster: [],
    aws: expect.arrayContaining([
      expect.objectContaining({
        actions: ['ssm:SendCommand'],
        on: expect.arrayContaining([expect.stringMatching(/document\/firebreak-test-leave-/)]),
      }),
    ]),
  });
  expect((await system.get(`/runbooks/${ID}`)).text).toContain('No run of it has ended yet that could have helped.');
  await held(system);
  const { text } = await system.get(`/runbooks/${ID}`);
  expect(text).toContain('It helped 0 of 1 times');
  expect(text).toContain('Sends the commands of its own steps and no others.');
});
