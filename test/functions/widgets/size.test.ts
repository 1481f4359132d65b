import { expect, it, vi } from 'vitest';
import { crowded } from '../console/crowded.ts';
import { textOf } from './as-cloudwatch.ts';
import { board } from './board.ts';

/** Each widget of a dashboard asks again every minute, for as long as anybody has it open. */
const MOST_CALLS = 30;
const MOST_BYTES = 100_000;

it('no widget asks the table about what is over, or weighs more than 100 KB, however much there is', async () => {
  let calls: string[] = [];
  const system = await board({
    watcher: (service, operation, call) => {
      calls.push(`${service} ${operation}`);
      return call();
    },
  });
  const incident = await crowded(system);
  const past = vi.spyOn(system.around.store.incidents, 'past');
  const views = [
    { view: 'open' },
    { view: 'worst' },
    { view: 'approvals' },
    { view: 'runbooks' },
    { view: 'incident', incident },
    { view: 'approval', approval: `${incident}.q79` },
  ];
  for (const parameters of views) {
    calls = [];
    const drawn = await system.draw(parameters);
    expect(calls.length, `${parameters.view}: ${calls.join(', ')}`).toBeLessThanOrEqual(MOST_CALLS);
    expect(Buffer.byteLength(drawn), parameters.view).toBeLessThanOrEqual(MOST_BYTES);
  }
  expect(past).not.toHaveBeenCalled();
  expect(textOf(await system.draw({ view: 'open' }))).toContain('200 open');
  expect(textOf(await system.draw({ view: 'approvals' }))).toContain('And 175 more runs wait');
});
