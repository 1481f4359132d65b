import { BACKEND } from '../../../cluster/fixtures/saveit.ts';
import { cordonAll, oomKilled } from '../../../cluster/illness.ts';
import type { Lane } from './lane.ts';
import { escalates, play, resolves } from './play.ts';
import { allIll } from './responding.ts';
import { anyLeft } from './seen.ts';
import { backends, whole } from './settle.ts';
import type { Story } from './story.ts';
import { allUse, watching } from './usage.ts';

const RUNBOOK = 'saveit/high-memory';
const SCALE = 'Scale the backend up for a while';
const RESTART = 'Restart the backend to clear its memory';
const alert = { name: 'HighMemoryUsage', value: 95 };
/** Of 512Mi. */
const [MUCH, LITTLE] = ['490Mi', '210Mi'];
const TWO_HOURS_MS = 2 * 3_600_000;

/** Pods that are killed for their memory; no autoscaler counts them. */
export async function memory(lane: Lane): Promise<void> {
  await killed(lane);
  await noRoom(lane);
}

async function killed(lane: Lane): Promise<void> {
  const name = 'pods that are killed for want of memory';
  await allUse(lane, '100m', MUCH);
  const before = await allIll(lane, oomKilled());
  const { look, lags } = watching(lane);
  const story: Story = {
    runbook: RUNBOOK,
    alert,
    felt: false,
    ill: (seen) => anyLeft(seen, before),
    react: look,
    waits: lags,
  };
  await play(lane, name, story, async (trial) => {
    await resolves(lane, name, trial, [SCALE, RESTART]);
    const after = await backends(lane);
    lane.results.equal(`${name}: five pods, and all new`, [after.length, after.filter((pod) => before.includes(pod))], [5, []]);
    // Nothing of a story that is over waits for its measurements.
    await trial.later(TWO_HOURS_MS, 'the backend has three pods again', async () => (await replicas(lane)) === 3);
    lane.results.equal(`${name}: two hours later it goes back to three`, await replicas(lane), 3);
  });
  await whole(lane);
}

/** The real scheduler finds no node for more of them: what was asked for is taken back. */
async function noRoom(lane: Lane): Promise<void> {
  const name = 'no node has room for more pods';
  await allUse(lane, '100m', MUCH);
  const before = (await backends(lane)).sort();
  await cordonAll(lane.admin, true, lane.name);
  const story: Story = { runbook: RUNBOOK, alert, felt: false, ill: () => true, waits: () => false };
  await play(lane, name, story, async (trial) => {
    await escalates(lane, name, trial, /no node has room/);
    lane.results.equal(`${name}: it is to have three again`, await replicas(lane), 3);
    lane.results.equal(`${name}: and the pods that it had`, (await backends(lane)).sort(), before);
  });
  await cordonAll(lane.admin, false, lane.name);
  await allUse(lane, '100m', LITTLE);
  await whole(lane);
}

async function replicas({ apps, name: namespace }: Lane): Promise<number> {
  return (await apps.readNamespacedDeployment({ name: BACKEND, namespace })).spec?.replicas ?? 0;
}
