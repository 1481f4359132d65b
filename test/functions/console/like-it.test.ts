import { expect, it } from 'vitest';
import { console } from './console.ts';

it('leads from an incident to those before it that were like it, and says what ended each', async () => {
  const { post, get, around } = await console();
  const declared = async (title: string) =>
    String((await post('/api/incidents', { system: 'sira', title, severity: 'P3', by: 'ada' })).body.id);
  const [first, second] = [await declared('the first'), await declared('the second')];
  for (const id of [first, second])
    await around.store.incidents.change(id, (before) => ({ ...before, runbook: 'sira/disk-space-low' }));
  await post(`/api/incidents/${first}/resolve`, { by: 'ada', reason: 'made room by hand' });
  const { text } = await get(`/incidents/${second}`);
  expect(text).toMatch(
    new RegExp(`<h2 id="like-it">.*<a href="/incidents/${first}">[^<]*resolved by ada: made room by hand</a>`, 's'),
  );
  expect((await get(`/incidents/${first}`)).text).not.toContain('id="like-it"');
});
