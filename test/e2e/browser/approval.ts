import type { Story } from './scene.ts';
import { fallsIll } from './scene.ts';
import { NAME } from './visitor.ts';

/** What could lose something asks a person, with the list of what would go; a yes is carried out, and proven. */
export const approval: Story = {
  name: 'approval',
  ways: [
    { script: true, width: 1440 },
    { script: false, width: 390 },
  ],
  speed: 20,
  tell: async (scene) => {
    const { visitor: ada, api, results, picture } = scene;
    const { id } = await fallsIll(scene, 'disk-full-volumes', 'DiskSpaceLow', /disk/i);
    const now = ada.page.getByRole('region', { name: 'What happens now' });
    await ada.comes('it asks', now.getByText(/^It waits for a person/));
    const question = ada.page.getByRole('region', { name: 'Approvals' });
    const listed = await question.getByRole('listitem').allInnerTexts();
    results.holds(`with the list of what would go (${listed.length})`, listed.length > 1 && listed.every((one) => one !== ''));
    await picture('approval');
    await question.getByLabel('Your name').fill(NAME);
    await question.getByLabel('Reason').fill('Left over from the last release');
    await ada.presses('Approve', question);
    await ada.comes('it is resolved', now.getByText(/^Resolved in /));
    await ada.sees('the answer stays, with who gave it', question.getByText(`approved by ${NAME}`));
    await picture('resolved');
    const { timeline, incident } = await api.whole(id);
    const kinds = timeline.map(({ type }) => type);
    results.equal('the responder has it as resolved', incident.status, 'resolved');
    results.holds(
      'nothing was removed before the yes',
      kinds.indexOf('approval-decided') > 0 &&
        timeline.every(
          (event, at) =>
            event.type !== 'act-started' ||
            event.step !== 'remove-what-docker-has-left-over' ||
            at > kinds.indexOf('approval-decided'),
        ),
    );
    const last = timeline.findLast((event) => event.type === 'checked');
    results.holds('and it was proven well', last !== undefined && last.good === last.of);
  },
};
