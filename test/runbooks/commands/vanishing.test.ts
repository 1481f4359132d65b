import { chmodSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { deleteOldLogs } from '../../../runbooks/commands/delete-old-logs.ts';
import { dockerDisk } from '../../../runbooks/commands/docker-disk.ts';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { hostResources } from '../../../runbooks/commands/host-resources.ts';
import { memorySamples } from '../../../runbooks/commands/memory-samples.ts';
import { oldLogs } from '../../../runbooks/commands/old-logs.ts';
import { removeDockerLeftovers } from '../../../runbooks/commands/remove-docker-leftovers.ts';
import { removeImages } from '../../../runbooks/commands/remove-images.ts';
import { rotatedContainerLogs } from '../../../runbooks/commands/rotated-container-logs.ts';
import { testRestore } from '../../../runbooks/commands/test-restore.ts';
import { type HostCall, parameterText } from '../../../runbooks/language/command.ts';
import { runScript, temporaryFolder, variables } from './run-command.ts';

/** A host is at work while it is looked at: what was listed may be gone before it is asked about, and Docker may be busy. */

/** A tool's answers, one for each time that it is asked: what it prints and how it ends. The last one stands for all that follow. */
type Answers = string[];

/** Runs a command where these tools answer in turns. @param tools by the words that a call begins with, such as `docker ps` */
async function run<F>(call: HostCall<F>, tools: Record<string, Answers>) {
  const folder = temporaryFolder();
  // Nobody waits here, unless it is said.
  for (const [words, answers] of Object.entries({ sleep: [':'], ...tools })) {
    const place = placeOf(folder, words);
    mkdirSync(place, { recursive: true });
    for (const [n, answer] of answers.entries()) writeFileSync(join(place, String(n + 1)), answer);
  }
  for (const tool of new Set(['sleep', ...Object.keys(tools)].map((words) => words.split(' ')[0] ?? ''))) {
    writeFileSync(join(folder, tool), answering(folder, tool));
    chmodSync(join(folder, tool), 0o755);
  }
  const texts = Object.entries(call.parameters).map(([name, value]) => [name, parameterText(value)] as const);
  const environment = { ...variables(Object.fromEntries(texts)), PATH: `${folder}:${process.env.PATH}` };
  const ended = await runScript(scriptOf(call.command), environment).ended;
  const asked = (words: string) => {
    const file = join(placeOf(folder, words), 'asked');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  return { ...ended, asked, facts: () => call.command.facts.parse(ended.facts()) };
}

const placeOf = (folder: string, words: string) => join(folder, 'answers', words.replaceAll(' ', '-'));

/** Finds the longest beginning of its own call that has answers, and plays the next of them. */
const answering = (folder: string, tool: string) => `#!/bin/bash
for ((n = $#; n >= 0; n--)); do
  words=("${tool}" "\${@:1:n}") place='${folder}/answers'/$(IFS=-; printf '%s' "\${words[*]}")
  if [[ -d $place ]]; then break; fi
done
[[ -d $place ]] || { printf '%s\\n' "nobody expected: ${tool} $*" >&2; exit 99; }
printf '%s\\n' "$*" >>"$place/asked"
n=$(wc -l <"$place/asked")
while [[ ! -e $place/$n ]]; do n=$((n - 1)); done
. "$place/$n"
`;

const prints = (...lines: string[]) => `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}`;
const fails = (why: string, printed = ':') => `${printed}; printf '%s\\n' '${why}' >&2; exit 1`;
const [one, two] = ['1'.repeat(64), '2'.repeat(64)];
const image = (digit: string) => `sha256:${digit.repeat(64)}`;
const BUSY = fails('Error response from daemon: a disk usage operation is already running');

describe('a container that is removed after it was listed', () => {
  const containers = {
    'docker ps': [prints(one, two), prints(one)],
    'docker inspect': [fails(`Error: No such object: ${two}`, prints(image('a'))), prints(image('a'))],
    'docker image inspect': [prints(`${image('b')}|2097152|["old:1"]`)],
    'docker image rm': [prints('Untagged: old:1')],
  };
  test('keeps no image from being removed', async () => {
    const { facts, asked } = await run(removeImages({ ids: [image('b')] }), containers);
    expect(facts()).toEqual({ removed: [image('b')], kept: [], freedMb: 2 });
    expect(asked('docker ps')).toHaveLength(2);
  });

  test('and one that Docker never tells of keeps all of them', async () => {
    const { status, stderr, asked } = await run(removeImages({ ids: [image('b')] }), {
      ...containers,
      'docker ps': [prints(one, two)],
      'docker inspect': [fails(`Error: No such object: ${two}`)],
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining('Docker lists containers that it can not tell of.')]);
    expect(asked('docker image rm')).toEqual([]);
  });

  test('is no reason to say that Docker does not answer when memory is measured', async () => {
    const usage = {
      'docker stats': [fails('Error response from daemon: No such container: 222222222222'), prints('sira|1.5%|20.0%')],
    };
    expect((await run(hostResources({}), usage)).facts()).toMatchObject({
      dockerLive: true,
      containers: [{ name: 'sira', cpuPercent: 1.5, memoryPercent: 20 }],
    });
    const samples = memorySamples({ containers: ['sira'], samples: 3, everySeconds: 1 });
    const measured = await run(samples, {
      'docker stats': [fails('timeout waiting for stats'), prints(`${one}|sira|30MiB / 1GiB`)],
      sleep: ['exec /bin/sleep "$@"'],
    });
    expect(measured.facts()).toMatchObject({ containers: [{ name: 'sira', samples: 3, firstMb: 30 }] });
  });

  test('and a Docker that never answers is still told as such', async () => {
    const { facts, asked } = await run(hostResources({}), { 'docker stats': [fails('Cannot connect to the Docker daemon')] });
    expect(facts()).toMatchObject({ dockerLive: false, containers: [] });
    expect(asked('docker stats')).toHaveLength(3);
  });
});

describe('a Docker that adds up its disk for somebody else', () => {
  const account = prints('Images|3|1|1.2GB|600MB (50%)');
  test('is asked again', async () => {
    const { facts, asked } = await run(dockerDisk({}), { 'docker system df': [BUSY, BUSY, account] });
    expect(facts()).toMatchObject({ kinds: [{ kind: 'Images', total: 3, active: 1 }] });
    expect(asked('docker system df')).toHaveLength(3);
  });

  test('is not, where it fails for another reason, which is told', async () => {
    const { status, stderr, asked } = await run(dockerDisk({}), {
      'docker system df': [fails('Cannot connect to the Docker daemon')],
    });
    expect([status, stderr]).toEqual([1, 'Cannot connect to the Docker daemon\nDocker does not answer.\n']);
    expect(asked('docker system df')).toHaveLength(1);
  });

  test('keeps no volume from being removed', async () => {
    const { facts } = await run(removeDockerLeftovers({ containers: [], images: [], volumes: ['left-over'] }), {
      'docker system df': [fails('it is out of order')],
      'docker volume rm': [prints('left-over')],
    });
    expect(facts()).toEqual({ removed: ['left-over'], kept: [], freedMb: 0 });
  });
});

describe('a log that is rotated away while logs are listed', () => {
  /** The real find, but for the first time: then something is gone before it has come to it. */
  const find = ['/usr/bin/find "$@"; printf "find: gone: No such file or directory\\n" >&2; exit 1', 'exec /usr/bin/find "$@"'];
  function logs() {
    const folder = temporaryFolder();
    for (const name of ['a.log', 'a.log.1']) {
      writeFileSync(join(folder, name), Buffer.alloc(2 ** 20));
      utimesSync(join(folder, name), 1_000_000_000, 1_000_000_000);
    }
    return folder;
  }

  test('is no reason not to count or to delete the others', async () => {
    const folder = logs();
    const df = ['printf "Filesystem\\n/dev/sda1 1 1 1 1 /\\n"'];
    const parameters = { folders: [folder], mount: '/', olderThanDays: 7 };
    // Whether it is a folder is asked first.
    const tools = { df, find: ['exec /usr/bin/find "$@"', ...find] };
    expect((await run(oldLogs(parameters), tools)).facts()).toMatchObject({ files: 2, mb: 2 });
    const deleted = await run(deleteOldLogs(parameters), tools);
    expect([deleted.status, deleted.facts()]).toEqual([0, { freedMb: 2, deleted: 2 }]);
  });

  test('nor are the folder and the disk of a container that is removed', async () => {
    const root = temporaryFolder();
    const folder = join(root, 'containers', one);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${one}-json.log.1`), Buffer.alloc(2 ** 20));
    utimesSync(join(folder, `${one}-json.log.1`), 1_000_000_000, 1_000_000_000);
    const mounts = prints('Filesystem', '/dev/sda1 1 1 1 1 /var/lib/docker');
    const tools = { find, 'docker info': [prints(root)], df: [mounts, fails('df: merged: No such file or directory', mounts)] };
    const { facts } = await run(rotatedContainerLogs({ olderThanDays: 7 }), tools);
    expect(facts()).toEqual({ files: 1, mb: 1, mount: '/var/lib/docker' });
  });
});

test('a scratch container that is on its way out is waited for', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'sira_1.sql.gz'), gzipSync('no dump'));
  const database = { container: 'sira_db', user: 'postgres', database: 'sira', folder, name: 'sira_1.sql.gz', memoryMb: 256 };
  const { stderr, asked } = await run(testRestore(database), {
    'docker inspect': [prints(image('a'))],
    'docker ps': [prints(one), prints(one), ':'],
    'docker rm': [fails(`Error response from daemon: removal of container ${one} is already in progress`)],
  });
  expect(stderr).toBe('Refused: sira_1.sql.gz is incomplete.\n');
  expect(asked('docker rm')).toHaveLength(2);
});
