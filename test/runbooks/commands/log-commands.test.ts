import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applicationLog } from '../../../runbooks/commands/application-log.ts';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { failingRequests } from '../../../runbooks/commands/failing-requests.ts';
import { logErrors } from '../../../runbooks/commands/log-errors.ts';
import { type HostCall, parameterText } from '../../../runbooks/language/command.ts';
import { runScript, temporaryFolder, variables } from './run-command.ts';

/** Runs a look where `docker` prints a text, as bytes. */
async function look<F>(call: HostCall<F>, printed: string | Buffer, exitCode = 0) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'printed'), printed);
  writeFileSync(
    join(folder, 'docker'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >>'${folder}/asked'\ncat '${folder}/printed'\nexit ${exitCode}\n`,
  );
  chmodSync(join(folder, 'docker'), 0o755);
  const texts = Object.entries(call.parameters).map(([name, value]) => [name, parameterText(value)] as const);
  const environment = { ...variables(Object.fromEntries(texts)), PATH: `${folder}:${process.env.PATH}` };
  const ended = await runScript(scriptOf(call.command), environment).ended;
  const facts = () => call.command.facts.parse(ended.facts());
  return { ...ended, facts, evidence: ended.stdout.split('\n').slice(1).join('\n') };
}
const request = (line: string, status: number) =>
  `203.0.113.9 - - [27/Nov/2026:07:00:00 +0000] "${line} HTTP/1.1" ${status} 12 "-" "x"\n`;
const container = 'sira_nginx_prod';

describe('failing requests', () => {
  test('are grouped by status and endpoint, and name nobody', async () => {
    const { facts, stdout } = await look(
      failingRequests({ container }),
      request('GET /api/v1/users/4711?token=abc', 500).repeat(3) +
        request('GET /api/v1/users/4712', 500) +
        request('GET /reset/maria%40example.com', 404) +
        request('GET /files/0f8fad5b-d9cb-469f-a165-70867728950e/raw', 403) +
        request('GET /invite/AbCdEfGhIjKlMnOpQrStUvWxYz', 410) +
        request('POST /api/v1/auth/login', 401).repeat(2) +
        request('POST /api/v1/auth/login', 200) +
        'not a request\n',
    );
    expect(facts()).toEqual({
      requests: 10,
      statuses: [
        { status: 500, count: 4 },
        { status: 401, count: 2 },
        ...[200, 403, 404, 410].map((status) => ({ status, count: 1 })),
      ],
      failed: [{ endpoint: 'GET /api/v1/users/:id', status: 500, count: 4 }],
      refused: [
        { endpoint: 'POST /api/v1/auth/login', status: 401, count: 2 },
        { endpoint: 'GET /files/:id/raw', status: 403, count: 1 },
        { endpoint: 'GET /reset/:id', status: 404, count: 1 },
        { endpoint: 'GET /invite/:id', status: 410, count: 1 },
      ],
      login: { requests: 3, refused: 2 },
    });
    expect(stdout).not.toMatch(/203\.0|471|maria|0f8fad|AbCd|token/);
  });

  test('of an empty log are none, and a container that is not there is an error', async () => {
    expect((await look(failingRequests({ container }), '')).facts()).toMatchObject({ requests: 0, statuses: [], failed: [] });
    const gone = await look(failingRequests({ container }), 'Error response from daemon: No such container: x\n', 1);
    expect([gone.status, gone.stderr]).toEqual([1, expect.stringContaining('No such container')]);
  });

  test('hostile lines break nothing', async () => {
    const hostile = Buffer.concat([
      Buffer.from(request('GET /$(touch${IFS}x)/`id`/{{x}}', 500)),
      Buffer.from(request('GET /a"b\\', 500)),
      Buffer.from([0xff, 0xfe, 0x1b, 0x5b, 0x32, 0x4a, 0x0a]),
      Buffer.from(`"GET /${'x'.repeat(1_048_576)} HTTP/1.1" 500 1\n`),
      Buffer.from(request(`GET /${'%C3%28/'.repeat(60)}`, 500)),
    ]);
    const { facts, status } = await look(failingRequests({ container }), hostile);
    expect(status).toBe(0);
    expect(facts().failed.every(({ endpoint }) => endpoint.length < 250)).toBe(true);
  });
});

describe('errors of a log', () => {
  const outside = ['mistral', 'pinecone'];
  const text = [
    'INFO:     10.0.1.9:40000 - "POST /auth/login HTTP/1.1" 401 Unauthorized',
    'ERROR:    Exception in ASGI application',
    'Traceback (most recent call last):',
    '  File "/usr/lib/python3/sqlalchemy/pool.py", line 1, in error',
    'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection refused',
    "[parameters: ('maria.sommer@example.com',)]",
    'httpx.ReadTimeout: timed out: https://api.mistral.ai/v1/chat',
    'mistral answered 401: invalid api key AbCdEfGh1234567890AbCdEfGh123456',
    'pinecone: 429 Too Many Requests (error)',
    'httpx.ConnectError: connection refused by 10.1.2.3:8080',
    'jose.exceptions.JWTError: Signature verification failed for maria.sommer@example.com from 203.0.113.9',
    'pydantic.ValidationError: 1 validation error for Order 12345678',
    'ERROR: something of our own',
  ].join('\n');

  test('are told apart by kind; evidence names nobody', async () => {
    const { facts, evidence, stdout } = await look(logErrors({ container, outside }), `${text}\n`);
    expect(facts()).toEqual({
      readable: true,
      why: '',
      lines: 13,
      errors: 9,
      database: 1,
      otherServices: 1,
      authentication: 1,
      invalidInput: 1,
      outside: [
        { service: 'mistral', errors: 2, timeouts: 1, keyRefused: 1, quota: 0 },
        { service: 'pinecone', errors: 1, timeouts: 0, keyRefused: 0, quota: 1 },
      ],
      exceptions: [
        'httpx.ConnectError',
        'httpx.ReadTimeout',
        'jose.exceptions.JWTError',
        'pydantic.ValidationError',
        'sqlalchemy.exc.OperationalError',
      ].map((name) => ({ name, count: 1 })),
    });
    expect(evidence).toContain('Signature verification failed for [address] from [ip]');
    expect(evidence).toContain('invalid api key [id]');
    expect(stdout).not.toMatch(/maria|203\.0|AbCdEfGh1234|12345678/);
  });

  test('of PostgreSQL go by its own words, and its statements are not repeated', async () => {
    const { facts, stdout } = await look(
      logErrors({ container }),
      "[41] ERROR:  column \"rank\" does not exist at character 8\n[41] STATEMENT:  SELECT rank FROM a WHERE mail = 'maria@example.com'\n[42] ERROR:  deadlock detected\n[42] DETAIL:  Process 1 waits for 'maria'\n[9] LOG:  checkpoint complete\n",
    );
    expect(facts()).toMatchObject({
      ...{ errors: 2, database: 2, outside: [] },
      exceptions: [
        { name: 'ERROR:  column', count: 1 },
        { name: 'ERROR:  deadlock detected', count: 1 },
      ],
    });
    expect(stdout).not.toContain('maria');
  });

  test('say why they could not be read, which is not the same as none', async () => {
    const file = '/app/logs/app.log';
    const read = (said: string) => look(applicationLog({ container, file, outside }), said, 1);
    expect((await read(`tail: cannot open '${file}' for reading: No such file or directory`)).facts()).toMatchObject({
      readable: false,
      why: `the container has no ${file}`,
    });
    expect((await read('Error response from daemon: container abc is not running')).facts().why).toContain('does not run');
    expect((await read('exec: "tail": executable file not found in $PATH: unknown')).facts().why).toContain('no tail');
    expect((await read('Error response from daemon: No such container: x')).facts().why).toContain('no such container');
    expect((await look(applicationLog({ container, file, outside }), `${text}\n`)).facts()).toMatchObject({ errors: 9 });
  });

  test('hostile lines break nothing', async () => {
    const hostile = Buffer.concat([
      Buffer.from('error $(touch x) `id` {{x}} "\' \\ \x1b[2J\n'),
      Buffer.from([0x65, 0x72, 0x72, 0x6f, 0x72, 0xff, 0xc3, 0x28, 0x0a]),
      Buffer.from(`error ${'E'.repeat(1_048_576)}Error: x\n`),
      Buffer.from('\0\0error\0\n'),
    ]);
    const { facts, stdout, status } = await look(logErrors({ container, outside }), hostile);
    expect(status).toBe(0);
    expect(facts().errors).toBe(4);
    expect(stdout.length).toBeLessThan(24_000);
  });
});
