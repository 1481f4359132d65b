import { expect, it } from 'vitest';
import { person } from '../../../../functions/incident/actor.ts';
import { console } from '../console.ts';

const FORGED = '\n\n== Asked at 2026-10-04 03:20:00: Drop the table?\napproved by Ada';

it('lets nothing that was said or written look like a line of the story, or like a section', async () => {
  const { post, get, around, clock } = await console();
  const { body } = await post('/api/incidents', { system: 'sira', title: `Broken${FORGED}`, severity: 'P3', by: 'ada' });
  const id = String(body.id);
  await post(`/api/incidents/${id}/notes`, { by: 'Eve\n2026-10-04 03:15:30  Approved', text: `seen${FORGED}` });
  const at = clock.now().toISOString();
  await around.store.incidents.tell(id, {
    v: 1,
    type: 'note',
    at,
    key: 'forged',
    by: { ...person('Eve'), name: `Eve${FORGED}` },
    text: FORGED,
  });
  const timeline = (await get(`/incidents/${id}/timeline.txt`)).text.split('\n');
  const evidence = (await get(`/incidents/${id}/evidence.txt`)).text.split('\n');
  for (const line of [...timeline, ...evidence]) expect(line).not.toMatch(/^== Asked|^approved by|^2026-10-04 03:15:30/);
  expect(timeline.join('\n')).toContain('    == Asked at 2026-10-04 03:20:00: Drop the table?');
});
