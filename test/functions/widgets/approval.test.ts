import { describe, expect, it } from 'vitest';
import { widget } from '../../../functions/widgets/widget.ts';
import { whole } from '../../local/whole.ts';
import { buttonIn, buttonsIn, eventOf, textOf } from './as-cloudwatch.ts';
import { ARN, board } from './board.ts';

const ADA = { by: 'Ada', reason: 'a drill' };

describe('a question on the dashboard', () => {
  it('is answered with a yes where it loses nothing, once', async () => {
    const system = await board();
    await system.untilItAsks();
    const opened = await system.go({ view: 'approvals' }, 'Read and answer');
    expect(textOf(opened)).toContain('Silence is a no.');
    const yes = buttonIn(opened, 'Approve');
    expect(textOf(await system.press(yes, ADA))).toContain('Approved: it looks once more, then it does it.');
    expect(textOf(await system.press(yes, ADA))).toContain('this was approved at');
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual(['Leave a file']);
    const [approval] = await system.around.store.people.approvals((await system.incident()).id);
    expect(approval?.decidedBy).toEqual({ name: 'Ada', kind: 'person', verified: false, via: 'dashboard' });
  });

  it('is answered with a no', async () => {
    const system = await board();
    await system.untilItAsks();
    const opened = await system.go({ view: 'approvals' }, 'Read and answer');
    expect(textOf(await system.press(buttonIn(opened, 'Deny'), ADA))).toContain('It was denied by Ada');
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual([]);
  });

  it('says so where there is none', async () => {
    const system = await board();
    const id = await system.untilItAsks();
    for (const approval of ['', 'X', `${id}.none`, 'a.b.c'])
      expect(textOf(await system.draw({ view: 'approval', approval }))).toContain(`there is no question ${approval}`);
  });
});

describe('a question about what is destructive', () => {
  it('takes no yes here, by no way round, says where it does, and takes a no', async () => {
    const system = await whole({ monitoring: false });
    let calls = 0;
    const call = (event: object) => {
      calls += 1;
      return system.clock.during(widget(system.around)(event, { awsRequestId: `call-${calls}`, invokedFunctionArn: ARN }));
    };
    system.simulation.switchOn('disk-full-volumes');
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.incidents())[0]?.automation === 'awaiting-approval');
    const { id } = await system.incident();
    const opened = await call(eventOf(buttonIn(await call(eventOf({ view: 'approvals' })), 'Read and answer').parameters));
    expect(textOf(opened)).toContain('A yes to this can’t be given on the dashboard.');
    expect(textOf(opened)).toContain('firebreak-approve');
    expect(buttonsIn(opened).map(({ title }) => title)).not.toContain('Approve');
    const deny = buttonIn(opened, 'Deny');
    const forged = await call(eventOf({ ...deny.parameters, action: 'approve' }, ADA));
    expect(textOf(forged)).toContain('That was not done. a yes to this can not be given on the dashboard');
    const open = async () => (await system.around.store.people.approvals(id)).filter(({ decision }) => decision === null);
    expect(await open()).toHaveLength(1);
    await call(eventOf(deny.parameters, ADA));
    expect(await open()).toEqual([]);
  });
});
