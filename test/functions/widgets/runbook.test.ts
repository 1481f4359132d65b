import { describe, expect, it } from 'vitest';
import { widget } from '../../../functions/widgets/widget.ts';
import { registry } from '../../../runbooks/registry.ts';
import { whole } from '../../local/whole.ts';
import { buttonIn, eventOf, textOf } from './as-cloudwatch.ts';
import { ARN, board, TO_PLAN } from './board.ts';

const ADA = { by: 'Ada', reason: 'a drill' };
const HERE = { view: 'runbook', runbook: 'sira/counted' };

describe('the form of a runbook', () => {
  it('is reached from the list, and says what the runbook may do before it is run', async () => {
    const system = await board();
    const list = await system.draw({ view: 'runbooks' });
    expect(textOf(list)).toContain('Leave one file disruptive mode: auto There is no file.');
    const form = await system.press(buttonIn(list, 'Run or rehearse'));
    expect(buttonIn(form, TO_PLAN).parameters).toEqual({ view: 'plan', runbook: 'sira/counted' });
    expect(buttonIn(form, 'Rehearse: change nothing').attributes.confirmation).toContain('changes nothing');
  });

  it('rehearses, and changes nothing', async () => {
    const system = await board();
    const started = await system.go(HERE, 'Rehearse: change nothing', ADA);
    expect(textOf(started)).toContain('The rehearsal was started. Its story is incident');
    await system.until(() => system.quiet());
    expect(textOf(await system.press(buttonIn(started, 'Show it')))).toContain('rehearsal');
    expect(await system.acts()).toEqual([]);
    expect((await system.incident()).origin).toBe('rehearsal');
  });

  it('runs once, however often the press is delivered, in the name that was given', async () => {
    const system = await board();
    const pressed = buttonIn(await system.plan('sira/counted', ADA), 'Start it');
    await Promise.all([system.press(pressed), system.press(pressed)]);
    await system.press(pressed);
    await system.until(() => system.quiet());
    expect(system.runs()).toHaveLength(1);
    expect(await system.incident()).toMatchObject({
      origin: 'manual',
      openedBy: { name: 'Ada', verified: false, via: 'dashboard' },
    });
    expect(await system.acts()).toEqual(['Leave a file']);
  });

  it('goes over a guard that was chosen, with the reason', async () => {
    const system = await board();
    expect(await system.draw(HERE)).toContain('goes over the breaker and the deployment guard');
    const plan = await system.plan('sira/counted', { ...ADA, override: 'breaker,deployment' });
    expect(textOf(plan)).toContain('It goes over the breaker and the deployment guard, because a drill.');
    await system.press(buttonIn(plan, 'Start it'));
    await system.until(() => system.quiet());
    expect((await system.incident()).runs['1']?.override).toEqual(['breaker', 'deployment']);
    const refused = await system.plan('sira/counted', { ...ADA, override: 'everything' });
    expect(textOf(refused)).toContain('Field override.0: expected one of breaker, deployment');
    expect(system.runs()).toHaveLength(1);
  });

  it('starts another run where something was corrected since: only the very same twice is one', async () => {
    const system = await board();
    const pressed = buttonIn(await system.draw(HERE), 'Rehearse: change nothing');
    await system.press(pressed, ADA);
    await system.until(() => system.quiet());
    await system.press(pressed, { ...ADA, reason: 'with another reason' });
    await system.until(() => system.quiet());
    expect(system.runs()).toHaveLength(2);
  });

  it('wants a reason, and a runbook that there is', async () => {
    const system = await board();
    expect(textOf(await system.plan('sira/counted', { by: 'Ada' }))).toContain('Field reason: expected a reason');
    expect(textOf(await system.plan('sira/counted', { reason: 'a drill' }))).toContain('by is missing');
    for (const view of ['runbook', 'plan'])
      expect(textOf(await system.draw({ view, runbook: 'sira/none', given: ADA }))).toContain('there is no runbook sira/none');
    expect(system.runs()).toEqual([]);
  });

  it('says beside a wrong parameter what was expected, keeps what was typed, and runs with a right one', async () => {
    const system = await whole({ registry, monitoring: false });
    let calls = 0;
    const call = (event: object) =>
      system.clock.during(widget(system.around)(event, { awsRequestId: `call-${++calls}`, invokedFunctionArn: ARN }));
    const form = await call(eventOf({ view: 'runbook', runbook: 'sira/disk-space-low' }));
    const rehearse = (html: string, free: string) =>
      call(eventOf(buttonIn(html, 'Rehearse: change nothing').parameters, { ...ADA, 'parameters.freeAtLeast': free }));
    const refused = await rehearse(form, '5');
    expect(textOf(refused)).toMatch(/That was not done. .*parameters.freeAtLeast/);
    expect(refused).toMatch(/name="parameters.freeAtLeast"[^>]*value="5"/);
    expect(textOf(refused)).toMatch(/Expected [^.]*20/);
    expect(system.runs()).toEqual([]);
    expect(textOf(await rehearse(refused, '30'))).toContain('The rehearsal was started.');
    await system.until(() => system.quiet());
    expect((await system.incident()).runs['1']?.parameters).toMatchObject({ freeAtLeast: 30 });
  });
});

describe('the plan of a run', () => {
  it('says the mode, each act with its targets, what asks first and what the gate says, before and in the question', async () => {
    const system = await board();
    await system.post('/api/automation', { scope: 'all', mode: 'ask', reason: 'a drill', by: 'ada' });
    const plan = await system.plan('sira/counted', ADA);
    expect(system.runs()).toEqual([]);
    const start = buttonIn(plan, 'Start it');
    for (const text of [textOf(plan), start.attributes.confirmation ?? ''])
      for (const part of ['Leave a file', 'sira-prod-1', 'ask', 'asks a person first; silence is a no', 'mode ask: '])
        expect(text).toContain(part);
    expect(textOf(plan)).toMatch(/breaker: \d+ of \d+ .* left on sira-prod-1/);
    expect(textOf(plan)).toContain('deployment: it looks first whether one is under way');
    expect(textOf(plan)).toContain('Reason: a drill Asked for by: Ada');
    await system.press(start);
    await system.until(async () => (await system.incidents())[0]?.automation === 'awaiting-approval');
    expect((await system.incident()).runs['1']).toMatchObject({ by: { name: 'Ada', via: 'dashboard' }, reason: 'a drill' });
  });

  it('leads back to the form with all that was typed', async () => {
    const system = await board();
    const form = await system.press(buttonIn(await system.plan('sira/counted', ADA), 'Back to the form'));
    expect(form).toMatch(/name="reason"[^>]*value="a drill"/);
    expect(form).toMatch(/name="by"[^>]*value="Ada"/);
    expect(system.runs()).toEqual([]);
  });

  it('has room for every runbook, whose questions are no longer than CloudWatch can show', async () => {
    const system = await whole({ registry, monitoring: false });
    for (const { id, acts } of registry.runbooks) {
      if (acts.length === 0) continue;
      const event = eventOf({ view: 'plan', runbook: id, given: ADA });
      const drawn = await system.clock.during(widget(system.around)(event, { awsRequestId: id, invokedFunctionArn: ARN }));
      const asks = buttonIn(drawn, 'Start it').attributes.confirmation ?? '';
      for (const { title } of acts.slice(0, 1)) expect(asks).toContain(title);
      for (const { title } of acts) expect(textOf(drawn)).toContain(title);
      expect(asks.length).toBeLessThan(1_000);
      expect(Buffer.byteLength(drawn)).toBeLessThan(100_000);
    }
  });
});
