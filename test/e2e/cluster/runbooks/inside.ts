import { freePort } from '../../free-port.ts';
import { tally } from '../../tally.ts';
import { clientsOf, type Lane, Told } from './lane.ts';
import { PARTS } from './parts.ts';
import { settle } from './settle.ts';
import { makeWorld } from './world.ts';

/**
 * Chapters in a namespace of their own, as a process of their own: run by `test/e2e/cluster.ts`, which is told of them by their last
 * line. `LANE` says which namespace, on which control plane.
 */
const told = Told.parse(JSON.parse(process.env.LANE ?? 'null'));
const results = tally();
try {
  await begun();
} catch (error) {
  results.failed(told.name, error);
}
// Whatever a chapter that broke off has left open.
process.exit(results.end());

async function begun(): Promise<void> {
  const clients = await clientsOf(told);
  const world = await makeWorld({ ...clients, name: told.name }, await freePort());
  const lane: Lane = { ...told, ...clients, world, results, print: console.log };
  const part = PARTS[told.name];
  if (!part) throw new Error(`there is no part ${told.name}`);
  await settle(lane, part.nodes);
  await part.play(lane, async (name, chapter) => {
    if (!name.includes(told.only)) return;
    const began = performance.now();
    await chapter().catch((error: unknown) => results.failed(name, error));
    lane.print(`chapter ${name}: ${Math.round((performance.now() - began) / 1_000)} s`);
  });
  await world.close();
}
