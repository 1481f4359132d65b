import { expect, it } from 'vitest';
import { type Console, console } from './console.ts';

/** Each step of the graph on an incident's page as it is read: its title, and how it stands. */
async function steps(system: Console, id: string): Promise<string[]> {
  const { text } = await system.get(`/incidents/${id}`);
  const nodes = [...text.matchAll(/<li class="node[^>]*>(.*?)<\/li>/gs)];
  return nodes.map(([, node = '']) => {
    const [, stands = ''] = /class="stands">([^<]*)/.exec(node) ?? [];
    const [, title = ''] = /class="name">(?:<a [^>]*>)?([^<]*)/.exec(node) ?? [];
    return `${title}: ${stands}`;
  });
}

it('shows how each step of the runbook stands, from a question to the good end', async () => {
  const system = await console();
  const id = await system.untilItAsks();
  expect(await steps(system, id)).toEqual([
    'Open: done',
    'Count what was left: done',
    'See that nothing is deployed: done',
    'A person is asked: waits for a person',
    'Leave a file: waits for a person',
    'There is a file: not yet',
    'Resolved: not yet',
    'A person: not yet',
  ]);
  const { approvals } = (await system.get(`/api/incidents/${id}`)).body as { approvals: { id: string }[] };
  await system.post(`/api/approvals/${approvals[0]?.id}`, { decision: 'approve', by: 'ada' });
  await system.until(async () => (await system.acts()).length === 1);
  system.alarm('sira-DiskSpaceLow', 'OK');
  await system.until(() => system.quiet());
  expect((await steps(system, id)).slice(3)).toEqual([
    'A person is asked: done',
    'Leave a file: done',
    'There is a file: done',
    'Resolved: done',
    'A person: not reached',
  ]);
});

it('shows a refusal, and the person who is waited for until somebody has it', async () => {
  const system = await console();
  const id = await system.untilItAsks();
  const { approvals } = (await system.get(`/api/incidents/${id}`)).body as { approvals: { id: string }[] };
  await system.post(`/api/approvals/${approvals[0]?.id}`, { decision: 'deny', by: 'ada' });
  await system.until(() => system.quiet());
  expect((await steps(system, id)).slice(3)).toEqual([
    'A person is asked: refused',
    'Leave a file: refused',
    'There is a file: not reached',
    'Resolved: not reached',
    'A person: waits for a person',
  ]);
  await system.post(`/api/incidents/${id}/acknowledge`, { by: 'ada' });
  expect((await steps(system, id)).at(-1)).toBe('A person: done');
});

it('shows what failed and was taken back', async () => {
  const system = await console(true);
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  await system.until(() => system.quiet());
  const { id } = await system.incident();
  expect((await steps(system, id)).slice(3, 5)).toEqual(['Leave a file: taken back', 'Take it back: taken back']);
});

it('is drawn on the page of the runbook, with nobody anywhere in it', async () => {
  const { get } = await console();
  const { text } = await get('/runbooks/sira/counted');
  expect(text).toContain('aria-label="The runbook, step by step"');
  expect(text).toContain('Taken back where it is left half done');
  expect(text).not.toContain('class="stands"');
});
