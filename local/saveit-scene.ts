import type { IncomingMessage, Server } from 'node:http';
import type { Handshake } from '../functions/handshake.ts';
import type { Registry } from '../functions/surroundings.ts';
import { type Names, names as namesOf } from '../runbooks/language/names.ts';
import { type ClusterIdentity, clusterIdentities } from '../runbooks/language/rights/cluster-roles.ts';
import { SaveitSettings } from '../runbooks/saveit/system.ts';
import { arns } from './aws/arns.ts';
import { REGION } from './deployed.ts';
import { type Answering, mayUpgrade } from './front-door.ts';
import { PROMETHEUS, type SaveitSimulation, SIMULATED } from './simulation/saveit.ts';

/** A query is short. Characters. */
const LONGEST_FORM = 100_000;

/** The simulated host of its Docker Compose variant. */
const COMPOSE_HOST = { name: 'saveit-compose-1', instanceId: 'i-0c1d2e3f4a5b60718', aliases: ['10.0.2.7', '10.0.2.7:9100'] };

/** Save-It's own settings, with its simulated addresses in the place of those of the world outside. */
export function saveitSettings(url: string): SaveitSettings {
  return SaveitSettings.parse({
    hosts: [COMPOSE_HOST],
    urls: { ready: `${url}${SIMULATED}/api/v1/health/ready` },
    prometheus: `${url}${PROMETHEUS}`,
  });
}

/** Who Save-It's runbooks are in its cluster; nobody where it is not registered. */
export function identitiesOf({ runbooks }: Registry, url: string): ClusterIdentity[] {
  return clusterIdentities(namesOf(), 'saveit', runbooks, saveitSettings(url));
}

/** What the stack's access entries say: which group the role of each runbook's function is in. */
export function groupsOf(names: Names, identities: readonly ClusterIdentity[]): Record<string, string> {
  const roles = arns(REGION).role;
  return Object.fromEntries(identities.map(({ runbook, group }) => [roles(names.stepFunction(runbook)), group]));
}

/** What the front door of the simulated Save-It shows; every other name is one of the world outside, which is not asked. */
export function saveitFrontDoor(saveit: SaveitSimulation, { domain, port }: SaveitSettings['certificate']): Handshake {
  return async (host, at) => {
    if (host === domain && at === port) return saveit.certificate();
    throw new Error(`local mode has no front door at ${host}:${at}`);
  };
}

/** Its own URLs: readiness, and its Prometheus. */
export function saveitUrls(saveit: SaveitSimulation): Answering {
  return async (request, response) => {
    const { status, body } = saveit.answer(request.url ?? '', await form(request));
    response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/plain' }).end(body);
  };
}

async function form(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LONGEST_FORM) return '';
  }
  return text;
}

/** Exec needs a WebSocket; nothing else on this port does. */
export function upgrades(server: Server, saveit: SaveitSimulation): void {
  server.on('upgrade', (request, socket) => {
    if (mayUpgrade(request)) void saveit.api.upgrade(request, socket);
    else socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
  });
}
