import { freePort } from '../../free-port.ts';
import { tally } from '../../tally.ts';
import { broker } from './broker.ts';
import { debugPod, looksByHand } from './by-hand.ts';
import { clientsOf, type Lane, Told } from './lane.ts';
import { redis } from './redis.ts';
import { responding } from './responding.ts';
import { settle } from './settle.ts';
import { makeWorld } from './world.ts';

/**
 * Chapters in a namespace of their own, as a process of their own: run by `test/e2e/cluster.ts`, which is told of them by their last
 * line. `LANE` says which namespace, on which control plane.
 */
type Chapter = (lane: Lane) => Promise<void>;
const LANES: Record<string, { nodes: number; chapters: Record<string, Chapter> }> = {
  'saveit-pods': { nodes: 2, chapters: { responding, broker, redis, looksByHand } },
};

const told = Told.parse(JSON.parse(process.env.LANE ?? 'null'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const results = tally();
const clients = clientsOf(told);
const world = await makeWorld({ ...clients, name: told.name }, await freePort());
const lane: Lane = { ...told, ...clients, world, results, print: console.log };
try {
  const { nodes, chapters } = LANES[told.name] ?? { nodes: 0, chapters: {} };
  await settle(lane, nodes);
  const debugged = told.name === 'saveit-pods' ? await debugPod(lane) : undefined;
  for (const [name, chapter] of Object.entries(chapters)) if (name.includes(told.only)) await play(name, chapter);
  await debugged?.();
} catch (error) {
  results.failed(told.name, error);
} finally {
  await world.close();
}
// Whatever a chapter that broke off has left open.
process.exit(results.end());

async function play(name: string, chapter: Chapter): Promise<void> {
  const began = performance.now();
  await chapter(lane).catch((error: unknown) => results.failed(name, error));
  console.log(`chapter ${name}: ${Math.round((performance.now() - began) / 1_000)} s\n`);
}
