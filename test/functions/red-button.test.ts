import { expect, it } from 'vitest';
import { setMode } from '../../functions/console/commands/set-mode.ts';
import { whole } from '../local/whole.ts';

it('the red button between two acts: what has begun is finished, nothing more begins, and people hear what it would have done', async () => {
  const system = await whole();
  for (const fault of ['disk-full-logs', 'disk-full-images']) system.simulation.switchOn(fault);
  await system.until(async () => (await system.acts()).length === 1);
  const pressed = { scope: 'all', mode: 'observe', by: 'Ada', reason: 'not on my watch' };
  await system.clock.during(setMode(system.around)(pressed));
  await system.until(() => system.quiet());
  expect(await system.acts()).toHaveLength(1);
  expect(await system.incident()).toMatchObject({ automation: 'escalated' });
  const [page] = system.aws.inbox().filter(({ role }) => role === 'lead');
  expect(page?.message).toMatch(/Still not well: \/ has/);
  expect(page?.message).toContain('What it would have done');
  expect(await system.around.store.controls.lock('sira')).toBeUndefined();
});
