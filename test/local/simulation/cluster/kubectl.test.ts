import { execFile, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { type ClusterStage, clusterStage } from './stage.ts';

const HAS_KUBECTL = spawnSync('kubectl', ['version', '--client']).status === 0;
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

interface Line {
  /** What a person types; `POD` is a backend. */
  line: string;
  says: RegExp;
  /** The request that it comes down to, where there is no kubectl on this machine. */
  request: { method?: string; path: string; type?: string; body?: unknown; table?: true };
  answers: RegExp;
}

const SAVEIT = '/api/v1/namespaces/saveit';
const DEPLOYMENT = '/apis/apps/v1/namespaces/saveit/deployments/saveit-backend';
const HPA = '/apis/autoscaling/v2/namespaces/saveit/horizontalpodautoscalers/saveit-backend-hpa';
const RESTART = {
  spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-10-04T03:14:00Z' } } } },
};
const MAXIMUM = [{ op: 'replace', path: '/spec/maxReplicas', value: 15 }];

/** kubectl's half of the runbook's page, in an order in which each can follow the one before. */
const LINES: Line[] = [
  {
    line: 'get pods',
    says: /saveit-backend-\S+ +1\/1 +Running +0 +12d/,
    request: { path: `${SAVEIT}/pods`, table: true },
    answers: /"cells":\["saveit-backend-[^"]+","1\/1","Running","0","12d"\]/,
  },
  {
    line: 'get pods -l app.kubernetes.io/name=saveit-frontend',
    says: /^(?!.*backend)[\s\S]*saveit-frontend/,
    request: { path: `${SAVEIT}/pods?labelSelector=app.kubernetes.io%2Fname%3Dsaveit-frontend` },
    answers: /saveit-frontend/,
  },
  {
    line: 'describe pod POD',
    says: /Restart Count: +0[\s\S]*ContainersReady +True/,
    request: { path: `${SAVEIT}/pods/POD` },
    answers: /"restartCount":0/,
  },
  {
    line: 'logs POD --tail=100',
    says: /GET \/api\/v1\/health\/ready/,
    request: { path: `${SAVEIT}/pods/POD/log?tailLines=100` },
    answers: /GET \/api\/v1\/health\/ready/,
  },
  {
    line: 'logs -l app.kubernetes.io/name=saveit-backend --since=5m',
    says: /readings/,
    request: { path: `${SAVEIT}/pods/POD/log?sinceSeconds=300` },
    answers: /readings/,
  },
  {
    line: 'top pods',
    says: /saveit-backend-\S+ +180m +410Mi/,
    request: { path: '/apis/metrics.k8s.io/v1beta1/namespaces/saveit/pods' },
    answers: /"cpu":"180000000n"/,
  },
  {
    line: 'get hpa',
    says: /Deployment\/saveit-backend +cpu: 36%\/80% +3 +10 +3/,
    request: { path: HPA.replace('/saveit-backend-hpa', ''), table: true },
    answers: /cpu: 36%\/80%/,
  },
  {
    line: 'get certificate',
    says: /saveit-tls +True +saveit-tls/,
    request: { path: '/apis/cert-manager.io/v1/namespaces/saveit/certificates', table: true },
    answers: /"cells":\["saveit-tls","True"/,
  },
  {
    line: 'describe certificate saveit-tls',
    says: /Not After: +20\d\d/,
    request: { path: '/apis/cert-manager.io/v1/namespaces/saveit/certificates/saveit-tls' },
    answers: /"notAfter":"20\d\d/,
  },
  {
    line: 'rollout restart deployment/saveit-backend',
    says: /restarted/,
    request: { method: 'PATCH', path: DEPLOYMENT, type: 'strategic-merge-patch', body: RESTART },
    answers: /"restartedAt|restartedAt"/,
  },
  {
    line: 'rollout status deployment/saveit-backend --timeout=120s',
    says: /successfully rolled out/,
    request: {
      path: `${DEPLOYMENT.replace('/saveit-backend', '')}?watch=true&timeoutSeconds=60&fieldSelector=metadata.name%3Dsaveit-backend`,
    },
    answers: /NewReplicaSetAvailable/,
  },
  {
    line: 'patch hpa saveit-backend-hpa --type=json -p=[{"op":"replace","path":"/spec/maxReplicas","value":15}]',
    says: /patched/,
    request: { method: 'PATCH', path: HPA, type: 'json-patch', body: MAXIMUM },
    answers: /"maxReplicas":15/,
  },
  {
    line: 'scale deployment saveit-backend --replicas=5',
    says: /scaled/,
    request: { method: 'PATCH', path: `${DEPLOYMENT}/scale`, type: 'merge-patch', body: { spec: { replicas: 5 } } },
    answers: /"kind":"Scale"[\s\S]*"replicas":5/,
  },
  {
    line: 'delete secret saveit-tls',
    says: /deleted/,
    request: { method: 'DELETE', path: `${SAVEIT}/secrets/saveit-tls` },
    answers: /"status":"Success"/,
  },
];

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
