import type { Page } from 'playwright-core';
import { fallsIll, type Scene, type Story } from './scene.ts';
import { NAME } from './visitor.ts';

/** More than any page has places to stop at. */
const MOST_TABS = 200;

/** From the list to "Acknowledge" by Tab and Enter alone; and what comes in meanwhile takes neither the focus nor what was typed. */
export const keyboard: Story = {
  name: 'keyboard',
  ways: [{ script: true, width: 1440 }],
  speed: 20,
  tell: async (scene) => {
    const { visitor: ada, api, results } = scene;
    const { page } = ada;
    const { id } = await fallsIll(scene, 'host-unreachable', 'APIDown', /application down/i);
    await ada.comes('a person is asked', page.getByText(/^Automation has stopped here/));

    await ada.go('/');
    await page.keyboard.press('Tab');
    results.equal('the first stop leads past the navigation', await focused(page), 'Skip to the content');
    await page.keyboard.press('Enter');
    await tabTo(page, /Application down/);
    await enter(page);
    results.holds('Enter on its title leads to the incident', page.url().endsWith(`/incidents/${id}`));
    await tabTo(page, /^Your name$/);
    await page.keyboard.type(NAME);
    await overtaken(scene, id);
    results.equal('what was typed stays when the page changes', await page.locator(':focus').inputValue(), NAME);
    await tabTo(page, /^Acknowledge$/);
    results.holds('it is seen where the focus is', await page.evaluate<boolean>(OUTLINED));
    await enter(page);
    results.equal('and Enter acknowledges', (await api.whole(id)).incident.status, 'acknowledged');

    await tabTo(page, /^Resolve$/);
    await api.takeOver(id);
    await ada.comes('somebody else takes it over', page.getByText(/has taken it over/));
    const takeOver = page.getByRole('button', { name: 'Take over' });
    await takeOver.waitFor({ state: 'detached' });
    results.equal('the focus is where it was', await focused(page), 'Resolve');
    await enter(page);
    results.equal('and Enter does what stands there', (await api.whole(id)).incident.status, 'resolved');
  },
};

const FOCUSED = `(() => {
  const at = document.activeElement;
  return (at.labels?.[0]?.textContent ?? at.getAttribute('aria-label') ?? at.textContent).trim();
})()`;
const OUTLINED = `(() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
})()`;

const focused = (page: Page) => page.evaluate<string>(FOCUSED);

/** @throws {Error} when Tab never stops at it */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    await page.keyboard.press('Tab');
    if (name.test(await focused(page))) return;
  }
  throw new Error(`Tab does not stop at ${name}`);
}

async function enter(page: Page): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.keyboard.press('Enter');
  await loaded;
}

/** The page is brought up to date while they type: somebody else writes a note. */
async function overtaken({ visitor: ada, api }: Scene, id: string): Promise<void> {
  await api.note(id, 'Nobody answers there');
  await ada.comes('a note of somebody else comes in', ada.page.getByText('Nobody answers there'));
}
