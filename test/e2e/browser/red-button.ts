import { fallsIll, type Scene, type Story } from './scene.ts';
import { NAME } from './visitor.ts';

/** Everything is told to look only: a run says what it would have done and hands over. Given back, the same run mends it. */
export const redButton: Story = {
  name: 'red button',
  ways: [
    { script: true, width: 1440 },
    { script: false, width: 390 },
  ],
  speed: 20,
  tell: async (scene) => {
    const { visitor: ada, api, results, picture } = scene;
    const { page } = ada;
    await set(scene, 'observe', 'Something is wrong with it');
    await ada.sees(
      'what was set stands there',
      page.getByRole('region', { name: 'What was set' }).getByText('Something is wrong'),
    );
    await picture('automation');
    await ada.go('/');
    await ada.sees('the first page says so', page.getByText(/Everything is in the mode/));

    const { id } = await fallsIll(scene, 'disk-full-logs', 'DiskSpaceLow', /disk/i);
    const now = page.getByRole('region', { name: 'What happens now' });
    await ada.comes('the run hands over', now.getByText(/^Automation has stopped here/));
    const held = (await api.whole(id)).timeline;
    results.holds('nothing was done', !held.some(({ type }) => type === 'act-started'));
    const would = held.flatMap((event) => (event.type === 'act-skipped' && event.wouldHave ? [event.wouldHave] : []));
    results.holds(`what it would have done is told (${would.length})`, would.length > 0);
    await ada.comes('and stands in the page', page.getByRole('region', { name: 'Timeline' }).getByText(/would have/i));

    await set(scene, 'auto', 'It is well again');
    await ada.go(`/incidents/${id}`);
    await ada.presses('Run again', page.getByRole('region', { name: 'What you can do', exact: true }));
    await ada.comes('given back, the run mends it', now.getByText(/^Resolved in /));
    results.holds(
      'and has acted',
      (await api.whole(id)).timeline.some((event) => event.type === 'act-finished' && event.ok),
    );
  },
};

async function set({ visitor: ada }: Scene, mode: 'observe' | 'auto', reason: string): Promise<void> {
  const { page } = ada;
  await ada.go('/automation');
  await page.getByLabel('For', { exact: true }).selectOption({ label: 'everything' });
  await page.getByRole('radio', { name: mode }).check();
  await page.getByLabel('Reason').fill(reason);
  await page.getByLabel('Your name').fill(NAME);
  await ada.presses('Set the mode');
}
