import { execFile, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { LINES, type Line, SAVEIT } from './page-lines.ts';
import { type ClusterStage, clusterStage } from './stage.ts';

const HAS_KUBECTL = spawnSync('kubectl', ['version', '--client']).status === 0;
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

async function typed({ url }: ClusterStage, words: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('kubectl', [`--server=${url}`, '--namespace=saveit', ...words], {
    env: { PATH: process.env.PATH, HOME: tmpdir() },
  });
  return stdout + stderr;
}

async function asked({ url }: ClusterStage, { method = 'GET', path, type, body, table }: Line['request']): Promise<string> {
  const headers = { ...(table && { accept: TABLE }), ...(type !== undefined && { 'content-type': `application/${type}+json` }) };
  return await (
    await fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
  ).text();
}

const backend = ({ cluster }: ClusterStage) =>
  Object.values(cluster.store.state.objects).find(
    ({ kind, metadata }) => kind === 'Pod' && metadata.name.startsWith('saveit-backend'),
  )?.metadata.name ?? '';

it(`knows what the page has typed, ${HAS_KUBECTL ? 'by kubectl itself' : 'by the requests that kubectl makes: there is none here'}`, async () => {
  const stage = await clusterStage();
  for (const { line, says, request, answers } of LINES) {
    const pod = backend(stage);
    const words = line.split(' ').map((word) => word.replace('POD', pod));
    const answer = HAS_KUBECTL ? typed(stage, words) : asked(stage, { ...request, path: request.path.replace('POD', pod) });
    expect(await answer, line).toMatch(HAS_KUBECTL ? says : answers);
  }
}, 60_000);

it('runs the page’s checks in a backend, and says how they ended', async () => {
  const stage = await clusterStage();
  const run = HAS_KUBECTL ? byKubectl : bySocket;
  expect(await run(stage, ['nc', '-zv', 'localhost', '1883'])).toMatch(/succeeded/);
  expect(await run(stage, ['redis-cli', '-h', 'redis', '-p', '6379', 'ping'])).toMatch(/PONG/);
  expect(await run(stage, ['nc', '-zv', 'localhost', '1884'])).toMatch(/refused[\s\S]*exit (code|status) 1/);
  stage.cluster.switchOn('saveit-connections-exhausted');
  const check = ['python', '-c', 'from app.core.database import engine; print(engine.connect())'];
  expect(await run(stage, check)).toMatch(/remaining connection slots are reserved[\s\S]*exit (code|status) 1/);
}, 60_000);

async function byKubectl(stage: ClusterStage, command: string[]): Promise<string> {
  try {
    return await typed(stage, ['exec', backend(stage), '--', ...command]);
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  }
}

async function bySocket(stage: ClusterStage, command: string[]): Promise<string> {
  const query = new URLSearchParams({ stdout: 'true', stderr: 'true' });
  for (const word of command) query.append('command', word);
  const socket = new WebSocket(`${stage.url.replace('http', 'ws')}${SAVEIT}/pods/${backend(stage)}/exec?${query}`, [
    'v5.channel.k8s.io',
  ]);
  socket.binaryType = 'arraybuffer';
  let said = '';
  socket.addEventListener('message', ({ data }) => {
    said += Buffer.from(data).subarray(1).toString('utf8');
  });
  await new Promise((resolve) => socket.addEventListener('close', resolve));
  return said;
}
