import { applicationLog } from '../../../runbooks/commands/application-log.ts';
import { certificateState } from '../../../runbooks/commands/certificate-state.ts';
import { containerLogs } from '../../../runbooks/commands/container-logs.ts';
import { databaseBackups } from '../../../runbooks/commands/database-backups.ts';
import { databaseConnectionLog } from '../../../runbooks/commands/database-connection-log.ts';
import { databaseContents } from '../../../runbooks/commands/database-contents.ts';
import { databaseDisk } from '../../../runbooks/commands/database-disk.ts';
import { databaseSessions } from '../../../runbooks/commands/database-sessions.ts';
import { databaseState } from '../../../runbooks/commands/database-state.ts';
import { deletedOpenFiles } from '../../../runbooks/commands/deleted-open-files.ts';
import { deploymentState } from '../../../runbooks/commands/deployment-state.ts';
import { diskUsage } from '../../../runbooks/commands/disk-usage.ts';
import { dockerDisk } from '../../../runbooks/commands/docker-disk.ts';
import { dockerUsage } from '../../../runbooks/commands/docker-usage.ts';
import { EXIT_IN_DOUBT } from '../../../runbooks/commands/exits.ts';
import { externalServices } from '../../../runbooks/commands/external-services.ts';
import { failingRequests } from '../../../runbooks/commands/failing-requests.ts';
import { hostReadiness } from '../../../runbooks/commands/host-readiness.ts';
import { hostResources } from '../../../runbooks/commands/host-resources.ts';
import { httpStatuses } from '../../../runbooks/commands/http-statuses.ts';
import { keyedService } from '../../../runbooks/commands/keyed-service.ts';
import { largestFolders } from '../../../runbooks/commands/largest-folders.ts';
import { logErrors } from '../../../runbooks/commands/log-errors.ts';
import { oldBackups } from '../../../runbooks/commands/old-backups.ts';
import { oldLogs } from '../../../runbooks/commands/old-logs.ts';
import { recentBackups } from '../../../runbooks/commands/recent-backups.ts';
import { recommendationLog } from '../../../runbooks/commands/recommendation-log.ts';
import { restoreTestState } from '../../../runbooks/commands/restore-test-state.ts';
import { rotatedContainerLogs } from '../../../runbooks/commands/rotated-container-logs.ts';
import { serviceStatus } from '../../../runbooks/commands/service-status.ts';
import { statusPages } from '../../../runbooks/commands/status-pages.ts';
import type { HostCall } from '../../../runbooks/language/command.ts';
import { commandsOf } from '../../../runbooks/language/commands-of.ts';
import { registry } from '../../../runbooks/registry.ts';
import { stateOf } from '../../../runbooks/sira/certificate.ts';
import { backupFiles, stackOf } from '../../../runbooks/sira/stack.ts';
import { until } from '../until.ts';
import { withAuthority } from './certificate.ts';
import { certificateActs } from './certificate-fixtures.ts';
import { type Cut, type Runner, runner } from './cut.ts';
import { restarts, tryings } from './fixtures.ts';
import { loadLooks, loadTryings } from './load.ts';
import type { Stage } from './stage.ts';
import type { Trying } from './trying.ts';

/** How many calls earlier a script is cut off at most, where it has made fewer this time. */
const EARLIER = 2;
const BACK_MS = 20_000;

/** Every script of the registered runbooks: twice with a key, with another, and cut off on its way. */
export async function everyScript(stage: Stage): Promise<void> {
  const looks = looksOf(stage);
  const looking = async () => {
    const scripts = await runner(stage.place, stage.home);
    for (const look of looks) await tryLook(stage, scripts, look);
  };
  const acting = async () => {
    const scripts = await runner(stage.place, stage.home);
    const acts = [];
    for (const trying of tryings(stage)) acts.push(await tryAct(stage, scripts, trying));
    return acts;
  };
  const [acts] = await Promise.all([acting(), looking()]);
  for (const trying of [...loadTryings(stage), ...restarts(stage)])
    acts.push(await tryAct(stage, await runner(stage.place, stage.home), trying));
  await withAuthority(stage, async () => {
    for (const trying of certificateActs(stage)) acts.push(await tryAct(stage, await runner(stage.place, stage.home), trying));
  });
  const seen = new Set([...acts, ...looks.map(({ command }) => command.name)]);
  stage.results.equal('every script had its turn', [...seen].sort(), [...commandsOf(registry).keys()].sort());
}

