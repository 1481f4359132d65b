import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { arns } from '../../../local/aws/arns.ts';
import { createDeadlines } from '../../../local/aws/deadlines.ts';
import { answer, unknownService } from '../../../local/aws/protocol/answer.ts';
import { credentialScope, readRequest } from '../../../local/aws/protocol/request.ts';
import { createStore } from '../../../local/aws/store.ts';
import { Command } from '../../../local/aws/systems-manager/command.ts';
import type { SsmDocument } from '../../../local/aws/systems-manager/documents.ts';
import { createSystemsManager } from '../../../local/aws/systems-manager/start.ts';
import { scaledClock } from '../../../local/clocks.ts';
import { listen } from '../../../local/front-door.ts';
import { createSimulation, type Simulation } from '../../../local/simulation/simulation.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';
import type { DeployedDocument } from './assembly.ts';

const REGION = 'us-east-1';

/** SIRA's simulated host, and the part of AWS that leads to it: Systems Manager, which the emulator does not have. */
export interface Hosts {
  url: string;
  settings: SiraSettings;
  simulation: Simulation;
  /** What a deployment registers: a document that it no longer has stays only where the template retains it. */
  register(documents: readonly DeployedDocument[]): void;
  documentNames(): string[];
  /** The documents of the commands that were sent, the first first. */
  sent(): { document: string; at: string }[];
  close(): Promise<void>;
}

/** In real time, as on AWS: what a runbook waits for takes as long here. */
export async function startHosts(folder: string): Promise<Hosts> {
  const clock = scaledClock(1);
  const server = createServer();
  const url = await listen(server, 0);
  const settings = SiraSettings.parse({ urls: { api: `${url}/simulated/sira/api/health`, site: `${url}/simulated/sira/` } });
  const simulation = await createSimulation({ dataDir: join(folder, 'simulation'), clock, settings });
  const documents = new Map<string, SsmDocument>();
  const retained = new Set<string>();
  const deadlines = createDeadlines(clock);
  const store = createStore(join(folder, 'ssm'));
  const parts = { store, clock, deadlines, fleet: simulation.fleet, documents, arns: arns(REGION), ids: randomUUID };
  const { service, close } = createSystemsManager(parts, { parameters: {}, secrets: {} });
  const aws = async (request: IncomingMessage, response: ServerResponse) => {
    const scope = credentialScope(request);
    if (!scope) return void response.writeHead(404).end();
    const whole = await readRequest(request, scope);
    const given = scope.service === 'ssm' ? await answer(service, whole, randomUUID()) : unknownService(whole, randomUUID());
    response.writeHead(given.status, { ...given.headers, 'content-length': Buffer.byteLength(given.body) }).end(given.body);
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/simulated/sira/')) return simulated(simulation, request, response);
    aws(request, response).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  return {
    url,
    settings,
    simulation,
    register: (deployed) => {
      for (const name of documents.keys())
        if (!retained.has(name) && !deployed.some((one) => one.name === name)) documents.delete(name);
      for (const { name, content, script, retain } of deployed) {
        documents.set(name, { content, script });
        if (retain) retained.add(name);
      }
    },
    documentNames: () => [...documents.keys()],
    sent: () =>
      store
        .folder('commands', Command)
        .all()
        .map(({ document, requestedAt }) => ({ document, at: requestedAt }))
        .sort((a, b) => a.at.localeCompare(b.at)),
    close: async () => {
      deadlines.close();
      await close();
      await simulation.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function simulated(simulation: Simulation, request: IncomingMessage, response: ServerResponse): void {
  const { status, body } = simulation.answer((request.url ?? '').replace('/simulated/sira', ''));
  // Nothing listens on a simulated port that is closed: the connection ends without an answer.
  if (status === 0) return void request.socket.destroy();
  response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
}
