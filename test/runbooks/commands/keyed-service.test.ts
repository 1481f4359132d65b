import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { keyedService } from '../../../runbooks/commands/keyed-service.ts';
import { recommendationLog } from '../../../runbooks/commands/recommendation-log.ts';
import { statusPages } from '../../../runbooks/commands/status-pages.ts';
import { type HostCall, parameterText } from '../../../runbooks/language/command.ts';
import { runScript, temporaryFolder, variables } from './run-command.ts';

const KEY = 'sEcReT-key_0123456789.abcDEF';
const keyParameter = '/sira/mistral-api-key';

/** A server of a test's own, that remembers what it was asked. */
async function service(answer: (request: IncomingMessage) => [status: number, body?: string]) {
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    headers.push(request.headers);
    const [status, body = ''] = answer(request);
    response.writeHead(status, { location: 'http://127.0.0.1:1/elsewhere' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, headers };
}

/** Runs a look where these programs stand in front of the machine's own; each says on which command line it was called. */
async function look<F>(call: HostCall<F>, programs: Record<string, string>, options = '') {
  const folder = temporaryFolder();
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/bash\nprintf '%s\\n' "${name} $*" >>'${folder}/calls'\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const texts = Object.entries(call.parameters).map(([name, value]) => [name, parameterText(value)] as const);
  const environment = { ...variables(Object.fromEntries(texts)), PATH: `${folder}:${process.env.PATH}`, TMPDIR: folder };
  const ended = await runScript(`${options}\n${scriptOf(call.command)}`, environment).ended;
  const calls = existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8') : '';
  rmSync(join(folder, 'calls'), { force: true });
  return { ...ended, calls, left: readdirSync(folder), facts: () => call.command.facts.parse(ended.facts()) };
}
const aws = `echo '${KEY}'`;
/** The real one; what it is given, it is given as it would be without this. */
const curl = 'exec /usr/bin/curl "$@"';

test('a service is asked three times with the key, of which no trace is left', async () => {
  const { url, headers } = await service(({ headers }) => [headers.authorization === `Bearer ${KEY}` ? 200 : 401]);
  const { facts, stdout, stderr, calls, left } = await look(keyedService({ url, keyParameter, scheme: 'bearer' }), { aws, curl });
  expect(facts()).toMatchObject({ url, withKey: true, whyNot: '', answers: [{ status: 200 }, { status: 200 }, { status: 200 }] });
  expect(headers.map(({ authorization }) => authorization)).toEqual(Array(3).fill(`Bearer ${KEY}`));
  expect(calls).toContain(`aws ssm get-parameter --name ${keyParameter} --with-decryption --query Parameter.Value --output text`);
  expect(calls.match(/curl -q --config -/g)).toHaveLength(3);
  expect(stdout + stderr + calls).not.toContain(KEY);
  expect(left.sort()).toEqual(['aws', 'curl']);
});

test('even where the shell is told to show what it does', async () => {
  const { url } = await service(() => [200]);
  const { stdout, stderr, status } = await look(keyedService({ url, keyParameter, scheme: 'api-key' }), { aws, curl }, 'set -x');
  expect(status).toBe(0);
  expect(stderr).toContain('+ command_body');
  expect(stdout + stderr).not.toContain(KEY);
});

test('the header is the one that the service knows, and a redirection does not get it', async () => {
  const { url, headers } = await service(() => [302]);
  const { facts } = await look(keyedService({ url, keyParameter, scheme: 'api-key' }), { aws, curl });
  expect(facts().answers.map(({ status }) => status)).toEqual([302, 302, 302]);
  expect(headers.map((one) => [one['api-key'], one.authorization])).toEqual(Array(3).fill([KEY, undefined]));
});

test.each([
  [
    'a parameter that is not there',
    "echo 'An error occurred (ParameterNotFound) when calling' >&2; exit 254",
    'there is no parameter',
  ],
  ['a role that may not', "echo 'An error occurred (AccessDeniedException) when calling' >&2; exit 254", 'may not read'],
  ['no role', "echo 'Unable to locate credentials' >&2; exit 253", 'has no role'],
  ['no region', "echo 'You must specify a region.' >&2; exit 253", 'region'],
  ['a value that is no key', "printf 'a b\\n\"c\\n'", 'holds no key'],
  ['a value that would be more of curl’s configuration', 'printf \'abc"\\nurl = "http://127.0.0.1:1\\n\'', 'holds no key'],
])('%s: it is asked without, and said why', async (_, program, why) => {
  const { url, headers } = await service(() => [401]);
  const { facts } = await look(keyedService({ url, keyParameter, scheme: 'bearer' }), { aws: program, curl });
  expect(facts()).toMatchObject({
    withKey: false,
    whyNot: expect.stringContaining(why),
    answers: Array(3).fill({ status: 401 }),
  });
  expect(headers.every(({ authorization }) => authorization === undefined)).toBe(true);
});

test('a warning beside the key is not the key; the region is the agent’s', async () => {
  const { url, headers } = await service(() => [200]);
  const program = `echo 'a warning of python' >&2; [[ $AWS_DEFAULT_REGION == eu-west-1 ]] && echo '${KEY}'`;
  await look(
    keyedService({ url, keyParameter, scheme: 'bearer' }),
    { aws: program, curl },
    'export AWS_SSM_REGION_NAME=eu-west-1',
  );
  expect(headers[0]?.authorization).toBe(`Bearer ${KEY}`);
});

test('without https, but on the host itself, no key is sent, and none is read', async () => {
  const call = keyedService({ url: 'http://127.0.0.1.example.com/', keyParameter, scheme: 'bearer' });
  const { facts, calls } = await look(call, { aws, curl: "printf '\\n000 0.001\\n'; exit 6" });
  expect(facts()).toMatchObject({
    withKey: false,
    whyNot: expect.stringContaining('not https'),
    answers: Array(3).fill({ status: 0 }),
  });
  expect(calls).not.toContain('aws');
});

test('nobody at the other end is no answer, in curl’s words', async () => {
  const { facts } = await look(keyedService({ url: 'http://127.0.0.1:1/', keyParameter, scheme: 'bearer' }), { aws, curl });
  expect(facts().answers[0]).toMatchObject({ status: 0, error: expect.stringContaining('curl: (7)') });
});

test.each([
  [
    '{"page":{"id":"x"},"status":{"indicator":"none","description":"All Systems Operational"}}',
    'well',
    'All Systems Operational',
  ],
  ['{"status":{"description":"Partial outage","indicator":"major"}}', 'outage', ''],
  ['{"status": {"indicator": "minor", "description": "Degraded"}}', 'degraded', 'Degraded'],
  ['{"status":{"indicator":"maintenance","description":"Under way"}}', 'maintenance', 'Under way'],
  ['{"page":{"name":"M","url":"https://x","status":"UP"}}', 'well', ''],
  ['{"page":{"status":"HASISSUES"},"activeIncidents":[{"name":"Slow answers","impact":"MINOR"}]}', 'degraded', 'Slow answers'],
  ['{"page":{"status":"UNDERMAINTENANCE"}}', 'maintenance', ''],
  ['<html>"indicator" of nothing</html>', 'unknown', ''],
  ['', 'unknown', ''],
  [`{"x":"${'y'.repeat(1_048_576)}"}`, 'unknown', ''],
  ['\u0000\u001b[2J{"status":{"indicator":"$(id)"}}', 'unknown', ''],
])('a status page is understood, or unknown: %s', async (body, says, description) => {
  const { url } = await service(() => [200, body]);
  const { facts } = await look(statusPages({ urls: [url] }), {});
  expect(facts().pages).toEqual([{ url, says, description }]);
});

test('a status page that cannot be had is unknown', async () => {
  const { facts } = await look(statusPages({ urls: ['http://127.0.0.1:1/'] }), {});
  expect(facts().pages).toMatchObject([{ says: 'unknown' }]);
});

test('the log tells how long recommendations took, and with whom', async () => {
  const lines = [
    'INFO recommendation generated in 1.5s (mistral 0.9s, pinecone 120 ms)',
    'INFO Recommendation took 2500ms, llama index',
    'INFO recommendation duration=10.25 s mistral: 9s',
    'ERROR mistral timed out for maria.sommer@example.com',
    'INFO something else in 99s',
    'INFO mistral warmed up',
  ];
  const docker = `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}`;
  const call = recommendationLog({ container: 'sira_backend_prod', outside: ['mistral', 'pinecone'] });
  const { facts, stdout, calls } = await look(call, { docker });
  expect(calls).toBe('docker logs --since 30m --tail 5000 sira_backend_prod\n');
  expect(facts()).toMatchObject({
    seconds: { count: 3, median: 2.5, p95: 10.25, most: 10.25 },
    services: [
      { service: 'mistral', seconds: { count: 2, median: 0.9, most: 9 } },
      { service: 'pinecone', seconds: { count: 1, median: 0.12 } },
    ],
    errors: { readable: true, lines: 5, errors: 1, outside: [{ service: 'mistral', timeouts: 1 }, { service: 'pinecone' }] },
  });
  expect(stdout).not.toContain('maria');
});

test('a log without recommendations says of none how long it took, and one that is not there says that', async () => {
  const call = recommendationLog({ container: 'x' });
  const none = await look(call, { docker: 'echo nothing' });
  expect(none.facts()).toMatchObject({ seconds: { count: 0, median: null }, errors: { readable: true } });
  const gone = await look(call, { docker: "echo 'Error response from daemon: No such container: x' >&2; exit 1" });
  expect(gone.facts()).toMatchObject({ errors: { readable: false, why: 'there is no such container' } });
});
