import { describe, expect, it } from 'vitest';
import { buttonIn, buttonsIn, textOf } from './as-cloudwatch.ts';
import { board } from './board.ts';

const ADA = { by: 'Ada', reason: 'a drill' };

describe('the widgets on the dashboard', () => {
  it('say that all is well, and change nothing however often they are drawn', async () => {
    const { draw } = await board();
    expect(textOf(await draw({ view: 'open' }))).toContain('Nothing is wrong that Firebreak knows of');
    expect(textOf(await draw({ view: 'worst' }))).toContain('No incident is open');
    expect(textOf(await draw({ view: 'approvals' }))).toContain('No run waits for an answer');
  });

  it('lead from the list to the incident, with what happens now and what a person can do', async () => {
    const system = await board();
    const id = await system.untilItAsks();
    const list = await system.draw({ view: 'open' });
    expect(textOf(list)).toMatch(/1 open Severity P1 Leave one file .*SIRA · .*nobody has it/);
    expect(buttonIn(list, 'Open')).toMatchObject({
      attributes: { display: 'popup' },
      parameters: { view: 'incident', incident: id },
    });
    const opened = await system.press(buttonIn(list, 'Open'));
    expect(textOf(opened)).toContain('It waits for a person: may it leave a file?');
    expect(textOf(opened)).toContain('Where the run stands');
    expect(textOf(opened)).toContain('Count what was left');
    const titles = buttonsIn(opened).map(({ title }) => title);
    expect(titles).toEqual(
      expect.arrayContaining(['Acknowledge', 'Take over', 'Stop the automation', 'Escalate now', 'Resolve', 'Add the note']),
    );
    expect(titles).not.toContain('Run again');
    const worst = await system.draw({ view: 'worst' });
    expect(buttonIn(worst, 'Open and act').parameters).toEqual({ view: 'incident', incident: id });
  });

  it('have no field and no button that acts beneath what opens over them: a refresh takes nothing away', async () => {
    const system = await board();
    await system.untilItAsks();
    for (const view of ['open', 'worst', 'approvals', 'runbooks']) {
      const drawn = await system.draw({ view });
      expect(drawn).not.toMatch(/<(input|select|textarea)/);
      for (const { parameters } of buttonsIn(drawn)) expect(parameters).not.toHaveProperty('action');
    }
  });

  it('ask before anything is changed, and load nothing from elsewhere', async () => {
    const system = await board();
    const id = await system.untilItAsks();
    const opened = await system.draw({ view: 'incident', incident: id });
    for (const { parameters, attributes } of buttonsIn(opened))
      expect('action' in parameters, attributes.confirmation).toBe('confirmation' in attributes);
    expect(opened).not.toMatch(/<(script|iframe|use|img|link)\b| on[a-z]+=|href="(?!https?:)/);
  });
});

describe('a button', () => {
  it('acknowledges in the name that was given, which nobody has proven', async () => {
    const system = await board();
    const id = await system.untilItAsks();
    const done = await system.go({ view: 'incident', incident: id }, 'Acknowledge', ADA);
    expect(textOf(done)).toContain('Acknowledged: you have it.');
    expect(textOf(done)).toContain('by Ada (name given on the dashboard, unverified)');
    expect(await system.incident()).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: { name: 'Ada', kind: 'person', verified: false, via: 'dashboard' },
    });
    expect(buttonsIn(done).map(({ title }) => title)).not.toContain('Acknowledge');
  });

  it('wants a name, and keeps what was typed', async () => {
    const system = await board();
    const id = await system.untilItAsks();
    const refused = await system.go({ view: 'incident', incident: id }, 'Take over', { by: ' ', reason: 'it is mine' });
    expect(textOf(refused)).toContain('That was not done. by is missing');
    expect(textOf(refused)).toContain('Field by: expected your name');
    expect(refused).toContain('value="it is mine"');
    expect((await system.incident()).automation).toBe('awaiting-approval');
  });

  it('stops, takes over, escalates, notes, resolves and closes', async () => {
    const system = await board();
    const id = await system.untilItAsks();
    const here = { view: 'incident', incident: id };
    await system.go(here, 'Take over', ADA);
    expect(await system.incident()).toMatchObject({ automation: 'taken-over', stop: { by: { name: 'Ada', via: 'dashboard' } } });
    const paged = system.subjects().length;
    await system.go(here, 'Escalate now', ADA);
    await system.until(() => system.subjects().length > paged);
    await system.go(here, 'Add the note', { ...ADA, text: 'the disk was <b>full</b>' });
    const story = await system.go(here, 'Resolve', { by: 'Ada', reason: 'made room' });
    expect(textOf(story)).toContain('the disk was <b>full</b>');
    expect(story).not.toContain('<b>full');
    expect(await system.incident()).toMatchObject({ status: 'resolved', resolution: 'made room' });
    await system.go(here, 'Close', ADA);
    expect((await system.incident()).status).toBe('closed');
    expect(buttonsIn(await system.draw(here))).toEqual([]);
  });

  it('hands over to whom was chosen, sets the severity, and asks for quiet that is not too long', async () => {
    const system = await board();
    const here = { view: 'incident', incident: await system.untilItAsks() };
    await system.go(here, 'Set the severity', { ...ADA, severity: 'P0' });
    await system.go(here, 'Hand over', { ...ADA, to: 'devops' });
    expect(await system.incident()).toMatchObject({ severity: 'P0', responder: 'devops' });
    const refused = await system.go(here, 'Ask for quiet', { ...ADA, minutes: '240' });
    expect(textOf(refused)).toMatch(/That was not done. P0 is quiet for .* at most/);
    await system.go(here, 'Ask for quiet', { ...ADA, minutes: '15' });
    expect((await system.incident()).snoozed).toMatchObject({ by: { name: 'Ada', via: 'dashboard' } });
  });

  it('stops the automation, and runs the runbook once more', async () => {
    const system = await board();
    const here = { view: 'incident', incident: await system.untilItAsks() };
    await system.go(here, 'Stop the automation', ADA);
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual([]);
    const drawn = await system.draw(here);
    await system.press(buttonIn(drawn, 'Run again'), ADA);
    await system.until(async () => (await system.incident()).automation === 'awaiting-approval');
    expect((await system.incident()).runs['2']).toMatchObject({ by: { name: 'Ada', via: 'dashboard' }, reason: 'a drill' });
    const again = await system.press(buttonIn(drawn, 'Run again'), ADA);
    expect(textOf(again)).toContain('already: it was not done twice');
    expect((await system.incident()).run).toBe(2);
  });
});

describe('an event that is delivered twice', () => {
  it.each(['Acknowledge', 'Take over', 'Stop the automation', 'Escalate now', 'Resolve', 'Add the note'])(
    'does %s once',
    async (title) => {
      const system = await board();
      const here = { view: 'incident', incident: await system.untilItAsks() };
      const pressed = buttonIn(await system.draw(here), title);
      const typed = { ...ADA, text: 'once' };
      await system.press(pressed, typed);
      await system.until(() => system.runs().every(({ status }) => status !== 'RUNNING') || title !== 'Resolve');
      const left = async () => {
        const { store } = system.around;
        return [await store.incidents.get(here.incident), (await store.incidents.timeline(here.incident)).length];
      };
      const before = await left();
      await system.press(pressed, typed);
      expect(await left()).toEqual(before);
    },
  );
});
