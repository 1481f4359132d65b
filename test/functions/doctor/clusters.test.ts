import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { makeClients } from '../../../functions/aws/clients.ts';
import { clusterFacts, questionsOf } from '../../../functions/doctor/clusters.ts';
import { Questions } from '../../../functions/doctor/questions.ts';
import { listen } from '../../../local/front-door.ts';
import { SECRET } from '../../../runbooks/cluster/presence.ts';
import { names } from '../../../runbooks/language/names.ts';
import { clusterIdentities } from '../../../runbooks/language/rights/cluster-roles.ts';
import { registered } from '../../../runbooks/language/system.ts';
import { stall, stallDown } from '../../runbooks/language/stall.ts';

const ROLE = 'arn:aws:iam::123456789012:role/stall';
const settings = stall.settings.parse({ cluster: { name: 'market', namespace: 'halls' } });
const system = registered({
  ...stall,
  clusterNeeds: () => [
    {
      kind: 'workload',
      name: 'stall-backend',
      setting: 'deployment',
      severity: 'error',
      container: 'backend',
      selector: 'app=stall',
    },
    { kind: SECRET, name: 'tls', setting: 'secret', severity: 'error' },
  ],
});
const registry = { systems: [system], runbooks: [stallDown()] };
const Review = z.object({
  spec: z.object({ groups: z.array(z.string()), resourceAttributes: z.record(z.string(), z.string()) }),
});

/** Lambda, EKS and the cluster behind one address. */
let server: Server;
let url = '';
let asked: { method: string; path: string; accept: string; body: string }[];
/** What the access reviews answer. */
let allows: (attributes: Record<string, string>) => boolean;
let reviewStatus = 201;

beforeEach(async () => {
  [asked, allows, reviewStatus] = [[], ({ resource }) => resource !== '*', 201];
  server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const path = decodeURIComponent(request.url ?? '').replace(/\?.*/, '');
    asked.push({ method: request.method ?? '', path, accept: request.headers.accept ?? '', body });
    const [status, answer] = answerTo(path, body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  url = await listen(server, 0);
  for (const [name, value] of Object.entries({
    ...{ AWS_ENDPOINT_URL: url, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
  }))
    vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function answerTo(path: string, body: string): [number, unknown] {
  if (path.endsWith('/configuration')) return [200, { FunctionName: 'f', Role: ROLE }];
  if (path === '/clusters/market')
    return [200, { cluster: { name: 'market', status: 'ACTIVE', endpoint: url, accessConfig: { authenticationMode: 'API' } } }];
  if (path === `/clusters/market/access-entries/${ROLE}`)
    return [200, { accessEntry: { kubernetesGroups: ['firebreak:stall-no-answer'] } }];
  if (path.endsWith('/subjectaccessreviews')) {
    if (reviewStatus !== 201) return [reviewStatus, { message: 'you may not' }];
    return [201, { status: { allowed: allows(Review.parse(JSON.parse(body)).spec.resourceAttributes) } }];
  }
  if (path.endsWith('/deployments/stall-backend'))
    return [
      200,
      {
        metadata: { name: 'x' },
        spec: { template: { metadata: { labels: { app: 'stall' } }, spec: { containers: [{ name: 'backend' }] } } },
      },
    ];
  if (path.endsWith('/secrets/tls')) return [200, { metadata: { name: 'tls' } }];
  return [404, { message: 'not found' }];
}

async function look() {
  const questions = new Questions();
  const clients = makeClients();
  const facts = await clusterFacts({ registry, clients, questions, prefix: 'firebreak', system, settings });
  return { facts, unseen: questions.unseen };
}

test('a cluster is asked for each right of each runbook, by its group, and for what settings name', async () => {
  const { facts, unseen } = await look();
  expect(unseen).toEqual([]);
  expect(facts?.found).toEqual({ status: 'ACTIVE', authentication: 'API' });
  const group = 'firebreak:stall-no-answer';
  expect(facts?.runbooks).toEqual([{ runbook: 'stall/no-answer', group, groups: [group], refused: [], everything: false }]);
  expect(facts?.objects.map(({ found, containers, labels }) => ({ found, containers, labels }))).toEqual([
    { found: true, containers: ['backend'], labels: { app: 'stall' } },
    { found: true, containers: undefined, labels: undefined },
  ]);
  const reviews = asked
    .filter(({ path }) => path.endsWith('subjectaccessreviews'))
    .map(({ body }) => Review.parse(JSON.parse(body)).spec);
  const [identity] = clusterIdentities(names(), 'stall', registry.runbooks, settings);
  if (!identity) throw new Error('the stall has cluster steps');
  expect(reviews).toHaveLength(questionsOf(identity).length + 1);
  for (const { groups } of reviews) expect(groups).toEqual([group, 'system:authenticated']);
  const attributes = reviews.map(({ resourceAttributes }) => resourceAttributes);
  const exec = { namespace: 'halls', group: '', resource: 'pods', subresource: 'exec' };
  for (const verb of ['get', 'create']) expect(attributes).toContainEqual({ ...exec, verb });
  expect(attributes).toContainEqual({
    namespace: 'halls',
    group: 'apps',
    resource: 'deployments',
    verb: 'patch',
    name: 'stall-backend',
  });
  expect(attributes).toContainEqual({ group: '', resource: 'nodes', verb: 'list' });
});

test('nothing is changed there, and of a Secret only its metadata is asked for', async () => {
  await look();
  const changing = asked.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/subjectaccessreviews'));
  expect(changing).toEqual([]);
  expect(asked.find(({ path }) => path.endsWith('/secrets/tls'))?.accept).toContain('as=PartialObjectMetadata');
});

test('a right that is missing is named, and so is one to everything', async () => {
  allows = ({ verb }) => verb !== 'patch';
  const [access] = (await look()).facts?.runbooks ?? [];
  expect(access?.refused).toEqual(['patch deployments/stall-backend of apps']);
  expect(access?.everything).toBe(true);
});

test('who may not ask has not seen it, and is told what is needed', async () => {
  reviewStatus = 403;
  const { facts, unseen } = await look();
  expect(facts?.runbooks[0]?.refused).toBeUndefined();
  expect(unseen).toMatchObject([{ kind: 'denied', permission: 'create of subjectaccessreviews in the cluster' }]);
});
