import { expect, it } from 'vitest';
import { acknowledge } from '../../../functions/console/commands/acknowledge.ts';
import { declare } from '../../../functions/console/commands/declare.ts';
import { pagingNext } from '../../../functions/console/views/paging.ts';
import { climbingOf } from '../../../functions/escalate/standing.ts';
import { systemOf } from '../../../functions/surroundings.ts';
import { milliseconds } from '../../../runbooks/language/duration.ts';
import { type Whole, whole } from '../../local/whole.ts';
import { type Console, console } from './console.ts';

const declared = async (system: Console, severity: string, title = 'It is broken') => {
  const { body } = await system.post('/api/incidents', { system: 'sira', severity, title, by: 'Ada' });
  return String(body.id);
};
const paging = async (system: Console, id: string) => {
  const { text } = await system.get(`/incidents/${id}`);
  return [...text.matchAll(/<p class="next">([^<]*)<\/p>/g)].map(([, said]) => said);
};
/** `2026-11-27 21:42 UTC`, so many minutes from now. */
const inMinutes = ({ clock }: Pick<Whole, 'clock'>, minutes: number) =>
  `${new Date(clock.now().getTime() + minutes * 60_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

it("says on an incident's page whom the ladder pages next, and when, and until when an acknowledgement holds", async () => {
  const system = await console();
  const [lead, back] = [inMinutes(system, 15), inMinutes(system, 60)];
  const id = await declared(system, 'P0');
  expect(await paging(system, id)).toEqual([
    'Next: it does nothing more until a person does something; nobody has acknowledged it yet.',
    `Engineering lead is paged at ${lead} unless it is acknowledged by then.`,
  ]);
  await system.post(`/api/incidents/${id}/acknowledge`, { by: 'Ada' });
  expect(await paging(system, id)).toEqual([
    'Next: it does nothing more until a person does something; Ada has it.',
    `Everybody is asked again at ${back} unless it is resolved by then.`,
  ]);
  await system.post(`/api/incidents/${id}/resolve`, { by: 'Ada' });
  expect(await paging(system, id)).toHaveLength(1);
});

it('names who is paged though somebody has it, and tells them who that is', async () => {
  const system = await whole({ monitoring: false });
  const { around, clock } = system;
  const [soon, back] = [inMinutes(system, 30), inMinutes(system, 60)];
  const given = { system: 'saveit', severity: 'SEV1', title: 'It is broken', by: 'Ada' };
  const { id } = await clock.during(declare(around)(given, 'declared'));
  const incident = await clock.during(acknowledge(around)(id, { by: 'Ada' }));
  const climbing = climbingOf(around, incident, await around.store.steps.everything(id));
  expect(pagingNext(incident, climbing, systemOf(around, 'saveit').roles)).toBe(
    `Team lead is paged at ${soon} unless it is resolved by then. Everybody is asked again at ${back} unless it is resolved by then.`,
  );
  const leads = () => system.pages().filter(({ role }) => role === 'lead');
  void clock.sleep(milliseconds('31m'));
  await system.until(() => leads().length === 1, milliseconds('31m'));
  expect(leads()[0]?.message).toContain('Ada has it');
  expect(leads()[0]?.message).not.toContain('Nobody has answered');
});

it('says when everybody has been paged in vain', async () => {
  const system = await console();
  const id = await declared(system, 'P0');
  void system.clock.sleep(milliseconds('4h'));
  const said = 'Everybody has been paged as often as the ladder says, and nobody has it.';
  await system.until(async () => (await paging(system, id))[1] === said, milliseconds('4h'));
});

it('shows in the inbox links that can be clicked, and none that leads elsewhere', async () => {
  const system = await console();
  const elsewhere = `http://elsewhere.example/l/${'a'.repeat(43)}`;
  const id = await declared(system, 'P0', `It is broken: ${elsewhere} http://elsewhere.example/incidents/X <b>`);
  const { text } = await system.get('/inbox');
  const hrefs = [...text.matchAll(/<a href="([^"]*)"/g)].flatMap(([, href]) => href ?? []);
  expect(hrefs.filter((href) => !href.startsWith('/'))).toEqual([]);
  expect(hrefs).toContain(`/incidents/${id}`);
  const [link] = /\/l\/[\w-]{43}/.exec(system.aws.inbox().find(({ role }) => role === 'oncall')?.message ?? '') ?? [];
  expect(hrefs).toContain(link);
  expect(text).not.toContain('<b>');
  expect(text).toContain('The rest of it');
});
