import { inShort } from '../told.ts';
import { until } from '../until.ts';
import { fallsIll, type Story } from './scene.ts';
import { NAME } from './visitor.ts';

const SOON_MS = 120_000;

/** A restart does not help: people are paged rung by rung, until one of them presses the button behind the link of their mail. */
export const ladder: Story = {
  name: 'ladder',
  ways: [
    { script: true, width: 390 },
    { script: false, width: 1440 },
  ],
  speed: 60,
  tell: async (scene) => {
    const { visitor: ada, api, results, picture } = scene;
    const { page } = ada;
    const { id } = await fallsIll(scene, 'backend-broken', 'APIDown', /application down/i);
    const now = page.getByRole('region', { name: 'What happens now' });
    await ada.comes('the automation gives up, and says whom it paged', now.getByText(/^Automation has stopped here and paged /));
    await picture('handed-over');

    await ada.go('/inbox');
    const to = (role: string) => page.locator('li.page', { hasText: `to ${role} ` });
    await ada.comes('the on-call engineer has a page', to('oncall'));
    await ada.comes('nobody answers: the lead has one, too', to('lead'));
    await picture('inbox');
    const mail = to('lead').first();
    if (!(await mail.getByRole('link', { name: /\/l\// }).first().isVisible())) await mail.locator('summary').click();
    await mail.getByText('Acknowledge:').getByRole('link', { name: /\/l\// }).first().click();
    const button = page.getByRole('button', { name: 'Acknowledge: I have it' });
    await button.waitFor();
    results.equal('opening the link changes nothing', (await api.whole(id)).incident.status, 'open');
    await picture('link');
    await ada.presses('Acknowledge: I have it');
    await ada.sees('its button says that it is done', page.getByRole('status').getByText('You have it.'));
    results.equal('and it is', (await api.whole(id)).incident.status, 'acknowledged');
    await picture('link-done');

    await ada.go(`/incidents/${id}`);
    await ada.sees('the incident says who has it', page.getByText(/acknowledged/i));
    const paged = async () => (await api.notifications()).map(inShort).filter((one) => one.endsWith(': page'));
    const before = await paged();
    await api.switchOff('backend-broken');
    const actions = page.getByRole('region', { name: 'What you can do', exact: true });
    await actions.getByLabel('Your name').fill(NAME);
    await actions.getByLabel('Reason').fill('The release was rolled back');
    await ada.presses('Run again', actions);
    await ada.comes('with its cause gone, "run again" resolves it', now.getByText(/^Resolved in /));
    results.equal('and nobody else was paged', await paged(), before);
    await until('its end is told', async () => (await api.notifications()).map(inShort).includes('team: Over'), SOON_MS);
    results.holds('and whoever was told that it began is told that it is over', true);
  },
};
