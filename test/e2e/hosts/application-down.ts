import { play } from './play.ts';
import type { Container, Stack } from './stack.ts';
import type { Stage } from './stage.ts';
import { acts } from './trial.ts';

const SERVICES = ['backend', 'frontend', 'nginx', 'db'] as const;
/** The data, and which cluster it is in: a new one would have another number. */
const ROWS = 'SELECT count(*), sum(id), (SELECT system_identifier FROM pg_control_system()) FROM visits';

/** Somebody, or the kernel, killed the backend. */
export async function killedContainer(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = 'a killed container';
  const [before, rows] = [await containers(stack), await stack.query(ROWS)];
  await place.engine.docker(['kill', stack.settings.containers.backend]);
  await play(stage, name, async (trial) => {
    await trial.fires('sira-APIDown');
    const ended = await trial.ends(
      ({ status }) => status === 'resolved',
      async () => (await stack.health()).status === 200,
    );
    results.equal(`${name}: restarted`, acts(ended), ['Restart what is ill']);
    results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(ended.incident.id), []);
    const after = await containers(stack);
    results.equal(`${name}: it runs`, after.backend.state, 'running');
    results.holds(`${name}: it was started anew`, after.backend.startedAt > before.backend.startedAt);
    results.equal(`${name}: as the same container`, deployed(after.backend), deployed(before.backend));
    const others = ({ backend: _, ...rest }: typeof after) => rest;
    results.equal(`${name}: the others were left alone`, others(after), others(before));
    results.equal(
      `${name}: the API answers, and the rows are there`,
      [(await stack.health()).status, await stack.query(ROWS)],
      [200, rows],
    );
  });
}

/** A command that cannot be: once where Docker leaves it, and once where Docker tries it again and again. */
export async function neverComesUp(stage: Stage, restart: 'no' | 'unless-stopped'): Promise<void> {
  const { stack, results } = stage;
  const name = `a container that never comes up (restart: ${restart})`;
  await stack.upLongAgo({ command: ['/no/such/program'], restart });
  await play(stage, name, async (trial) => {
    await trial.fires('sira-APIDown');
    const { incident, timeline } = await trial.ends(({ automation }) => automation === 'escalated');
    const started = timeline.filter(({ type }) => type === 'act-started').length;
    results.equal(`${name}: ends at a person, still open`, incident.status, 'open');
    results.equal(
      `${name}: ${restart === 'no' ? 'one restart was tried' : 'nothing was done, because Docker tries already'}`,
      started,
      restart === 'no' ? 1 : 0,
    );
    results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(incident.id), []);
    const page = await trial.askedOf(incident.id, 'oncall');
    results.holds(`${name}: the page names the backend`, /backend/.test(page));
    console.log(`      | ${page.split('\n').slice(0, 4).join('\n      | ')}`);
  });
}

/** The database is down: restarting what merely suffers from it would help nobody, and it is a person's. */
export async function stoppedDatabase(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = 'a stopped database';
  const [rows, volume, before] = [await stack.query(ROWS), await volumeOf(stage), await containers(stack)];
  await place.engine.docker(['stop', stack.settings.containers.db]);
  await play(stage, name, async (trial) => {
    await trial.fires('sira-APIDown');
    const { incident, timeline } = await trial.ends(({ automation }) => automation === 'escalated');
    results.equal(`${name}: no act`, timeline.filter(({ type }) => type === 'act-started').length, 0);
    results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(incident.id), []);
    const page = await trial.askedOf(incident.id, 'oncall');
    results.holds(`${name}: the page says so`, /the database does not run \(exited\)/.test(page));
    const after = await containers(stack);
    results.equal(`${name}: it was left stopped`, after.db.state, 'exited');
    results.holds(
      `${name}: nothing was restarted`,
      SERVICES.every((service) => after[service].startedAt === before[service].startedAt),
    );
    results.equal(`${name}: its volume is the same`, await volumeOf(stage), volume);

    await place.engine.docker(['start', stack.settings.containers.db]);
    results.equal(`${name}: its rows are there when a person has started it`, await stack.query(ROWS), rows);
    await stack.well();
    await trial.api.runAgain(incident.id, 'the database was started');
    const again = await trial.ends(
      ({ run, status }) => run === 2 && status === 'resolved',
      () => true,
    );
    results.equal(`${name}: "run again" finds it well and does nothing`, acts(again), []);
  });
}

/** Somebody has changed the compose file and not deployed it: a restart must not do that for them. */
export async function changedComposeFile(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = `a compose file that has changed (Compose ${await stack.composeVersion()})`;
  await stack.upLongAgo();
  await stack.well();
  const before = await containers(stack);
  stack.write({ tag: '2', release: 'autumn' });
  await place.engine.docker(['kill', stack.settings.containers.backend]);
  await play(stage, name, async (trial) => {
    await trial.fires('sira-APIDown');
    const question = await trial.answer('approve');
    results.holds(
      `${name}: a person is asked, because a deployment may be under way`,
      /compose file has changed since these were last brought up: backend/.test(question),
    );
    console.log(`      | ${question.split('\n')[0]}`);
    const ended = await trial.ends(
      ({ status }) => status === 'resolved',
      async () => (await stack.health()).status === 200,
    );
    results.equal(`${name}: restarted after the yes`, acts(ended), ['Restart what is ill']);
    const after = await containers(stack);
    for (const service of SERVICES)
      results.equal(
        `${name}: ${service} keeps its image, environment and configuration`,
        deployed(after[service]),
        deployed(before[service]),
      );
    results.holds(`${name}: the API answers with the old release`, /"release":"spring"/.test((await stack.health()).body));
  });
}

type Containers = Record<(typeof SERVICES)[number], Container>;

async function containers(stack: Stack): Promise<Containers> {
  const [backend, frontend, nginx, db] = await Promise.all([
    stack.container('backend'),
    stack.container('frontend'),
    stack.container('nginx'),
    stack.container('db'),
  ]);
  return { backend, frontend, nginx, db };
}

/** What only a deployment may change. */
function deployed({ id, image, hash, environment }: Container) {
  return { id, image, hash, environment };
}

/** By where it lies. What Docker calls its time of creation is when its folder last changed. */
function volumeOf({ place }: Stage): Promise<string> {
  return place.engine.docker(['volume', 'inspect', '--format', '{{.Name}} {{.Mountpoint}}', 'sira_db_data']);
}
