import type { Page } from 'playwright-core';
import type { Scene, Story } from './scene.ts';
import { NAME } from './visitor.ts';

const RUNBOOK = '/runbooks/sira/disk-space-low';
const REASON = 'A look before the release';
/** So much is not free on a well host, either: whatever can go gives the run a reason to act. */
const MORE_THAN_THERE_IS = '90';

/** A wrong parameter, a rehearsal, and a run, with the page between them that says what may happen. */
export const byHand: Story = {
  name: 'by hand',
  ways: [
    { script: true, width: 390 },
    { script: false, width: 1440 },
  ],
  speed: 20,
  tell: async (scene) => {
    const { visitor: ada, api, results, picture } = scene;
    const { page } = ada;
    await ada.go(RUNBOOK);
    const free = page.locator('#parameter-freeAtLeast');
    const standard = await free.inputValue();
    await free.fill('much');
    await page.locator('#start-reason').fill(REASON);
    await page.locator('#start-by').fill(NAME);
    await ada.presses(/^Run it/);
    await ada.sees('the error is beside its field', page.locator('#parameter-freeAtLeast-fault'));
    results.equal('which is marked', await free.getAttribute('aria-invalid'), 'true');
    const kept = [free, page.locator('#start-reason'), page.locator('#start-by')];
    const typed = await Promise.all(kept.map((field) => field.inputValue()));
    results.equal('and all that was typed is still there', typed, ['much', REASON, NAME]);
    results.equal('nothing was started', await api.incidents(), []);
    await picture('wrong-parameter');

    await free.fill(MORE_THAN_THERE_IS);
    await ada.presses('Rehearse');
    const rehearsal = await begun(scene);
    await ada.comes('a rehearsal comes to its end', nowOn(page).getByText(/^Rehearsed in /));
    await ada.sees('it is told as one', page.locator('.chips.head').getByText('rehearsal'));
    const { timeline } = await api.whole(rehearsal);
    results.holds(
      'it says what it would have done',
      timeline.some((event) => event.type === 'act-skipped' && event.wouldHave),
    );
    results.holds('and did nothing', !timeline.some(({ type }) => type === 'act-started'));

    await ada.go(RUNBOOK);
    await page.locator('#start-reason').fill(REASON);
    await ada.presses(/^Run it/);
    await ada.sees('first it is said what may happen', page.getByRole('heading', { name: 'What may happen' }));
    await ada.sees('and what the gate says now', page.getByRole('heading', { name: 'What the gate says now' }));
    await picture('summary');
    await ada.presses('Back');
    results.equal('the way back keeps what was typed', await page.locator('#start-reason').inputValue(), REASON);
    results.equal('and the parameter is its own again', await free.inputValue(), standard);
    await ada.presses(/^Run it/);
    await ada.presses('Start it');
    const run = await begun(scene);
    await ada.comes('the run is resolved', nowOn(page).getByText(/^Resolved in /));
    const told = await api.whole(run);
    results.equal('it is an incident of its own', told.incident.origin, 'manual');
    results.holds(
      'and says who asked for it',
      told.timeline.some((event) => event.type === 'run-started' && event.by.name === NAME),
    );
    await ada.go(RUNBOOK);
    const record = page.getByRole('region', { name: 'What it has done' });
    await ada.sees('the runbook tells of it', record.getByText(/resolved by it/).first());
  },
};

const nowOn = (page: Page) => page.getByRole('region', { name: 'What happens now' });

/** A run writes its incident a moment after it was started: until then its page says so, and looks again by itself. */
async function begun({ visitor: { page } }: Scene): Promise<string> {
  await nowOn(page).waitFor();
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}
