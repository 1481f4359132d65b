import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { containerLogs } from '../../../runbooks/commands/container-logs.ts';
import { databaseState } from '../../../runbooks/commands/database-state.ts';
import { deleteOldLogs } from '../../../runbooks/commands/delete-old-logs.ts';
import { deploymentState } from '../../../runbooks/commands/deployment-state.ts';
import { diskUsage } from '../../../runbooks/commands/disk-usage.ts';
import { httpStatuses } from '../../../runbooks/commands/http-statuses.ts';
import { restartServices } from '../../../runbooks/commands/restart-services.ts';
import { serviceStatus } from '../../../runbooks/commands/service-status.ts';
import { send } from './commands.ts';
import { host, openStage, type Stage, settings } from './stage.ts';

const { composeFile, composeProject, projectDir } = settings;
const stack = { composeFile, composeProject, projectDir };
const MINUTE = 60_000;

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(async () => {
  expect(stage.unknown).toEqual([]);
  await stage.close();
});

const firing = () =>
  stage.simulation
    .measure()
    .filter((one) => one.firing)
    .map((one) => one.alert);
const restart = (...services: string[]) => send(stage, restartServices({ services, ...stack }));
const backend = async () => {
  const { containers } = await send(stage, serviceStatus(stack));
  return containers.find(({ service }) => service === 'backend');
};
const freePercent = async () => (await send(stage, diskUsage({}))).filesystems.find(({ mount }) => mount === '/')?.freePercent;

describe('a healthy host', () => {
  it('answers, raises nothing, and is a little under half full', async () => {
    expect(stage.simulation.answer('/health')).toEqual({ status: 200, body: '{"status":"healthy"}' });
    expect(stage.simulation.answer('/').status).toBe(200);
    expect(firing()).toEqual([]);
    expect(await freePercent()).toBeGreaterThan(50);
    expect(await freePercent()).toBeLessThan(60);
    expect(await backend()).toMatchObject({ state: 'running', health: 'healthy' });
    expect(await send(stage, deploymentState(stack))).toMatchObject({
      underWay: false,
      endedSecondsAgo: null,
      configChanged: [],
    });
  });
});

describe('backend-down', () => {
  it('is found exited with 137 some minutes ago, and a restart brings it back after some seconds', async () => {
    stage.simulation.switchOn('backend-down');
    expect(stage.simulation.answer('/health').status).toBe(502);
    expect(stage.simulation.answer('/').status).toBe(200);
    expect(firing()).toEqual(['APIDown']);
    expect(await backend()).toMatchObject({ state: 'exited', exitCode: 137, oomKilled: true, finishedSecondsAgo: 360 });
    const statuses = await send(stage, httpStatuses({ container: settings.containers.nginx, tail: 100 }));
    expect(statuses.status5xx).toBe(100);

    expect(await restart('backend')).toMatchObject({ restarted: ['backend'], failed: [] });
    expect(stage.simulation.answer('/health').status).toBe(502);
    expect((await backend())?.health).toBe('starting');
    stage.clock.leap(5_000);
    expect(stage.simulation.answer('/health').status).toBe(200);
    expect(firing()).toEqual([]);
    expect(await backend()).toMatchObject({ state: 'running', health: 'healthy' });
  });
});

describe('backend-broken', () => {
  it('ends again after each start, and its log says why', async () => {
    stage.simulation.switchOn('backend-broken');
    expect(firing()).toEqual(['APIDown']);
    await restart('backend');
    stage.clock.leap(10_000);
    expect(await backend()).toMatchObject({ state: 'exited', exitCode: 1, finishedSecondsAgo: 7 });
    expect(stage.simulation.answer('/health').status).toBe(502);
    const { logs } = await send(stage, containerLogs({ containers: [settings.containers.backend], tail: 50 }));
    expect(logs[0]?.lastLine).toContain('wrong configuration');
    stage.simulation.switchOff('backend-broken');
    stage.clock.leap(10_000);
    expect(stage.simulation.answer('/health').status).toBe(200);
  });
});

describe('nginx-down', () => {
  it('leaves nobody to answer until nginx is restarted', async () => {
    stage.simulation.switchOn('nginx-down');
    expect(stage.simulation.answer('/health').status).toBe(0);
    expect(stage.simulation.answer('/').status).toBe(0);
    await restart('nginx');
    stage.clock.leap(2_000);
    expect(stage.simulation.answer('/health').status).toBe(200);
  });
});

