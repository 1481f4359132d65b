import { SaveitSettings } from '../../../runbooks/saveit/system.ts';
import { until } from '../until.ts';
import { play } from './play.ts';
import type { Stage } from './stage.ts';
import { acts } from './trial.ts';

const ALARM = 'saveit-ComposeNotResponding';
/** What ends sooner after its start is taken for what can not run; with a moment more. */
const RAN_MS = 32_000;

/** Save-It's Docker Compose variant, on the stack that is there: its runbook knows services by the names that settings give them. */
export async function saveit(stage: Stage): Promise<void> {
  const { settings } = stage.stack;
  const { hostTag, projectDir, composeFile, composeProject, services, containers, urls } = settings;
  const saveit = SaveitSettings.parse({
    hostTag,
    compose: {
      ...{ projectDir, composeFile, composeProject, ready: urls.api, dependencies: [services.db] },
      backend: { service: services.backend, container: containers.backend },
    },
    urls: { ready: urls.api },
    prometheus: null,
  });
  await stopped({ ...stage, saveit });
  await killed({ ...stage, saveit });
}

/** Somebody has stopped it: Docker would have started it again by itself. */
async function stopped(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = "Save-It's backend, stopped by somebody";
  await place.engine.docker(['stop', stack.settings.containers.backend]);
  await play(stage, name, async (trial) => {
    await trial.fires(ALARM);
    const { incident, timeline } = await trial.ends(({ automation }) => automation === 'escalated');
    results.equal(`${name}: no act`, timeline.filter(({ type }) => type === 'act-started').length, 0);
    results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(incident.id), []);
    const page = await trial.askedOf(incident.id, 'oncall');
    results.holds(`${name}: the page says so`, /backend was stopped .*unless-stopped/.test(page));
    results.equal(`${name}: it was left stopped`, (await stack.container('backend')).state, 'exited');
  });
}

/** It was killed, and no policy starts it again. */
async function killed(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = "Save-It's backend, killed";
  await stack.upLongAgo({ restart: 'no' });
  await stack.well();
  const began = async () => Date.parse((await stack.container('backend')).startedAt);
  await until('it has run for half a minute', async () => Date.now() - (await began()) > RAN_MS, 2 * RAN_MS);
  const [before, db] = [await stack.container('backend'), await stack.container('db')];
  await place.engine.docker(['kill', stack.settings.containers.backend]);
  await play(stage, name, async (trial) => {
    await trial.fires(ALARM);
    const ended = await trial.ends(
      ({ status }) => status === 'resolved',
      async () => (await stack.health()).status === 200,
    );
    results.equal(`${name}: restarted`, acts(ended), ['Restart the backend']);
    results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(ended.incident.id), []);
    const after = await stack.container('backend');
    results.equal(`${name}: it runs, as the same container`, [after.state, after.id], ['running', before.id]);
    results.equal(`${name}: the database was left alone`, (await stack.container('db')).startedAt, db.startedAt);
  });
}
