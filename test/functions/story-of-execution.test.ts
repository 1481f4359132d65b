import { expect, it } from 'vitest';
import * as z from 'zod';
import { board } from './widgets/board.ts';

const Input = z.looseObject({ see: z.string() });

it('says in the input of every execution where the story of its incident is, so that a person who finds it gets there', async () => {
  const system = await board();
  const incident = await system.untilItAsks();
  await system.go({ view: 'incident', incident }, 'Escalate now', { by: 'Ada', reason: 'a drill' });
  await system.go({ view: 'runbook', runbook: 'sira/counted' }, 'Rehearse: change nothing', { by: 'Ada', reason: 'a drill' });
  await system.until(async () => (await system.incidents()).some(({ origin }) => origin === 'rehearsal'));
  const ids = (await system.incidents()).map(({ id }) => id);
  const seen = system.aws.executions().map(({ input }) => Input.parse(JSON.parse(String(input))).see);
  expect(seen.length).toBeGreaterThan(2);
  for (const see of seen) expect(ids.map((id) => `${system.around.config.consoleUrl}/incidents/${id}`)).toContain(see);
});
