import { fallsIll, type Story } from './scene.ts';
import { NAME } from './visitor.ts';

const BY_HAND = 'Removed by hand';

/** A person takes an incident out of the automation's hands while it asks: nothing is done, and what they do is theirs to end. */
export const takenOver: Story = {
  name: 'taken over',
  ways: [
    { script: true, width: 390 },
    { script: false, width: 1440 },
  ],
  speed: 20,
  tell: async (scene) => {
    const { visitor: ada, api, results, picture } = scene;
    const { page } = ada;
    const { id } = await fallsIll(scene, 'disk-full-volumes', 'DiskSpaceLow', /disk/i);
    const now = page.getByRole('region', { name: 'What happens now' });
    await ada.comes('it asks', now.getByText(/^It waits for a person/));
    const actions = page.getByRole('region', { name: 'What you can do', exact: true });
    await actions.getByLabel('Your name').fill(NAME);
    await ada.presses('Acknowledge', actions);
    await ada.sees('it is acknowledged', page.locator('.chips.head').getByText('acknowledged'));
    results.equal('the name is remembered', await actions.getByLabel('Your name').inputValue(), NAME);
    await ada.sees('and the question is still open', page.getByRole('button', { name: 'Approve' }));

    await actions.getByLabel('Reason').fill('I look after it myself');
    await ada.presses('Take over', actions);
    await ada.sees('it is taken over', now.getByText(`${NAME} has taken it over`));
    await ada.comes('the question is withdrawn', page.getByRole('region', { name: 'Approvals' }).getByText(/denied|over/i));
    results.equal('no button answers it any more', await page.getByRole('button', { name: 'Approve' }).count(), 0);
    await picture('taken-over');

    await page.getByText('Add a note').click();
    await page.getByLabel('Note', { exact: true }).fill('The old volumes are backed up.\nThey go now.');
    await ada.presses('Add the note');
    await ada.sees('a note is in the timeline', page.getByRole('region', { name: 'Timeline' }).getByText('They go now.'));

    await api.switchOff('disk-full-volumes');
    await actions.getByLabel('Reason').fill(BY_HAND);
    await ada.presses('Resolve', actions);
    await ada.comes('resolved by a person', now.getByText(/^Resolved in /));
    const { incident, timeline } = await api.whole(id);
    results.equal('as the responder has it, too', incident.status, 'resolved');
    const acted = timeline.filter((event) => event.type === 'act-started').map(({ step }) => step);
    results.holds('nothing was removed that needed a yes', !acted.includes('remove-what-docker-has-left-over'));
  },
};