describe('high-error-rate', () => {
  it('shows in nginx’ log and in the backend’s, and a restart ends it', async () => {
    stage.simulation.switchOn('high-error-rate');
    expect(firing()).toEqual(['HighErrorRate']);
    expect(stage.simulation.answer('/health').status).toBe(200);
    const { logs } = await send(stage, containerLogs({ containers: [settings.containers.backend], tail: 50 }));
    expect(logs[0]?.stackTraces.join()).toContain('QueuePool limit');
    await restart('backend');
    stage.clock.leap(3 * MINUTE);
    expect(firing()).toEqual([]);
  });
});

describe('disk-full-logs', () => {
  const old = { olderThanDays: 7, folders: settings.logFolders, mount: '/' };

  it('holds 18 GiB of old logs; deleting them is enough, and younger ones stay', async () => {
    stage.simulation.switchOn('disk-full-logs');
    expect(firing()).toEqual(['DiskSpaceLow']);
    expect(await freePercent()).toBeLessThan(10);
    const { freedMb, deleted } = await send(stage, deleteOldLogs(old));
    expect(freedMb).toBeCloseTo(18 * 1024, 0);
    expect(deleted).toBe(60);
    expect(firing()).toEqual([]);
    expect(await freePercent()).toBeGreaterThan(45);
    const { stdout } = await stage.run('find /srv/sira/logs -name "burst-*" | wc -l; ls /backups | wc -l');
    expect(stdout).toBe('2\n19\n');
    stage.simulation.switchOff('disk-full-logs');
    expect((await stage.run('find /srv/sira/logs -name "burst-*" | wc -l; ls /backups | wc -l')).stdout).toBe('0\n7\n');
  });
});

describe('disk-full-images', () => {
  it('is held by unused images and build cache; one image can’t be pulled again', async () => {
    stage.simulation.switchOn('disk-full-images');
    expect(firing()).toEqual(['DiskSpaceLow']);
    expect(await freePercent()).toBeLessThan(10);
    const { stdout } = await stage.run(`docker image ls -q --no-trunc | while read -r id; do
      docker image inspect --format '{{.Id}} {{len .RepoDigests}}' "$id"; done | awk '$2 > 0 { print $1 }' | xargs docker image rm 2>&1
      docker system df -v --format '{{range .BuildCache}}{{.ID}} {{end}}' | xargs -n 1 sh -c 'docker builder prune --force --filter "id=$0"'
      docker image ls --format '{{.Repository}}:{{.Tag}}'`);
    expect(stdout).toContain('is being used by running container');
    expect(stdout.trim().split('\n').slice(-5).sort().join(' ')).toBe(
      'nginx:1.27-alpine postgres:16-alpine registry.yourdomain.com/sira/backend:1.14.2 registry.yourdomain.com/sira/frontend:1.14.2 sira/migration-tool:local',
    );
    expect(firing()).toEqual([]);
    expect(await freePercent()).toBeGreaterThan(45);
  });
});

describe('disk-full-volumes', () => {
  it('is held by volumes that nothing uses; the database’s own can’t be removed', async () => {
    stage.simulation.switchOn('disk-full-volumes');
    expect(firing()).toEqual(['DiskSpaceLow']);
    const { stdout, stderr } = await stage.run('docker volume rm sira_db_data; docker volume ls -q --filter dangling=true');
    expect(stderr).toContain('volume is in use');
    expect(stdout.trim().split('\n')).toHaveLength(5);
    await stage.run('docker volume ls -q --filter dangling=true | xargs docker volume rm');
    expect(firing()).toEqual([]);
    expect((await stage.run('docker volume ls -q')).stdout).toBe('sira_db_data\n');
  });
});

describe('disk-full-held', () => {
  it('is a deleted file that only /proc shows, until the backend is restarted', async () => {
    stage.simulation.switchOn('disk-full-held');
    expect(firing()).toEqual(['DiskSpaceLow']);
    const look = `find -L /proc -path '*/fd/*' -size +1G -printf '%s\\n'; find /proc -lname '*(deleted)' -printf '%l\\n'; find / -type f -size +10G`;
    expect((await stage.run(look)).stdout).toBe(`${20 * 1024 ** 3}\n/srv/sira/logs/backend/debug.log (deleted)\n`);
    await restart('backend');
    stage.clock.leap(5_000);
    expect(firing()).toEqual([]);
    expect((await stage.run(look)).stdout).toBe('');
  });
});

describe('host-unreachable', () => {
  it('runs nothing until it is over, and gives up with the signal', async () => {
    stage.simulation.switchOn('host-unreachable');
    expect(stage.simulation.fleet.instances()).toMatchObject([{ instanceId: host.instanceId, pingStatus: 'ConnectionLost' }]);
    expect(stage.simulation.answer('/health').status).toBe(0);
    expect(firing()).toEqual(['APIDown']);
    const stop = new AbortController();
    const given = stage.run('echo ran', {}, stop.signal);
    stop.abort();
    await expect(given).rejects.toThrow("sira-prod-1 can't be reached");
    const waiting = stage.run('echo ran');
    stage.simulation.switchOff('host-unreachable');
    expect((await waiting).stdout).toBe('ran\n');
    expect(stage.simulation.fleet.instances()).toMatchObject([{ pingStatus: 'Online' }]);
  });
});

