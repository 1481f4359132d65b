import { freePort } from '../free-port.ts';
import { tally } from '../tally.ts';
import { changedComposeFile, killedContainer, neverComesUp, stoppedDatabase } from './application-down.ts';
import { asStarted } from './as-started.ts';
import { fullOfImages, fullOfLogs, heldOpen, unusedVolume } from './disk-space-low.ts';
import { composeScripts, everyScript } from './every-script.ts';
import { makePlace, versions } from './place.ts';
import { makeStack } from './stack.ts';
import type { Stage } from './stage.ts';

/** The stories themselves, in a world of their own: run by `test/e2e/hosts.ts`. */
const [work = '', archive = '', homeWithPlugin = ''] = process.argv.slice(2);
const HOME = '/root';
const results = tally();
const place = await makePlace(work, archive);
try {
  const stack = await makeStack(place.engine, place.disk.path, await freePort(), HOME);
  console.log(`${await versions(place.engine)}, Compose ${await stack.composeVersion()}`);
  const stage: Stage = { place, stack, home: HOME, results };
  await stack.upLongAgo();
  await stack.query('CREATE TABLE visits (id integer); INSERT INTO visits SELECT generate_series(1, 1000)');
  await stack.well();
  await asStarted(stage);
  await killedContainer(stage);
  await stoppedDatabase(stage);
  await neverComesUp(stage, 'no');
  await neverComesUp(stage, 'unless-stopped');
  await changedComposeFile(stage);

  await stack.compose(['down']);
  const plugin = {
    ...stage,
    home: homeWithPlugin,
    stack: await makeStack(place.engine, place.disk.path, await freePort(), homeWithPlugin),
  };
  await changedComposeFile(plugin);
  plugin.stack.write();
  await composeScripts(plugin, HOME);
  // A restart that was cut off can leave the engine with an endpoint that no container has, until the engine itself is restarted.
  await place.engine.stop();
  await place.engine.start();
  await plugin.stack.compose(['down']);

  await place.engine.docker(['image', 'rm', 'sira-app:2']);
  await stack.upLongAgo();
  await stack.well();
  await fullOfLogs(stage);
  await fullOfImages(stage);
  await heldOpen(stage);
  await unusedVolume(stage);
  await stack.well();
  await everyScript(stage);
} catch (error) {
  results.failed('the stories', error);
} finally {
  await place.engine.stop();
}
process.exitCode = results.end();
