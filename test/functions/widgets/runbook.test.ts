import { describe, expect, it } from 'vitest';
import { widget } from '../../../functions/widgets/widget.ts';
import { registry } from '../../../runbooks/registry.ts';
import { whole } from '../../local/whole.ts';
import { buttonIn, eventOf, textOf } from './as-cloudwatch.ts';
import { ARN, board } from './board.ts';

const ADA = { by: 'Ada', reason: 'a drill' };
const HERE = { view: 'runbook', runbook: 'sira/counted' };

describe('the form of a runbook', () => {
  it('is reached from the list, and says what the runbook may do before it is run', async () => {
    const system = await board();
    const list = await system.draw({ view: 'runbooks' });
    expect(textOf(list)).toContain('Leave one file disruptive mode: auto There is no file.');
    const form = await system.press(buttonIn(list, 'Run or rehearse'));
    expect(buttonIn(form, 'Run it').attributes.confirmation).toBe(
      'Run "Leave one file"? It looks first. Where there is a reason it may: Leave a file.',
    );
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
    const pressed = buttonIn(await system.draw(HERE), 'Run it');
    await Promise.all([system.press(pressed, ADA), system.press(pressed, ADA)]);
    await system.press(pressed, ADA);
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
    await system.go(HERE, 'Run it', { ...ADA, override: 'breaker,deployment' });
    await system.until(() => system.quiet());
    expect((await system.incident()).runs['1']?.override).toEqual(['breaker', 'deployment']);
    const refused = await system.go(HERE, 'Run it', { ...ADA, override: 'everything' });
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
    expect(textOf(await system.go(HERE, 'Run it', { by: 'Ada' }))).toContain('Field reason: expected a reason');
    expect(textOf(await system.draw({ view: 'runbook', runbook: 'sira/none' }))).toContain('there is no runbook sira/none');
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