describe('deploy-running', () => {
  it('raises nothing, and shows as a marker and a changed configuration', async () => {
    stage.simulation.switchOn('deploy-running');
    expect(firing()).toEqual([]);
    expect(await send(stage, deploymentState(stack))).toMatchObject({ underWay: true, configChanged: ['backend'] });
    stage.simulation.switchOff('deploy-running');
    expect(await send(stage, deploymentState(stack))).toMatchObject({ underWay: false, configChanged: [] });
  });

  it('is seen as just ended after Compose brought the new configuration up', async () => {
    stage.simulation.switchOn('deploy-running');
    await stage.run('cd /srv/sira && rm .deploying && docker compose -f docker-compose.prod.yml up -d backend');
    stage.clock.leap(MINUTE);
    expect(await send(stage, deploymentState(stack))).toMatchObject({ underWay: false, endedSecondsAgo: 60 });
    expect(stage.simulation.answer('/health').status).toBe(200);
  });
});

describe('the database', () => {
  it('takes the backend with it when it stops', async () => {
    await stage.run('docker stop sira_db_prod');
    expect(stage.simulation.answer('/health').status).toBe(503);
    const call = databaseState({
      container: settings.containers.db,
      user: settings.database.user,
      database: settings.database.name,
    });
    expect(await send(stage, call)).toMatchObject({ state: 'exited', accepting: 'unknown' });
    await restart('db');
    stage.clock.leap(3_000);
    expect(await send(stage, call)).toMatchObject({ accepting: 'accepting', connections: 14, maxConnections: 100 });
    expect(stage.simulation.answer('/health').status).toBe(200);
  });
});

describe('faults', () => {
  it('are switched on and off as often as anyone likes, and leave a healthy host', async () => {
    const before = (await freePercent()) ?? 0;
    const ids = stage.simulation.faults().map(({ id }) => id);
    for (const id of [...ids, ...ids]) stage.simulation.switchOn(id);
    expect(stage.simulation.faults().every(({ on, since }) => on && since !== undefined)).toBe(true);
    for (const id of [...ids, ...ids]) stage.simulation.switchOff(id);
    stage.clock.leap(3 * MINUTE);
    expect(firing()).toEqual([]);
    expect(stage.simulation.answer('/health').status).toBe(200);
    expect(await freePercent()).toBeCloseTo(before, 0);
    expect(await send(stage, deploymentState(stack))).toMatchObject({ underWay: false });
  });

  it('that do not exist are refused by name', () => {
    expect(() => stage.simulation.switchOn('no-such-fault')).toThrow('there is no fault "no-such-fault"');
  });

  it('and what was done about them survive a restart of local mode', async () => {
    stage.simulation.switchOn('backend-broken');
    stage.simulation.switchOn('disk-full-volumes');
    await stage.run('docker volume rm sira_uploads_2025; echo kept >/dev/null; touch /srv/sira/kept');
    const [faults, measured] = [stage.simulation.faults(), stage.simulation.measure()];
    await stage.reopen();
    expect(stage.simulation.faults()).toEqual(faults);
    expect(stage.simulation.measure()).toEqual(measured);
    expect(
      (
        await stage.run(
          'ls /srv/sira/kept; docker volume ls -q | grep -c uploads; docker inspect --format "{{.State.ExitCode}}" sira_backend_prod',
        )
      ).stdout,
    ).toBe('/srv/sira/kept\n0\n1\n');
  });

  it('of a clock that ran fast are not ahead of the next one', async () => {
    await stage.run('docker restart sira_backend_prod');
    stage.simulation.switchOn('disk-full-volumes');
    stage.clock.leap(-10 * 60 * MINUTE);
    await stage.reopen();
    expect(await backend()).toMatchObject({ startedSecondsAgo: 0 });
    expect(stage.simulation.faults().find(({ on }) => on)?.since).toBe(stage.clock.now().toISOString());
    stage.clock.leap(5_000);
    expect(stage.simulation.answer('/health').status).toBe(200);
  });

  it('or not, the host makes its backup every night', async () => {
    stage.clock.leap(3 * 24 * 60 * MINUTE);
    expect((await stage.run('find /backups -mtime -1')).stdout).toBe('/backups\n/backups/sira_2026-10-07.sql.gz\n');
  });
});
