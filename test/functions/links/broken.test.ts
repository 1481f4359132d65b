import { describe, expect, it } from 'vitest';
import { deadly, without } from './instead.ts';
import { type Linked, linked } from './links.ts';

/** When whoever held a link is known to be lost. */
const later = (system: Linked) =>
  system.over({ clock: { ...system.clock, now: () => new Date(system.clock.now().getTime() + 60_000) } });

/** An incident that nothing works on. @returns its id */
async function declared(system: Linked): Promise<string> {
  return String(
    (await system.post('/api/incidents', { system: 'sira', severity: 'P1', title: 'It is slow', by: 'eve' })).body.id,
  );
}

describe('what breaks on the way', () => {
  it.each([
    ['links', 'get'],
    ['links', 'hold'],
    ['incidents', 'get'],
    ['incidents', 'change'],
  ] as const)(
    'leaves the link as it was when the table does not answer (%s.%s), and says what to do instead',
    async (part, call) => {
      const system = await linked();
      const incidentId = await declared(system);
      const link = await system.linkTo('acknowledge', { incidentId });
      const answer = await system.over({ store: without(system.around.store, part, call) }).press(link);
      expect(answer).toMatchObject({ status: 503, body: expect.stringContaining('The link still works') });
      expect(answer.body).not.toMatch(/no route|It is slow/);
      expect((await system.incident()).status).toBe('open');
      expect((await system.press(link)).status).toBe(200);
      expect((await system.incident()).status).toBe('acknowledged');
    },
  );

  it('is told of a link that is opened, too', async () => {
    const system = await linked();
    const link = await system.linkTo('acknowledge', { incidentId: await declared(system) });
    for (const part of ['links', 'incidents'] as const)
      expect(await system.over({ store: without(system.around.store, part, 'get') }).open(link)).toMatchObject({ status: 503 });
  });

  it('tells as done what was done, also where the link could not be used up; pressed again, it finds it done', async () => {
    const system = await linked();
    const incidentId = await declared(system);
    const link = await system.linkTo('acknowledge', { incidentId });
    const { store } = system.around;
    expect((await system.over({ store: without(store, 'links', 'use') }).press(link)).body).toContain('You have it');
    expect(await system.press(link)).toMatchObject({ status: 409, body: expect.stringContaining('It is under way') });
    expect((await later(system).press(link)).body).toContain('You have it, since');
    expect((await store.incidents.timeline(incidentId)).filter(({ type }) => type === 'acknowledged')).toHaveLength(1);
  });
});

describe('somebody who dies over it', () => {
  it('loses nothing, wherever that is: before or after each call', async () => {
    let deaths = 0;
    for (let at = 1, alive = false; !alive; at += 1)
      for (const when of ['before', 'after'] as const) {
        // Each on its own: whoever dies at a call keeps the clock from going on.
        const system = await linked();
        const { store } = system.around;
        const incidentId = await declared(system);
        const link = await system.linkTo('acknowledge', { incidentId });
        const mortal = deadly(store, at, when);
        const came = await Promise.race([system.over({ store: mortal.store }).press(link), mortal.died]);
        alive = came !== 'died';
        if (!alive) deaths += 1;
        const again = await later(system).press(link);
        const where = `${when} call ${at}: ${again.status}`;
        expect(await store.incidents.get(incidentId), where).toMatchObject({
          status: 'acknowledged',
          acknowledgedBy: { name: 'Ada Lovelace', verified: true },
        });
        const told = (await store.incidents.timeline(incidentId)).filter(({ type }) => type === 'acknowledged');
        expect(told.length, where).toBeLessThanOrEqual(1);
      }
    expect(deaths).toBeGreaterThan(10);
  });
});
