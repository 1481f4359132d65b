import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { Kubernetes } from '../../../../functions/aws/cluster/kubernetes.ts';
import { listen } from '../../../../local/front-door.ts';
import { deployments, jobs, nodes, pods } from '../../../../runbooks/cluster/kinds.ts';
import type { ClusterFault } from '../../../../runbooks/language/cluster.ts';

/** A server that answers as the test says, one request after the other. */
let server: Server;
let sockets: WebSocketServer;
let answers: ((request: IncomingMessage, response: ServerResponse) => void)[];
let asked: { method: string; url: string; type: string; token: string; body: string }[];
let tokens: number;
let cluster: Kubernetes;

beforeEach(async () => {
  [answers, asked, tokens] = [[], [], 0];
  server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const { method = '', url = '', headers } = request;
    asked.push({ method, url, type: headers['content-type'] ?? '', token: headers.authorization ?? '', body });
    const answer = answers.shift();
    if (answer) answer(request, response);
    else response.writeHead(500).end();
  });
  sockets = new WebSocketServer({ server, handleProtocols: (offered) => [...offered][0] ?? false });
  const url = await listen(server, 0);
  cluster = await Kubernetes.open('saveit', async () => {
    tokens += 1;
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: 'c', server: `${url}/kubernetes/saveit`, skipTLSVerify: true }],
      users: [{ name: 'u', token: `token-${tokens}` }],
      contexts: [{ name: 'c', cluster: 'c', user: 'u' }],
      currentContext: 'c',
    });
    return config;
  });
});
afterEach(async () => {
  sockets.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const says = (status: number, body: unknown) => (_: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const failure = (code: number, reason: string, message: string) =>
  says(code, { kind: 'Status', status: 'Failure', reason, message, code });
const aPod = (name: string) => ({ metadata: { name }, spec: { containers: [{ name: 'backend' }] } });
const faultOf = async (work: Promise<unknown>): Promise<ClusterFault> =>
  work.then(
    () => expect.unreachable('it was done'),
    (error: ClusterFault) => error,
  );

describe('the requests', () => {
  it('are those of the API, with the token, below the path of the server', async () => {
    answers = [says(200, aPod('a')), says(200, { items: [] }), says(200, { items: [] })];
    await cluster.get(pods, 'a');
    await cluster.list(deployments, 'app=x');
    await cluster.list(nodes);
    expect(asked.map(({ method, url, token }) => ({ method, url, token }))).toEqual([
      { method: 'GET', url: '/kubernetes/saveit/api/v1/namespaces/saveit/pods/a', token: 'Bearer token-1' },
      {
        method: 'GET',
        url: '/kubernetes/saveit/apis/apps/v1/namespaces/saveit/deployments?limit=500&labelSelector=app%3Dx',
        token: 'Bearer token-1',
      },
      { method: 'GET', url: '/kubernetes/saveit/api/v1/nodes?limit=500', token: 'Bearer token-1' },
    ]);
  });

  it('merge a patch, and reach a subresource', async () => {
    const deployment = { metadata: { name: 'd' }, spec: { template: { spec: { containers: [] } } } };
    answers = [says(200, deployment)];
    await cluster.patch(deployments, 'd', { spec: { replicas: 5 } }, 'scale');
    expect(asked).toMatchObject([
      {
        method: 'PATCH',
        url: '/kubernetes/saveit/apis/apps/v1/namespaces/saveit/deployments/d/scale',
        type: 'application/merge-patch+json',
        body: '{"spec":{"replicas":5}}',
      },
    ]);
  });

  it('name the kind of what they make', async () => {
    answers = [says(201, { metadata: { name: 'j' } })];
    await cluster.create(jobs, { metadata: { name: 'j' } });
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' } });
  });

  it('go on page by page', async () => {
    answers = [
      says(200, { metadata: { continue: 'more' }, items: [aPod('a')] }),
      says(200, { metadata: {}, items: [aPod('b')] }),
    ];
    expect((await cluster.list(pods)).map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    expect(asked[1]?.url).toContain('continue=more');
  });

  it('read a log within its bounds', async () => {
    answers = [(_, response) => void response.end('a line\n')];
    expect(await cluster.logs('a', { lines: 100, container: 'backend', sinceSeconds: 300, previous: true })).toBe('a line\n');
    expect(asked[0]?.url).toBe(
      '/kubernetes/saveit/api/v1/namespaces/saveit/pods/a/log?tailLines=100&limitBytes=200000&container=backend&sinceSeconds=300&previous=true',
    );
  });
});

describe('what is absent', () => {
  it('is an answer', async () => {
    const absent = failure(404, 'NotFound', 'pods "a" not found');
    answers = [absent, absent, absent, failure(400, 'BadRequest', 'previous terminated container not found')];
    expect(await cluster.get(pods, 'a')).toBeUndefined();
    expect(await cluster.remove(pods, 'a')).toBe(false);
    expect(await cluster.logs('a', { lines: 1 })).toBeUndefined();
    expect(await cluster.logs('a', { lines: 1, previous: true })).toBeUndefined();
  });
  it('is gone for who wants to change it', async () => {
    answers = [failure(404, 'NotFound', 'pods "a" not found')];
    expect(await faultOf(cluster.patch(pods, 'a', {}))).toMatchObject({ kind: 'gone' });
  });
  it('exists already for who makes it again', async () => {
    answers = [failure(409, 'AlreadyExists', 'jobs "j" already exists')];
    expect(await cluster.create(jobs, { metadata: { name: 'j' } })).toBeUndefined();
  });
});

describe('what goes wrong', () => {
  it.each([
    [409, 'Conflict', 'conflict', true],
    [429, 'TooManyRequests', 'throttled', true],
    [503, 'ServiceUnavailable', 'unreachable', true],
    [500, 'InternalError', 'unreachable', true],
    [403, 'Forbidden', 'forbidden', false],
  ])('is told apart: %i %s is %s', async (code, reason, kind, passing) => {
    answers = [failure(code, reason, 'in the words of the cluster')];
    const fault = await faultOf(cluster.patch(pods, 'a', {}));
    expect(fault).toMatchObject({
      kind,
      passing,
      message: `patch pods/a: the cluster answered ${code}: in the words of the cluster`,
    });
  });

  it('names the fields of what is invalid, and repeats none of its values', async () => {
    const causes = [{ field: 'spec.template.spec.containers[0].env[0].value', reason: 'FieldValueInvalid', message: 'hunter2' }];
    answers = [says(422, { kind: 'Status', message: 'Deployment "a" is invalid: {"env":"hunter2"}', details: { causes } })];
    const fault = await faultOf(cluster.patch(pods, 'a', {}));
    expect(fault).toMatchObject({ kind: 'refused', passing: false });
    expect(fault.message).toContain('containers[0].env[0].value (FieldValueInvalid)');
    expect(fault.message).not.toContain('hunter2');
  });

  it('is no answer where the connection ends', async () => {
    answers = [(request) => void request.socket.destroy()];
    expect(await faultOf(cluster.get(pods, 'a'))).toMatchObject({ kind: 'unreachable', passing: true });
  });

  it('says which field could not be read', async () => {
    answers = [says(200, { metadata: {}, spec: {} })];
    expect((await faultOf(cluster.get(pods, 'a'))).message).toMatch(/what the cluster answered cannot be read: metadata.name/);
  });

  it('is mended by a new token where the old one is over, once', async () => {
    const unknown = failure(401, 'Unauthorized', 'Unauthorized');
    answers = [unknown, says(200, aPod('a')), unknown, unknown];
    expect(await cluster.get(pods, 'a')).toBeDefined();
    expect(asked.map(({ token }) => token)).toEqual(['Bearer token-1', 'Bearer token-2']);
    expect(await faultOf(cluster.get(pods, 'a'))).toMatchObject({ kind: 'unauthorized', passing: false });
  });
});

describe('a program in a container', () => {
  const ended = (status: object) => Buffer.concat([Buffer.from([3]), Buffer.from(JSON.stringify(status))]);
  const answering = (...messages: Buffer[]) =>
    sockets.once('connection', (socket) => {
      for (const message of messages) socket.send(message);
    });
  const run = () => cluster.exec('a', 'backend', ['redis-cli', 'ping'], '5s');

  it('gives what it says, and its exit code', async () => {
    let url = '';
    sockets.once('connection', (_, request) => {
      url = request.url ?? '';
    });
    answering(Buffer.from('\u0001PONG\n'), Buffer.from('\u0002a warning'), ended({ status: 'Success' }));
    expect(await run()).toEqual({ exitCode: 0, stdout: 'PONG\n', stderr: 'a warning' });
    expect(url).toBe(
      '/kubernetes/saveit/api/v1/namespaces/saveit/pods/a/exec?stdout=true&stderr=true&stdin=false&tty=false&command=redis-cli&command=ping&container=backend',
    );
    answering(
      ended({
        status: 'Failure',
        reason: 'NonZeroExitCode',
        message: 'exit 3',
        details: { causes: [{ reason: 'ExitCode', message: '3' }] },
      }),
    );
    expect(await run()).toMatchObject({ exitCode: 3 });
  });

  it('is 127 where there is no such program, as a shell says it', async () => {
    answering(
      ended({ status: 'Failure', reason: 'InternalError', message: 'exec: "redis-cli": executable file not found in $PATH' }),
    );
    expect(await run()).toMatchObject({ exitCode: 127 });
  });

  it('is left to itself at its time limit', async () => {
    answering(Buffer.from('\u0001so far'));
    expect(await cluster.exec('a', 'backend', ['sleep'], '1s')).toEqual({ exitCode: null, stdout: 'so far', stderr: '' });
  });

  it('has no known end where the connection breaks', async () => {
    sockets.once('connection', (socket) => socket.terminate());
    expect(await faultOf(run())).toMatchObject({ kind: 'unreachable' });
  });

  it.each([
    [404, 'gone'],
    [403, 'forbidden'],
  ])('is refused with %i: %s', async (status, kind) => {
    sockets.options.verifyClient = (_: unknown, done: (ok: boolean, code: number) => void) => done(false, status);
    expect(await faultOf(run())).toMatchObject({ kind });
  });
});
