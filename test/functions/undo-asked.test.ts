import { expect, it } from 'vitest';
import { undo } from '../../functions/console/commands/undo.ts';
import { wholeIncident } from '../../functions/console/read/incident.ts';
import type { Whole } from '../local/whole.ts';
import { countedRunbook } from './counted-runbook.ts';
import { round, withRunbook } from './watching.ts';

async function acted(takeBack: '1h' | undefined) {
  const system = await withRunbook(countedRunbook(false, takeBack));
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  await system.until(async () => (await system.acts()).length === 1);
  const { id } = await system.incident();
  const [act] = await system.around.store.steps.acts(id, 1);
  const ask = (said: object) => system.clock.during(undo(system.around)(id, { by: 'Ada', reason: 'not needed', ...said }));
  const end = async () => {
    system.alarm('sira-DiskSpaceLow', 'OK');
    await system.until(() => system.quiet());
  };
  return { system, id, ask, end, which: { act: act?.step, host: act?.host } };
}

const undone = async (system: Whole, id: string) =>
  (await system.around.store.incidents.timeline(id)).flatMap((event) => (event.type === 'undone' ? [event.ok] : []));

it('a change for a time only is taken back before it is up, once, by its own runbook', async () => {
  const { system, id, ask, end, which } = await acted('1h');
  await expect(ask(which)).rejects.toThrow(/under way/);
  await end();
  await expect(ask({ ...which, host: 'nowhere' })).rejects.toThrow(/there is no act/);
  await ask(which);
  expect(await round(system)).toEqual([expect.stringContaining('took back "Leave a file"')]);
  expect(await undone(system, id)).toEqual([true]);
  await expect(ask(which)).rejects.toThrow(/is over/);
  const { timeline } = await system.clock.during(wholeIncident(system.around, id));
  expect(timeline).toContainEqual(expect.objectContaining({ type: 'undo-asked', by: expect.objectContaining({ name: 'Ada' }) }));
});

it('a change that is finished and stays is not taken back', async () => {
  const { system, id, ask, end, which } = await acted(undefined);
  await end();
  await expect(ask(which)).rejects.toThrow(/finished and stays/);
  expect(await undone(system, id)).toEqual([]);
});
