import { tally } from '../tally.ts';
import { changedComposeFile, killedContainer, neverComesUp, type Stage, stoppedDatabase } from './application-down.ts';
import { freePort, makePlace, versions } from './place.ts';
import { makeStack } from './stack.ts';

/** The stories themselves, in a world of their own: run by `test/e2e/hosts.ts`. */
const [work = '', archive = ''] = process.argv.slice(2);
const results = tally();
const place = await makePlace(work, archive);
try {
  const stack = await makeStack(place.engine, place.disk.path, await freePort(), '/root');
  console.log(`${await versions(place.engine)}, Compose ${await stack.composeVersion()}`);
  const stage: Stage = { place, stack, home: '/root', results };
  await stack.upLongAgo();
  await stack.query('CREATE TABLE visits (id integer); INSERT INTO visits SELECT generate_series(1, 1000)');
  await stack.well();
  await killedContainer(stage);
  await stoppedDatabase(stage);
  await neverComesUp(stage, 'no');
  await neverComesUp(stage, 'unless-stopped');
  await changedComposeFile(stage);
} catch (error) {
  results.failed('the stories', error);
} finally {
  await place.engine.stop();
}
process.exitCode = results.end();
