import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const root = () => join(stage.folder, 'hosts/sira-prod-1/root');

describe('a script on a simulated host', () => {
  it('sees the host’s files under the host’s paths', async () => {
    const { stdout } = await stage.run(
      'cd /srv/sira && pwd && ls && [ -f /srv/sira/docker-compose.prod.yml ] && test -d /backups && echo found',
    );
    expect(stdout).toBe('/srv/sira\ndocker-compose.prod.yml\nlogs\nnginx\nfound\n');
  });

  it('reads ages off the simulated clock', async () => {
    const script =
      'date -u +%F; date -d "7 days ago" +%F; date +%s; find /backups -name "*.gz" -mtime +4; find /backups -mmin -70 -type f; touch /tmp/now; date -r /tmp/now +%F';
    const { stdout } = await stage.run(script);
    const days = '/backups/sira_2026-09-28.sql.gz\n/backups/sira_2026-09-29.sql.gz\n';
    const lines = stdout.split('\n');
    expect(lines.slice(0, 3)).toEqual(['2026-10-04', '2026-09-27', String(Date.parse('2026-10-04T03:14:00Z') / 1_000)]);
    expect(lines.slice(3, 5).sort().join('\n')).toBe(days.trim());
    expect(lines.slice(5)).toEqual(['/backups/sira_2026-10-04.sql.gz', '2026-10-04', '']);
  });

  it('gets nothing of this process’ environment, and only the tools of the host', async () => {
    const { stdout } = await stage.run(
      'env | cut -d= -f1 | sort | tr "\\n" " "; command -v python3 || echo no python; echo "$SSM_word"',
      {
        SSM_word: 'a $(b) "c"',
      },
    );
    expect(stdout).toBe(
      'BASH_ENV FIREBREAK_STATE HOME LC_ALL OLDPWD PATH PWD SHLVL SSM_word TMPDIR TZ _ no python\na $(b) "c"\n'.replace(
        'OLDPWD ',
        '',
      ),
    );
  });

  it('keeps arguments whole on their way to the simulation', async () => {
    const { stdout } = await stage.run(
      "docker inspect --format $'ä \\t{{.Name}}\\n\\x01 \"q\"' sira_db_prod; docker inspect --format '' sira_db_prod",
    );
    expect(stdout).toBe('ä \t/sira_db_prod\n\x01 "q"\n\n');
  });

  it('runs with a sleep that takes no time here', async () => {
    const before = stage.clock.now().getTime();
    await stage.run('sleep 90; sleep 1m');
    expect(stage.clock.now().getTime() - before).toBe(150_000);
  });
});

describe('the sandbox', () => {
  const outside = () => join(stage.folder, '..', 'outside.txt');
  beforeAll(() => writeFileSync(outside(), 'not of the host'));

  it.each([
    'cat "$SSM_outside"',
    'cat ../../../../outside.txt',
    'cd / && cat ../../../../outside.txt',
    'cat /srv/../../../../../outside.txt',
    'head -c 3 < <(cat /srv/sira/../../../../../../outside.txt)',
    'find "$SSM_outside" -delete',
    'find .. ../.. ../../.. -name outside.txt',
    'rm -f -- ../../../../outside.txt "$SSM_outside"',
    'ln -s ../../../../outside.txt /tmp/link; cat /tmp/link',
    'ln -s / /tmp/up; cat "/tmp/up/../../../../outside.txt"',
    'cp -- "$SSM_outside" /tmp/copied',
    'grep -r "not of" "$SSM_outside"',
    'grep -f../../../../outside.txt /srv/sira/docker-compose.prod.yml',
    'awk "{ print }" "$SSM_outside"',
    'sed "r $SSM_outside" /srv/sira/docker-compose.prod.yml',
    'sort --files0-from="$SSM_outside"',
    'truncate -s 0 "$SSM_outside"',
    'mv "$SSM_outside" /tmp/moved',
    'cat /tmp/planted',
    'cat /tmp/folder/outside.txt',
    'du --files0-from="$SSM_outside"',
    'sh -c "cat $SSM_outside"',
    'printf "%s\\0" "$SSM_outside" | xargs -0 cat',
    'timeout 5 cat "$SSM_outside"',
    'cd "$SSM_folder" && cat outside.txt',
  ])('lets nothing out: %s', async (script) => {
    if (!existsSync(join(root(), 'tmp/planted'))) {
      symlinkSync(outside(), join(root(), 'tmp/planted'));
      symlinkSync(join(outside(), '..'), join(root(), 'tmp/folder'));
    }
    const { stdout } = await stage.run(script, { SSM_outside: outside(), SSM_folder: join(stage.folder, '..') });
    expect(stdout).not.toContain('not');
    expect(stdout).not.toContain('outside.txt');
    expect(readFileSync(outside(), 'utf8')).toBe('not of the host');
  });

  it('never shows where it lies on this machine', async () => {
    const { stdout, stderr } = await stage.run(
      'ls /nowhere; find / -maxdepth 1; readlink -f /srv; realpath /backups; cd /srv && du -s .; stat -c %n /srv',
    );
    expect(stdout + stderr).not.toContain('firebreak-');
    expect(stderr).toContain("'/nowhere'");
  });
});

describe('a run', () => {
  it('is killed whole when it is cancelled', async () => {
    const stop = new AbortController();
    const marker = join(root(), 'tmp/began');
    const running = stage.run(
      '(touch /tmp/began; while :; do :; done) & timeout 600 bash -c "while :; do :; done" & wait',
      {},
      stop.signal,
    );
    while (!existsSync(marker)) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    // The result comes only when nobody holds the output open any more: nothing of it is left.
    expect((await running).exitCode).toBe(137);
  });

  it('does not disturb another at the same time', async () => {
    const scripts = Array.from({ length: 6 }, (_, n) =>
      stage.run(`for i in 1 2 3; do docker ps -q | wc -l; done; echo ${n}; cat /srv/sira/docker-compose.prod.yml | wc -l`),
    );
    const results = await Promise.all(scripts);
    const [first] = results;
    for (const [n, { stdout, exitCode }] of results.entries()) {
      expect(exitCode).toBe(0);
      expect(stdout).toBe(first?.stdout.replace('\n0\n', `\n${n}\n`));
    }
  });

  it('ends with the script’s own exit code and output', async () => {
    expect(await stage.run('echo out; echo err >&2; exit 7')).toEqual({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
  });
});

it('hangs up on a caller who has not the host’s token', async () => {
  const shim = readFileSync(join(stage.folder, 'hosts/sira-prod-1/bin/docker'), 'utf8');
  const port = Number(/FB_PORT='(\d+)'/.exec(shim)?.[1]);
  const answer = await new Promise<string>((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`${'0'.repeat(48)} 2\n1\n/6\ndocker`));
    socket.on('data', (chunk) => {
      received += chunk.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
  expect(answer).toBe('');
});
