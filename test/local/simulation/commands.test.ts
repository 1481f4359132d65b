import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { abandonRestore } from '../../../runbooks/commands/abandon-restore.ts';
import { activeQueries } from '../../../runbooks/commands/active-queries.ts';
import { addWorkers } from '../../../runbooks/commands/add-workers.ts';
import { answerTimes } from '../../../runbooks/commands/answer-times.ts';
import { applicationLog } from '../../../runbooks/commands/application-log.ts';
import { bringNginxBack } from '../../../runbooks/commands/bring-nginx-back.ts';
import { cancelQueries } from '../../../runbooks/commands/cancel-queries.ts';
import { certificateState } from '../../../runbooks/commands/certificate-state.ts';
import { containerLogs } from '../../../runbooks/commands/container-logs.ts';
import { databaseBackups } from '../../../runbooks/commands/database-backups.ts';
import { databaseConnectionLog } from '../../../runbooks/commands/database-connection-log.ts';
import { databaseContents } from '../../../runbooks/commands/database-contents.ts';
import { databaseDisk } from '../../../runbooks/commands/database-disk.ts';
import { databaseSessions } from '../../../runbooks/commands/database-sessions.ts';
import { databaseState } from '../../../runbooks/commands/database-state.ts';
import { deleteBackups } from '../../../runbooks/commands/delete-backups.ts';
import { deleteOldLogs } from '../../../runbooks/commands/delete-old-logs.ts';
import { deleteRotatedContainerLogs } from '../../../runbooks/commands/delete-rotated-container-logs.ts';
import { deletedOpenFiles } from '../../../runbooks/commands/deleted-open-files.ts';
import { deploymentState } from '../../../runbooks/commands/deployment-state.ts';
import { diskIo } from '../../../runbooks/commands/disk-io.ts';
import { diskUsage } from '../../../runbooks/commands/disk-usage.ts';
import { dockerDisk } from '../../../runbooks/commands/docker-disk.ts';
import { dockerUsage } from '../../../runbooks/commands/docker-usage.ts';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { endIdleSessions } from '../../../runbooks/commands/end-idle-sessions.ts';
import { externalServices } from '../../../runbooks/commands/external-services.ts';
import { failingRequests } from '../../../runbooks/commands/failing-requests.ts';
import { hostReadiness } from '../../../runbooks/commands/host-readiness.ts';
import { hostResources } from '../../../runbooks/commands/host-resources.ts';
import { httpStatuses } from '../../../runbooks/commands/http-statuses.ts';
import { installCertificate } from '../../../runbooks/commands/install-certificate.ts';
import { keyedService } from '../../../runbooks/commands/keyed-service.ts';
import { largestFolders } from '../../../runbooks/commands/largest-folders.ts';
import { logErrors } from '../../../runbooks/commands/log-errors.ts';
import { memorySamples } from '../../../runbooks/commands/memory-samples.ts';
import { memoryUsage } from '../../../runbooks/commands/memory-usage.ts';
import { oldBackups } from '../../../runbooks/commands/old-backups.ts';
import { oldLogs } from '../../../runbooks/commands/old-logs.ts';
import { recentBackups } from '../../../runbooks/commands/recent-backups.ts';
import { recommendationLog } from '../../../runbooks/commands/recommendation-log.ts';
import { removeBuildCache } from '../../../runbooks/commands/remove-build-cache.ts';
import { removeDockerLeftovers } from '../../../runbooks/commands/remove-docker-leftovers.ts';
import { removeImages } from '../../../runbooks/commands/remove-images.ts';
import { renewCertificate } from '../../../runbooks/commands/renew-certificate.ts';
import { renewCertificateStandalone } from '../../../runbooks/commands/renew-certificate-standalone.ts';
import { restartAllServices } from '../../../runbooks/commands/restart-all-services.ts';
import { restartServices } from '../../../runbooks/commands/restart-services.ts';
import { restoreDatabase } from '../../../runbooks/commands/restore-database.ts';
import { restoreTestState } from '../../../runbooks/commands/restore-test-state.ts';
import { restoreWorkers } from '../../../runbooks/commands/restore-workers.ts';
import { rotatedContainerLogs } from '../../../runbooks/commands/rotated-container-logs.ts';
import { runBackup } from '../../../runbooks/commands/run-backup.ts';
import { serviceStatus } from '../../../runbooks/commands/service-status.ts';
import { statusPages } from '../../../runbooks/commands/status-pages.ts';
import { testRestore } from '../../../runbooks/commands/test-restore.ts';
import { workerState } from '../../../runbooks/commands/worker-state.ts';
import type { HostCall } from '../../../runbooks/language/command.ts';
import { placeOf, stateOf, stoppingOf } from '../../../runbooks/sira/certificate.ts';
import { environment, send } from './commands.ts';
import { openStage, type Stage, settings } from './stage.ts';

