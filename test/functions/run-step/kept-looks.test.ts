import { expect, it } from 'vitest';
import { whole } from '../../local/whole.ts';

it('looks again at what is old, and not at what its runbook says is good for longer', async () => {
  const system = await whole({ monitoring: false });
  system.simulation.switchOn('disk-full-logs');
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  void system.clock.sleep(60_000).then(() => system.alarm('sira-DiskSpaceLow', 'OK'));
  await system.until(() => system.quiet());
  const { id, status } = await system.incident();
  const events = await system.around.store.incidents.timeline(id);
  const looks = (step: string) => events.filter((event) => event.type === 'looked' && event.step === step).length;
  expect(status).toBe('resolved');
  expect(looks('disk')).toBe(2);
  // Unpacking backups and adding up folders can take longer than a minute: again and again, the rest would always be old.
  expect(looks('backups')).toBe(1);
  expect(looks('folders')).toBe(1);
  const kept = await system.around.store.steps.looks(id, 1, 2, 'backups');
  expect(kept).toMatchObject([{ status: 'done', pass: 2 }]);
});
