import { tally } from '../tally.ts';
import { changedComposeFile, killedContainer, neverComesUp, stoppedDatabase } from './application-down.ts';
import { asStarted } from './as-started.ts';
import { backups } from './backups.ts';
import { certificate } from './certificate.ts';
import { database } from './database.ts';
import { fullOfImages, fullOfLogs, heldOpen, unusedVolume } from './disk-space-low.ts';
import { errors } from './errors.ts';
import { composeScripts, everyScript } from './every-script.ts';
import { load } from './load.ts';
import { makePlace, versions } from './place.ts';
import { saveit } from './saveit.ts';
import { makeStack } from './stack.ts';
import type { Stage } from './stage.ts';

/** The stories themselves, in a world of their own: run by `test/e2e/hosts.ts`. */
const [work = '', archive = '', homeWithPlugin = '', only = ''] = process.argv.slice(2);
const HOME = '/root';
/** Of the two stacks. This world has nobody else at them, and they are none that a connection or a server could be given. */
const PORTS = { stack: 8_080, plugin: 8_081 };
const results = tally();
const place = await makePlace(work, archive);

/**
 * What is told, in this order: each chapter finds the stack up and well, as if for days. A new one is added here; while it is
 * being written, `npm run e2e:hosts -- --only <chapter>` tells it alone.
 */
const CHAPTERS: Record<string, (stage: Stage) => Promise<void>> = {
  application,
  saveit,
  compose,
  disk,
  backups,
  errors,
  database,
  certificate,
  load,
  scripts: everyScript,
};

try {
  const chosen = Object.entries(CHAPTERS).filter(([name]) => only === '' || name === only);
  if (chosen.length === 0) throw new Error(`there is no chapter "${only}": expected one of ${Object.keys(CHAPTERS).join(', ')}`);
  const stack = await makeStack(place.engine, place.disk.path, PORTS.stack, HOME);
  console.log(`${await versions(place.engine)}, Compose ${await stack.composeVersion()}`);
  const stage: Stage = { place, stack, home: HOME, results };
  for (const [name, chapter] of chosen) {
    const began = performance.now();
    try {
      await fromTheBeginning(stage);
      await chapter(stage);
    } catch (error) {
      results.failed(`chapter ${name}`, error);
    }
    console.log(`chapter ${name}: ${Math.round((performance.now() - began) / 1_000)} s\n`);
  }
} catch (error) {
  results.failed('the stories', error);
} finally {
  await place.engine.stop();
}
// What a responder that is closed still waits for must not keep its world up.
process.exit(results.end());

async function application(stage: Stage): Promise<void> {
  await asStarted(stage);
  await killedContainer(stage);
  await stoppedDatabase(stage);
  await neverComesUp(stage, 'no');
  await neverComesUp(stage, 'unless-stopped');
  await changedComposeFile(stage);
}

/** The other form of Compose, with a stack of its own. */
async function compose(stage: Stage): Promise<void> {
  await stage.stack.compose(['down']);
  const stack = await makeStack(place.engine, place.disk.path, PORTS.plugin, homeWithPlugin);
  const plugin = { ...stage, home: homeWithPlugin, stack };
  await changedComposeFile(plugin);
  plugin.stack.write();
  await composeScripts(plugin, HOME);
  // A restart that was cut off can leave the engine with an endpoint that no container has, until the engine itself is restarted.
  await place.engine.stop();
  await place.engine.start();
  await plugin.stack.compose(['down']);
}

/** Up as the compose file says, as if for days, with a database of its own: no chapter knows what the one before it has left. */
async function fromTheBeginning({ stack }: Stage): Promise<void> {
  stack.write();
  await stack.compose(['down', '--volumes']);
  await stack.upLongAgo();
  await stack.query('CREATE TABLE visits (id integer); INSERT INTO visits SELECT generate_series(1, 1000)');
  await stack.well();
}

async function disk(stage: Stage): Promise<void> {
  const other = await place.engine.docker(['image', 'ls', '--quiet', 'sira-app:2']);
  if (other) await place.engine.docker(['image', 'rm', 'sira-app:2']);
  await fullOfLogs(stage);
  await fullOfImages(stage);
  await heldOpen(stage);
  await unusedVolume(stage);
}
