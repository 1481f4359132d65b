import { readFileSync } from 'node:fs';
import { until } from '../until.ts';
import { fallsIll, type Story } from './scene.ts';
import { NAME } from './visitor.ts';

const SOON_MS = 120_000;
const CAUSE = 'The release of 09:10 could not start:\nits configuration named a table that there is not.';
const ACTION = 'Try the configuration before it is released';

/** A draft while the incident runs, filled in from what is known; what a person writes is checked, stored, and sent as Markdown. */
export const review: Story = {
  name: 'review',
  ways: [
    { script: true, width: 1440 },
    { script: false, width: 390 },
  ],
  speed: 20,
  tell: async (scene) => {
    const { visitor: ada, results, picture, api } = scene;
    const { page } = ada;
    const { id } = await fallsIll(scene, 'host-unreachable', 'APIDown', /application down/i);
    await ada.comes('a person is asked', page.getByText(/^Automation has stopped here/));
    await page.getByText('A review follows this incident').click();
    const begin = page.getByRole('region', { name: 'Review', exact: true });
    await begin.getByLabel('Your name').fill(NAME);
    await ada.presses('Open a draft', begin);
    results.holds('its form opens', page.url().endsWith(`/reviews/${id}/edit`));

    const cause = page.locator('#rv-rootCause');
    await cause.fill(CAUSE);
    const action = page.getByRole('group', { name: 'Action item 1' });
    await action.getByLabel('What').fill(ACTION);
    await action.getByLabel('Owner').fill(NAME);
    await action.getByLabel('Due').fill('soon');
    await ada.presses('Save');
    await ada.sees('what is wrong stands beside its field', action.locator('.fault', { hasText: 'Expected' }));
    results.equal('and what was typed is still there', await cause.inputValue(), CAUSE);
    await picture('review-form');
    await action.getByLabel('Due').fill('2027-01-15');
    await ada.presses('Save');

    await ada.sees('the document has the cause', page.locator('article.review').getByText('named a table that there is not'));
    await ada.sees('and the action item', page.locator('article.review').getByText(ACTION));
    await ada.sees('and what is still open', page.getByText(/still open/));
    await picture('review');
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export as Markdown' }).click();
    const file = await downloading;
    const markdown = readFileSync(await file.path(), 'utf8');
    results.equal('it is exported under its name', file.suggestedFilename(), `review-${id}.md`);
    results.holds(
      'as Markdown, with what was written',
      markdown.startsWith('# ') && markdown.includes(CAUSE.split('\n')[1] ?? CAUSE),
    );

    await api.resolve(id);
    const row = page.getByRole('listitem').filter({ hasText: 'due' });
    const listed = async () => {
      await ada.go('/reviews');
      return await row.isVisible();
    };
    await until('the list has it with the day it is due', listed, SOON_MS);
    await ada.sees('once it is over, the list has it with the day it is due', row);
  },
};
