import { expect, it } from 'vitest';
import { whole } from '../local/whole.ts';
import { leaveOneFile } from './leave-one-file.ts';

const HOSTS = [
  { name: 'sira-prod-1', instanceId: 'i-0a1b2c3d4e5f60718' },
  { name: 'sira-prod-2', instanceId: 'i-0a1b2c3d4e5f60719' },
];

it('acts on every ill host, one after the other, and looks at the next afresh', async () => {
  const runbook = leaveOneFile('each', 'APIDown');
  const system = await whole({
    registry: { systems: [runbook.system], runbooks: [runbook] },
    monitoring: false,
    sira: { hosts: HOSTS },
  });
  system.alarm('sira-APIDown', 'ALARM');
  void system.clock.sleep(60_000).then(() => system.alarm('sira-APIDown', 'OK'));
  await system.until(() => system.quiet());
  const incident = await system.incident();
  const events = await system.around.store.incidents.timeline(incident.id);
  const story = events.flatMap((event) => {
    if (event.type === 'act-started') return [`begin ${event.host}`];
    if (event.type === 'act-finished') return [`end ${event.host}`];
    return [];
  });
  const looked = events.filter((event) => event.type === 'looked' && event.step === 'count' && event.host === 'sira-prod-2');
  expect(story).toEqual(['begin sira-prod-1', 'end sira-prod-1', 'begin sira-prod-2', 'end sira-prod-2']);
  expect(looked.length).toBeGreaterThanOrEqual(2);
  expect(incident.status).toBe('resolved');
});