const { composeFile, composeProject, projectDir, containers, database, backups } = settings;
const stack = { composeFile, composeProject, projectDir };
const logs = { olderThanDays: 7, folders: settings.logFolders, mount: '/' };
const asked = { container: containers.db, user: database.user, database: database.name };
const owned = { ...asked, role: database.applicationRole };
const sessions = { ...asked, role: database.applicationRole, idleSeconds: 600 };
const kept = { folder: backups.folder, prefix: backups.prefix, keepDays: 7, keepNewest: 3 };

/** Every command, as the SIRA runbooks would send it to a healthy host. */
const CALLS: HostCall<unknown>[] = [
  applicationLog({ container: containers.backend, file: settings.applicationLog, outside: ['mistral'] }),
  bringNginxBack(stoppingOf(settings)),
  certificateState(stateOf(settings)),
  containerLogs({ containers: Object.values(containers), tail: 100 }),
  abandonRestore(asked),
  databaseBackups({ folder: backups.folder, prefix: backups.prefix, backup: 'latest' }),
  databaseConnectionLog({ container: containers.backend }),
  databaseContents(owned),
  databaseDisk({ container: containers.db }),
  databaseSessions(sessions),
  databaseState(asked),
  deleteOldLogs(logs),
  deleteRotatedContainerLogs({}),
  deletedOpenFiles({}),
  deploymentState(stack),
  diskUsage({}),
  dockerUsage(stack),
  endIdleSessions(sessions),
  externalServices({ urls: Object.values(settings.externalServices) }),
  failingRequests({ container: containers.nginx }),
  hostReadiness({ tools: ['docker', 'iostat'], paths: [projectDir, backups.folder], ...stack }),
  hostResources({}),
  httpStatuses({ container: containers.nginx, tail: 1_000 }),
  keyedService({
    url: settings.vectorIndex,
    keyParameter: settings.externalKeys.pinecone,
    scheme: 'api-key',
  }),
  installCertificate(placeOf(settings)),
  largestFolders({ mount: '/' }),
  logErrors({ container: containers.backend, outside: ['mistral', 'pinecone'] }),
  oldBackups(kept),
  oldLogs(logs),
  removeBuildCache({ ids: ['5e1ecee06a7fc06f305ae5c12'] }),
  removeDockerLeftovers({ containers: [], images: [], volumes: ['sira_redis_data'] }),
  removeImages({ ids: ['bc3e1885ede6508948ab282a941c0e59480a4416c3e5373707e224026ff76453'] }),
  renewCertificate(placeOf(settings)),
  renewCertificateStandalone(stoppingOf(settings)),
  restartAllServices(stack),
  restartServices({ services: ['backend'], ...stack }),
  recommendationLog({ container: containers.backend, outside: ['mistral', 'pinecone'] }),
  rotatedContainerLogs({}),
  serviceStatus(stack),
  dockerDisk({}),
  recentBackups(backups),
  restoreTestState({ container: containers.db }),
  runBackup({ ...backups, container: containers.backend, lastBytes: 2 * 1024 * 1024 }),
  testRestore({ ...asked, folder: backups.folder, name: 'sira_2026-10-04.sql.gz', memoryMb: 256 }),
  statusPages({ urls: Object.values(settings.statusPages) }),
  activeQueries({ ...owned, overSeconds: 5 }),
  answerTimes({ url: settings.urls.api, samples: 3 }),
  diskIo({}),
  memorySamples({ containers: Object.values(containers), samples: 3, everySeconds: 5 }),
  memoryUsage({ composeProject }),
  workerState({ service: settings.services.backend, ...stack }),
  addWorkers({ service: settings.services.backend, workers: 6, ...stack }),
  restoreWorkers({ service: settings.services.backend, ...stack }),
  // Nothing of this pid runs: that is told, and no error.
  cancelQueries({ ...owned, queries: ['4711:1:1'] }),
];

