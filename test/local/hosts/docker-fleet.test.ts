import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dockerFleet, memoryFolder } from '../../../local/hosts/docker-fleet.ts';
import { scriptOf } from '../../../runbooks/commands/document.ts';

const host = { name: 'here', instanceId: 'mi-0123456789abcdef0', aliases: [] };

function fleet(environment: NodeJS.ProcessEnv = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'firebreak-fleet-'));
  const made = dockerFleet({
    dataDir,
    host,
    hostTag: 'firebreak:system=sira',
    environment: { PATH: process.env.PATH, ...environment },
  });
  const run = (script: string, given: Record<string, string> = {}, signal = new AbortController().signal) =>
    made.run(host.instanceId, script, given, signal);
  return { dataDir, run, instances: made.instances };
}

it('is one host with the tag that commands ask for', () => {
  expect(fleet().instances()).toMatchObject([
    { instanceId: host.instanceId, computerName: 'here', pingStatus: 'Online', tags: { 'firebreak:system': 'sira' } },
  ]);
});

it('gives a script its parameters and nothing of this process but the way to its tools and its engine', async () => {
  const { run, dataDir } = fleet({ HOME: '/home/ada', DOCKER_HOST: 'unix:///run/d.sock', AWS_SECRET_ACCESS_KEY: 'secret' });
  const { stdout } = await run('pwd; env | sort', { SSM_services: 'backend' });
  const [cwd, ...variables] = stdout.trim().split('\n');
  const names = variables
    .map((line) => line.split('=')[0])
    .filter((name) => !['_', 'PWD', 'SHLVL', 'OLDPWD'].includes(name ?? ''));
  expect(cwd).toBe('/');
  expect(names).toEqual(['DOCKER_HOST', 'FIREBREAK_STATE', 'HOME', 'PATH', 'SSM_services']);
  expect(variables).toContain(`FIREBREAK_STATE=${dataDir}/markers`);
});

it('runs a script as a file that is gone afterwards', async () => {
  const { run, dataDir } = fleet();
  const result = await run('cat; echo "from $0"; nothing-such; exit 3');
  expect(result).toEqual({
    exitCode: 3,
    stdout: 'from script.sh\n',
    stderr: expect.stringMatching(/^script\.sh: line 1: nothing-such/),
  });
  expect(readdirSync(join(dataDir, 'scripts'))).toEqual([]);
});

it('ends everything that a script has started when it is stopped', async () => {
  const { run, dataDir } = fleet();
  const [stop, pid] = [new AbortController(), join(dataDir, 'pid')];
  // timeout(1) makes a process group of its own; the session is still the script's.
  const running = run(`timeout 100 bash -c 'echo $$ >${pid}.new; mv ${pid}.new ${pid}; sleep 100'`, {}, stop.signal);
  while (!existsSync(pid)) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  expect((await running).exitCode).toBe(137);
  expect(commandLine(readFileSync(pid, 'utf8').trim())).toBe('');
});

it('does an act once for its key, with markers of its own', async () => {
  const { run, dataDir } = fleet();
  const script = scriptOf({ name: 'count', safety: 'routine', script: `echo ran >>${dataDir}/runs; echo '{}'` });
  const given = { SSM_key: 'one', SSM_notAfter: '4102444800' };
  expect([await run(script, given), await run(script, given)].map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(readFileSync(join(dataDir, 'runs'), 'utf8')).toBe('ran\n');
  expect(readdirSync(join(dataDir, 'markers'))).toContain('one.result');
});

it('keeps markers in memory where only this user can write, for each data folder apart', () => {
  expect(memoryFolder('/a', {}, 0)).toMatch(/^\/run\/firebreak\/[0-9a-f]{12}$/);
  expect(memoryFolder('/a', {}, 0)).not.toBe(memoryFolder('/b', {}, 0));
  expect(memoryFolder('/a', { XDG_RUNTIME_DIR: '/run/user/1000' }, 1000)).toMatch(/^\/run\/user\/1000\/firebreak\//);
  expect(memoryFolder('/a', {}, 1000)).toBeUndefined();
});

/** Of a process that is over, whether it is buried yet or not: empty. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