/** The scripts that use Compose, where it is another version; and what they say of a stack that a different version has made. */
export async function composeScripts(stage: Stage, otherHome: string): Promise<void> {
  const scripts = await runner(stage.place, stage.home);
  const version = await stage.stack.composeVersion();
  console.log(`Compose ${version}:`);
  const using = ['deployment-state', 'docker-usage', 'host-readiness', 'service-status'];
  for (const look of looksOf(stage).filter(({ command }) => using.includes(command.name))) await tryLook(stage, scripts, look);
  for (const trying of restarts(stage)) await tryAct(stage, scripts, trying);
  const look = deploymentState(stackOf(stage.stack.settings));
  const own = deploymentState.facts.parse(parsed((await scripts.run(look, 'own')).stdout));
  stage.results.equal(`deployment-state: sees no change in its own stack`, [own.comparable, own.underWay], [true, false]);
  const other = await runner(stage.place, otherHome);
  const theirs = deploymentState.facts.parse(parsed((await other.run(look, 'theirs')).stdout));
  stage.results.equal(
    `deployment-state: does not compare the work of another Compose with its own`,
    [theirs.comparable, theirs.configChanged],
    [false, []],
  );
}

function looksOf(stage: Stage): HostCall<unknown>[] {
  const { place } = stage;
  const { settings } = stage.stack;
  const { containers, database, logFolders, backups, externalServices: outside } = settings;
  const stack = stackOf(settings);
  const asked = { container: containers.db, user: database.user, database: database.name };
  return [
    applicationLog({ container: containers.backend, file: settings.applicationLog, outside: ['mistral'] }),
    certificateState(stateOf(settings)),
    containerLogs({ containers: [containers.backend, containers.frontend, containers.nginx], tail: 100 }),
    databaseBackups({ folder: backups.folder, prefix: backups.prefix, backup: 'latest' }),
    databaseContents({ ...asked, role: database.applicationRole }),
    databaseConnectionLog({ container: containers.backend }),
    databaseDisk({ container: containers.db }),
    databaseSessions({ ...asked, role: database.applicationRole, idleSeconds: 600 }),
    databaseState(asked),
    deletedOpenFiles({}),
    deploymentState(stack),
    diskUsage({}),
    dockerUsage(stack),
    externalServices({ urls: Object.values(outside) }),
    failingRequests({ container: containers.nginx }),
    hostReadiness({ tools: ['docker', 'gzip'], paths: [settings.projectDir, backups.folder], ...stack }),
    hostResources({}),
    httpStatuses({ container: containers.nginx }),
    keyedService({ url: outside.mistral, keyParameter: settings.externalKeys.mistral, scheme: 'bearer' }),
    largestFolders({ mount: place.disk.path }),
    logErrors({ container: containers.backend, outside: ['mistral', 'pinecone'] }),
    recentBackups(backups),
    restoreTestState({ container: containers.db }),
    dockerDisk({}),
    oldBackups({ ...backupFiles(settings), keepDays: 7 }),
    oldBackups({ folder: backups.folder, prefix: backups.prefix, keepDays: 7 }),
    ...loadLooks(stage),
    oldLogs({ folders: logFolders, mount: place.disk.path, olderThanDays: 7 }),
    recommendationLog({ container: containers.backend, outside: ['mistral'] }),
    rotatedContainerLogs({ olderThanDays: 7 }),
    serviceStatus(stack),
    statusPages({ urls: [outside.pinecone] }),
  ];
}

/** A look may run as often as it is sent, and leaves nothing. */
async function tryLook({ results }: Stage, scripts: Runner, look: HostCall<unknown>): Promise<void> {
  const { name, facts } = look.command;
  const first = await scripts.run(look, `${name}-once`);
  const again = await scripts.run(look, `${name}-once`);
  if (first.calls > 0) await scripts.cutOff(look, `${name}-cut`, { at: Math.ceil(first.calls / 2) });
  const after = await scripts.run(look, `${name}-cut`);
  const wrong = [first, again, after].flatMap(({ exitCode, stdout, stderr }) => {
    const read = exitCode === 0 ? facts.safeParse(parsed(stdout)) : undefined;
    return read?.success ? [] : [`exit code ${exitCode}: ${stderr || read?.error?.message}`];
  });
  results.equal(`${name}: tells its facts, also when it is sent again, and after it was cut off`, wrong, []);
}