/** The first refuses what is not past its retention, the second wants an archive of just this size: they have stories of their own below. */
const NEEDS_A_FAULT = ['delete-backups', 'restore-database'];

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(async () => {
  expect(stage.unknown).toEqual([]);
  await stage.close();
});

describe('on a healthy host', () => {
  it('every script of a host command has its turn here', () => {
    const scripts = readdirSync(new URL('../../../runbooks/commands', import.meta.url)).filter((name) => name.endsWith('.sh'));
    const names = CALLS.map(({ command }) => `${command.name}.sh`);
    expect([...names, ...NEEDS_A_FAULT.map((name) => `${name}.sh`), 'wrapper.sh'].sort()).toEqual(scripts.sort());
  });

  it.each(CALLS.map((call) => [call.command.name, call] as const))('%s runs and tells its facts', async (_, call) => {
    await send(stage, call);
  });
});

describe('what fills a disk', () => {
  it('old backups go by name, and those that are needed stay', async () => {
    stage.simulation.switchOn('disk-full-logs');
    const found = await send(stage, oldBackups(kept));
    expect(found.valid).toEqual(['sira_2026-10-04.sql.gz', 'sira_2026-10-03.sql.gz', 'sira_2026-10-02.sql.gz']);
    const names = found.deletable.map(({ name }) => name);
    expect(names).toHaveLength(12);
    expect(await send(stage, deleteBackups({ ...kept, names }))).toMatchObject({ deleted: 12 });
    expect((await send(stage, oldBackups(kept))).deletable).toEqual([]);
    await expect(send(stage, deleteBackups({ ...kept, names: ['sira_2026-10-04.sql.gz'] }))).rejects.toThrow('Refused');
  });

  it('container logs that were rotated away are found and deleted', async () => {
    stage.simulation.switchOn('disk-full-logs');
    expect(await send(stage, rotatedContainerLogs({}))).toMatchObject({ files: 4, mount: '/' });
    await send(stage, deleteRotatedContainerLogs({}));
    expect(await send(stage, rotatedContainerLogs({}))).toMatchObject({ files: 0 });
  });

  it('images and build cache go; what no registry has stays', async () => {
    stage.simulation.switchOn('disk-full-images');
    const found = await send(stage, dockerUsage(stack));
    expect(found.leftImages).toMatchObject([{ names: ['sira/migration-tool:local'], why: 'not pullable' }]);
    expect(found.images).toHaveLength(10);
    expect(found.buildCache).toHaveLength(7);
    expect(await send(stage, removeImages({ ids: found.images.map(({ id }) => id) }))).toMatchObject({ kept: [] });
    const cache = await send(stage, removeBuildCache({ ids: found.buildCache.map(({ id }) => id) }));
    expect(cache).toMatchObject({ removed: 7, kept: [] });
    expect(cache.freedMb).toBeCloseTo(6 * 1024 + 210, -1);
    expect(stage.simulation.measure().filter(({ firing }) => firing)).toEqual([]);
  });

  it('volumes go only by the destructive command, and never the database’s', async () => {
    stage.simulation.switchOn('disk-full-volumes');
    const found = await send(stage, dockerUsage(stack));
    expect(found.allRunning).toBe(true);
    expect(found.volumes).toHaveLength(5);
    expect(found.volumes.filter(({ anonymous }) => anonymous)).toHaveLength(1);
    const volumes = [...found.volumes.map(({ name }) => name), 'sira_db_data'];
    const { removed, kept: stayed } = await send(stage, removeDockerLeftovers({ containers: [], images: [], volumes }));
    expect(removed).toHaveLength(5);
    expect(stayed).toMatchObject([{ id: 'sira_db_data' }]);
    expect(stage.simulation.measure().filter(({ firing }) => firing)).toEqual([]);
  });

  it('a deleted file that is still open is found with its process', async () => {
    stage.simulation.switchOn('disk-full-held');
    const { files, totalMb } = await send(stage, deletedOpenFiles({}));
    expect(files).toMatchObject([{ process: 'uvicorn', path: '/srv/sira/logs/backend/debug.log', mb: 20 * 1024 }]);
    expect(totalMb).toBe(20 * 1024);
  });

  it('the largest folders are named as on the host', async () => {
    stage.simulation.switchOn('disk-full-volumes');
    const { folders } = await send(stage, largestFolders({ mount: '/' }));
    expect(folders.map(({ path }) => path).filter((path) => path.startsWith('/var/lib/docker/volumes')).length).toBeGreaterThan(
      2,
    );
  });
});

