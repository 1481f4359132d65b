import { expect, it } from 'vitest';
import { consoleApp } from '../../functions/console/app.ts';
import { type LocalPlaces, localNav, localRoutes } from '../../local/console.ts';
import { whole } from './whole.ts';

it('where the hosts are real has no faults to switch on, and says so', async () => {
  const { around, aws, clock } = await whole({ monitoring: false });
  const places: LocalPlaces = { notifications: () => aws.inbox() };
  const app = consoleApp(around, { nav: localNav(places), routes: localRoutes(places) });
  const ask = (path: string, method = 'GET') =>
    clock.during(Promise.resolve(app.request(path, { method, headers: { 'content-type': 'application/json' } })));
  for (const [path, method] of [
    ['/api/simulation', 'GET'],
    ['/api/simulation/faults/backend-down', 'POST'],
    ['/faults', 'GET'],
  ] as const) {
    const answer = await ask(path, method);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(await answer.text()).toContain('the hosts are real');
  }
  const inbox = await ask('/inbox');
  expect(inbox.status).toBe(200);
  expect(await inbox.text()).not.toContain('href="/faults"');
});