/** @returns the act's name */
async function tryAct({ results }: Stage, scripts: Runner, trying: Trying): Promise<string> {
  const call = await trying.prepare();
  const { name } = call.command;
  const once = await scripts.run(call, `${name}-once`);
  const done = await trying.state();
  results.equal(`${name}: done once`, [once.exitCode, once.stderr], [0, '']);
  const again = await scripts.run(call, `${name}-once`);
  results.equal(`${name}: sent again with the same key answers the same`, [again.exitCode, again.stdout], [0, once.stdout]);
  const anew = await scripts.run(call, `${name}-anew`);
  results.equal(`${name}: with a new key finds nothing left to break`, [anew.exitCode, await trying.state()], [0, done]);

  const cuts: Cut[] = spread(once.calls, trying.cuts).map((at) => ({ at }));
  if (trying.during) cuts.push({ during: trying.during });
  const wrong: string[] = [];
  for (const [n, cut] of cuts.entries()) wrong.push(...(await tryCut(scripts, trying, `${name}-cut-${n}`, cut, done)));
  results.equal(
    `${name}: cut off at ${cuts.length} places: nothing that was to stay is gone, and a new key finishes it`,
    wrong,
    [],
  );
  return name;
}

async function tryCut(scripts: Runner, trying: Trying, key: string, cut: Cut, done: string[]): Promise<string[]> {
  const { call, before, came, by } = await cutShort(scripts, trying, key, cut);
  const stays = done.filter((one) => before.includes(one));
  const lost = await lostOf(stays, trying);
  const second = await scripts.run(call, by);
  await trying.overAfterCut?.();
  const new_ = await scripts.run(call, `${by}-new`);
  const after = await trying.state();
  const faults = [
    ...(came ? [] : ['it was not cut off']),
    ...lost.map((one) => `lost: ${one}`),
    ...([0, EXIT_IN_DOUBT].includes(second.exitCode) ? [] : [`the same key: exit code ${second.exitCode} ${second.stderr}`]),
    ...(new_.exitCode === 0 ? [] : [`a new key: exit code ${new_.exitCode} ${new_.stderr}`]),
    ...(JSON.stringify(after) === JSON.stringify(done) ? [] : [`ends as ${after.join(', ').slice(0, 500)}`]),
  ];
  return faults.map((fault) => `${JSON.stringify(cut)}: ${fault}`);
}

/** Cuts it off. One that waits for something makes more calls at one time than at another: it is cut off earlier where it had ended. */
async function cutShort(scripts: Runner, trying: Trying, key: string, cut: Cut) {
  for (let tries = 0; ; tries += 1) {
    const call = await trying.prepare();
    const before = await trying.state();
    const by = tries === 0 ? key : `${key}-earlier-${tries}`;
    const came = await scripts.cutOff(call, by, 'at' in cut ? { at: cut.at - tries } : cut);
    if (came || !('at' in cut) || cut.at - tries <= 1 || tries === EARLIER) return { call, before, came, by };
  }
}

/** What is gone of that which stays. The engine may still be at what it was told before the cut: a container that it restarts comes back. */
async function lostOf(stays: string[], trying: Trying): Promise<string[]> {
  let lost = stays;
  const none = async () => {
    const now = await trying.state();
    lost = stays.filter((one) => !now.includes(one));
    return lost.length === 0;
  };
  await until('nothing is lost', none, BACK_MS).catch(() => undefined);
  return lost;
}

/** So many of the numbers from 1 to n, the first and the last among them. */
function spread(n: number, most: number): number[] {
  const count = Math.min(n, most);
  return [...new Set(Array.from({ length: count }, (_, at) => Math.round(1 + (at * (n - 1)) / Math.max(1, count - 1))))];
}

function parsed(stdout: string): unknown {
  try {
    return JSON.parse(stdout.split('\n', 1)[0] ?? '');
  } catch {
    return undefined;
  }
}
