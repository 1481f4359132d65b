import { afterEach, describe, expect, it, vi } from 'vitest';
import { log } from '../../../functions/log.ts';
import { buttonIn, buttonsIn, eventOf, textOf } from './as-cloudwatch.ts';
import { board } from './board.ts';

const ADA = { by: 'Ada', reason: 'a drill' };
const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp;</cwdb-action>`;

afterEach(() => vi.restoreAllMocks());

describe('the event of a widget', () => {
  it('asks what the widget is, and is told in Markdown', async () => {
    const { draw } = await board();
    expect(await draw({ describe: true })).toMatch(/^## Firebreak\n[\s\S]*``` yaml\nview: open\n```/);
  });

  it('draws the open incidents where it says nothing else, also without what CloudWatch adds', async () => {
    const { draw, around } = await board();
    expect(textOf(await draw({}))).toContain('Nothing is wrong');
    const { widget } = await import('../../../functions/widgets/widget.ts');
    expect(textOf(await widget(around)({}, { awsRequestId: 'x', invokedFunctionArn: 'arn' }))).toContain('Nothing is wrong');
  });

  it.each([
    [{ view: 'nothing' }, /view: expected one of open, worst/],
    [{ view: 'incident', incident: 7 }, /incident: expected text/],
    [{ action: 'delete' }, /action: expected one of acknowledge/],
    [{ view: 'incident', incident: 'NONE' }, /there is no incident NONE/],
  ])('is answered in words where it is wrong: %j', async (given, said) => {
    const { draw } = await board();
    const shown = textOf(await draw(given));
    expect(shown).toContain('That was not done.');
    expect(shown).toMatch(said);
  });

  it('does nothing for an action among the parameters of the widget itself: those come with each refresh', async () => {
    const system = await board();
    const id = await system.untilItAsks();
    const own = { view: 'incident', incident: id, action: 'resolve', request: 'x', shown: '2026-10-04T03:14:00.000Z' };
    const { widget } = await import('../../../functions/widgets/widget.ts');
    const drawn = await widget(system.around)(eventOf(own, ADA, own), { awsRequestId: 'x', invokedFunctionArn: 'arn' });
    expect(textOf(drawn)).toContain('remove action from its parameters');
    expect((await system.incident()).status).toBe('open');
  });

  it('does nothing for an action that came from no button', async () => {
    const system = await board();
    const incident = await system.untilItAsks();
    const drawn = await system.draw({ view: 'incident', incident, action: 'resolve' }, {});
    expect(textOf(drawn)).toContain('did not come from a button that was drawn here');
    expect((await system.incident()).status).toBe('open');
  });
});

describe('hostile text', () => {
  it('stays text in what is typed, in what is stored, and in what a button carries', async () => {
    const system = await board();
    const declared = await system.post('/api/incidents', {
      system: 'sira',
      title: HOSTILE,
      severity: 'P1',
      target: HOSTILE.slice(0, 60),
      by: HOSTILE,
    });
    expect(declared.status).toBe(201);
    const { id } = await system.incident();
    const here = { view: 'incident', incident: id };
    const noted = await system.go(here, 'Add the note', { by: HOSTILE, text: HOSTILE });
    const refused = await system.go(here, 'Hand over', { by: HOSTILE, reason: HOSTILE, to: HOSTILE });
    const strange = await system.draw({ view: 'runbook', runbook: HOSTILE });
    for (const drawn of [noted, refused, strange, await system.draw({ view: 'open' }), await system.draw({ view: 'worst' })]) {
      expect(drawn.replace(/"[^"]*"/g, '""')).not.toMatch(/<script|<img|<[a-z]+[^>]* on[a-z]+=/);
      expect(textOf(drawn)).toContain('<script>alert(1)');
      expect((drawn.match(/<cwdb-action/g) ?? []).length).toBe(buttonsIn(drawn).length);
    }
  });
});

describe('an outage', () => {
  it('is told in words with what to do instead, logged as an error, and says nothing of what broke', async () => {
    const system = await board();
    const id = await system.untilItAsks();
    const pressed = buttonIn(await system.draw({ view: 'incident', incident: id }), 'Resolve');
    const error = vi.spyOn(log, 'error');
    vi.spyOn(system.around.store.incidents, 'get').mockRejectedValue(new Error('the table is on fire'));
    for (const drawn of [await system.draw({ view: 'incident', incident: id }), await system.press(pressed, ADA)]) {
      expect(textOf(drawn)).toContain('Firebreak could not do this now. That is no sign that all is well.');
      expect(textOf(drawn)).toContain('aws lambda invoke --region us-east-1 --function-name firebreak-console');
      expect(drawn).not.toContain('on fire');
    }
    expect(error).toHaveBeenCalledWith(
      expect.stringContaining('a widget could not be drawn'),
      expect.objectContaining({ message: 'the table is on fire' }),
    );
  });
});