describe('an act', () => {
  const call = restartServices({ services: ['backend'], ...stack });
  const starts = async () =>
    (await stage.run('docker logs sira_backend_prod 2>&1 | grep -c "Started parent process"')).stdout.trim();

  it('is done once for its key, however often and whenever it is delivered', async () => {
    const before = Number(await starts());
    const deliver = () => stage.run(scriptOf(call.command), environment(stage, call, 'the-step'));
    const [first, second] = await Promise.all([deliver(), deliver()]);
    expect(second.stdout).toBe(first.stdout);
    stage.clock.leap(30_000);
    await stage.reopen();
    expect(await deliver()).toEqual(first);
    expect(Number(await starts())).toBe(before + 1);
  });

  it('that comes too late does nothing', async () => {
    const before = await starts();
    const late = environment(stage, call, 'late');
    stage.clock.leap(120_000);
    expect((await stage.run(scriptOf(call.command), late)).exitCode).toBe(76);
    expect(await starts()).toBe(before);
  });
});

describe('a restore', () => {
  const restore = async (backup: string) => {
    const { chosen } = await send(stage, databaseBackups({ folder: backups.folder, prefix: backups.prefix, backup }));
    return send(
      stage,
      restoreDatabase({ ...owned, folder: backups.folder, backup: chosen?.name ?? '', bytes: chosen?.bytes ?? 0, roomMb: 100 }),
    );
  };
  const contents = () => send(stage, databaseContents(owned));

  it('puts the backup in the place of the database, and keeps what was there', async () => {
    const before = await contents();
    expect(before).toMatchObject({ there: true, open: true, rows: 112, restored: null, kept: [], leftover: false });
    const { rows, tables, kept: old } = await restore('latest');
    expect([rows, tables]).toEqual([107, 3]);
    const after = await contents();
    expect(after).toMatchObject({ open: true, rows: 107, restored: { from: 'sira_2026-10-04.sql.gz' }, leftover: false });
    expect(after.kept).toMatchObject([{ name: old, ageDays: 0 }]);
    expect(stage.simulation.answer('/health').status).toBe(200);
  });

  it('leaves everything as it was when a statement fails, and when the archive is another one', async () => {
    stage.simulation.switchOn('backup-failing');
    await expect(restore('latest')).rejects.toThrow('Nothing was changed, sira is what it was: a statement of');
    const call = restoreDatabase({ ...owned, folder: backups.folder, backup: 'sira_2026-10-04.sql.gz', bytes: 3, roomMb: 1 });
    await expect(send(stage, call)).rejects.toThrow('not the 3 that were looked at');
    expect(await contents()).toMatchObject({ open: true, rows: 112, restored: null, kept: [], leftover: false });
  });

  it('that was cut off is cleared away, and the next one clears it away, too', async () => {
    const psql = 'docker exec -i sira_db_prod psql -X -q -At -U postgres -d postgres -v n=sira -v r=sira_firebreak_restore -f -';
    const make = `SELECT format('CREATE DATABASE %I', 'sira_firebreak_restore') \\gexec`;
    const cutOff = () => stage.run(`printf '%s\n' "${make}" 'ALTER DATABASE :"n" ALLOW_CONNECTIONS false;' | ${psql}`);
    await cutOff();
    expect(await contents()).toMatchObject({ there: true, open: false, leftover: true });
    expect(stage.simulation.answer('/health').status).toBe(503);
    expect(await send(stage, abandonRestore(asked))).toEqual({ there: true, opened: true, removed: true });
    expect(await contents()).toMatchObject({ open: true, rows: 112, leftover: false });
    await cutOff();
    expect(await restore('latest')).toMatchObject({ rows: 107 });
    expect(await contents()).toMatchObject({ open: true, rows: 107, leftover: false });
  });
});
