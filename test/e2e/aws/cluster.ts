import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CreateAccessEntryCommand, CreateClusterCommand, DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import * as z from 'zod';
import { credentialScope, readRequest } from '../../../local/aws/protocol/request.ts';
import { scaledClock } from '../../../local/clocks.ts';
import { listen } from '../../../local/front-door.ts';
import { identitiesOf, saveitSettings, saveitUrls } from '../../../local/saveit-scene.ts';
import { allowedBy } from '../../../local/simulation/cluster/access.ts';
import { createSaveit, KUBERNETES, type SaveitSimulation, SIMULATED } from '../../../local/simulation/saveit.ts';
import { registry } from '../../../runbooks/registry.ts';
import type { SaveitSettings } from '../../../runbooks/saveit/system.ts';
import { until } from '../until.ts';
import type { AccessEntry } from './assembly.ts';
import { attributesOf } from './attributes.ts';
import { type Caller, doorOf } from './door.ts';
import type { Ministack, Where } from './ministack.ts';
import { relayed } from './relay.ts';

const ACTIVE_MS = 30_000;
const Described = z.object({ cluster: z.looseObject({ endpoint: z.string() }) });

/** A request of the Kubernetes API, and who made it. */
export interface Call extends Caller {
  method: string;
  path: string;
  /** Whether some Role has it. */
  allowed: boolean;
}

/** Save-It's simulated cluster, in the place of the control plane that the emulator's EKS would start in a container. */
export interface Cluster {
  /** Where EKS is, for the functions: it tells of the emulator's cluster, and of this one's API. */
  url: string;
  settings: SaveitSettings;
  simulation: SaveitSimulation;
  /**
   * @param roleArn the cluster's own role
   * @param principal of an entry of the template: its ARN, once it is deployed
   */
  letIn(roleArn: string, entries: readonly AccessEntry[], principal: (logicalId: string) => string): Promise<void>;
  /** What was asked of its API by whoever was let in, the first first. */
  calls(): Call[];
  /** What it answers to somebody who wants to see its pods. @returns the status */
  answersTo(token: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * In real time, like the hosts. The emulator is asked who is who (`door.ts`), and whoever comes in may do what the generated Role of
 * the runbook allows, and nothing else.
 */
export async function startCluster(folder: string, emulator: Ministack, { account, region }: Where): Promise<Cluster> {
  const credentials = { accessKeyId: account, secretAccessKey: 'emulated' };
  const eks = new EKSClient({ endpoint: emulator.url, region, credentials });
  const server = createServer();
  const url = await listen(server, 0);
  const settings = saveitSettings(url);
  const { name } = settings.cluster;
  const simulation = createSaveit({ dataDir: folder, clock: scaledClock(1), identities: identitiesOf(registry, url) });
  const comesIn = doorOf(emulator, eks, name);
  const calls: Call[] = [];
  // What is answered to whoever may not: 401 who is not let in, 403 whose Role does not have it.
  const refusal = async ({ method = '', url: asked = '', headers }: IncomingMessage): Promise<401 | 403 | undefined> => {
    const caller = await comesIn(headers.authorization);
    if (!caller) return 401;
    const path = asked.slice(KUBERNETES.length);
    const wanted = attributesOf(method, path);
    const allowed = wanted === undefined || allowedBy(simulation.cluster.store, caller.groups, wanted) !== undefined;
    calls.push({ ...caller, method, path, allowed });
    return allowed ? undefined : 403;
  };
  const urls = saveitUrls(simulation);
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith(`${SIMULATED}/`)) return urls(request, response);
    if (!request.url?.startsWith(`${KUBERNETES}/`)) return await eksOf(emulator, `${url}${KUBERNETES}`, request, response);
    const refused = await refusal(request);
    if (!refused) return await simulation.api.handle(request, response);
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: refused, message: 'not by its Role' };
    response.writeHead(refused, { 'content-type': 'application/json' }).end(JSON.stringify(status));
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  server.on('upgrade', (request, socket) => {
    refusal(request)
      .then((refused) =>
        refused ? void socket.end(`HTTP/1.1 ${refused} Refused\r\n\r\n`) : simulation.api.upgrade(request, socket),
      )
      .catch((error: unknown) => socket.destroy(error instanceof Error ? error : undefined));
  });
  return {
    ...{ url, settings, simulation },
    letIn: async (roleArn, entries, principal) => {
      await made(eks, name, roleArn);
      for (const { cluster: clusterName, role, groups: kubernetesGroups, type } of entries)
        await eks.send(new CreateAccessEntryCommand({ clusterName, principalArn: principal(role), kubernetesGroups, type }));
    },
    calls: () => [...calls],
    answersTo: async (token) => {
      const pods = `${url}${KUBERNETES}/api/v1/namespaces/${settings.cluster.namespace}/pods`;
      return (await fetch(pods, { headers: { authorization: `Bearer ${token}` } })).status;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function made(eks: EKSClient, name: string, roleArn: string): Promise<void> {
  const accessConfig = { authenticationMode: 'API' } as const;
  await eks.send(new CreateClusterCommand({ name, roleArn, resourcesVpcConfig: {}, accessConfig }));
  const active = async () => (await eks.send(new DescribeClusterCommand({ name }))).cluster?.status === 'ACTIVE';
  await until('the cluster is active', active, ACTIVE_MS);
}

/** The emulator's EKS, which checks the caller's signature and rights; only where the cluster's API is, is told otherwise. */
async function eksOf(emulator: Ministack, endpoint: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const scope = credentialScope(request);
  if (scope?.service !== 'eks') return void response.writeHead(404).end();
  const { method, url: path, body, headers } = await readRequest(request, scope);
  const signed = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const told = await relayed(emulator.url, { method, path, headers: Object.fromEntries(signed), body });
  const described = told.status === 200 ? Described.parse(JSON.parse(told.body)) : undefined;
  const certificateAuthority = { data: '' };
  const text = described ? JSON.stringify({ cluster: { ...described.cluster, endpoint, certificateAuthority } }) : told.body;
  const { 'content-length': _length, 'transfer-encoding': _encoding, connection: _connection, ...rest } = told.headers;
  response.writeHead(told.status, { ...rest, 'content-length': Buffer.byteLength(text) }).end(text);
}
