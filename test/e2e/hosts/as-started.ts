import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consoleApi } from '../cli/console.ts';
import { until } from '../until.ts';
import { PATH } from './shell.ts';
import type { Stage } from './stage.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const START_MS = 60_000;
const RUN_MS = 120_000;

/** `npm start -- --hosts docker`, as a person starts it: with the deployment's file, at the speed of this machine. */
export async function asStarted(stage: Stage): Promise<void> {
  const { stack, results } = stage;
  const { projectDir, logFolders, backups, urls, externalServices } = stack.settings;
  const dataDir = mkdtempSync(join(stage.place.work, 'started-'));
  const file = join(dataDir, 'firebreak.json');
  writeFileSync(file, JSON.stringify({ systems: { sira: { projectDir, logFolders, backups, urls, externalServices } } }));
  const environment = { FIREBREAK_DATA: dataDir, FIREBREAK_DEPLOY: file, HOME: stage.home, DOCKER_HOST: stage.place.engine.host };

  const nowhere = start({ ...environment, DOCKER_HOST: 'unix:///no/such/docker.sock' });
  await until('it ends', nowhere.ended, START_MS);
  results.equal('npm start without an engine: ends', nowhere.child.exitCode, 1);
  results.holds(
    'npm start without an engine: says so, and how to mend it',
    /engine does not answer[\s\S]*To mend it: start it/.test(nowhere.said()),
  );

  const { child, said, ended } = start(environment);
  try {
    const url = await until('it serves', () => /runs at (http:\S+?)\.\s/.exec(said())?.[1], START_MS);
    const simulation = await fetch(`${url}/api/simulation`);
    results.equal('npm start -- --hosts docker: there is no simulation', simulation.status, 404);
    const body = JSON.stringify({ by: 'Ada', reason: 'a look' });
    const headers = { 'content-type': 'application/json' };
    await fetch(`${url}/api/runbooks/sira/application-down/executions`, { method: 'POST', body, headers });
    const api = consoleApi(url);
    const over = async () => (await api.incidents()).find(({ automation }) => ['succeeded', 'escalated'].includes(automation));
    const incident = await until('the run is over', over, RUN_MS);
    results.equal(
      'npm start -- --hosts docker: a run by hand finds all well',
      [incident.automation, incident.status],
      ['succeeded', 'resolved'],
    );
    const { timeline } = await api.whole(incident.id);
    const looked = timeline.flatMap((event) => (event.type === 'looked' ? [event] : []));
    results.holds(
      `npm start -- --hosts docker: it has looked (${looked.length}) at what is there`,
      looked.length > 8 && looked.every(({ ok }) => ok),
    );
    console.log(`      | ${looked.find(({ step }) => step === 'services')?.says}`);
  } catch (error) {
    results.failed('npm start -- --hosts docker', error);
    console.log(said());
  } finally {
    child.kill('SIGTERM');
    await until('it ends', ended, START_MS);
  }
}

interface Started {
  child: ChildProcess;
  said: () => string;
  /** Whether it is over, and all that it has said is here. */
  ended: () => boolean;
}

function start(environment: Record<string, string>): Started {
  const child = spawn(process.execPath, ['local/main.ts', '--schedules', 'off', '--hosts', 'docker'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, PORT: '0', ...environment },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  let over = false;
  child.once('close', () => {
    over = true;
  });
  return { child, said: () => said, ended: () => over };
}
