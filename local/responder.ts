import { createServer } from 'node:http';
import type * as z from 'zod';
import { loadServices } from '../functions/aws/on-demand.ts';
import type { CallWatcher } from '../functions/aws/watched.ts';
import type { Handshake } from '../functions/handshake.ts';
import type { Count } from '../functions/incident/metrics.ts';
import { type Registry, type Surroundings, surroundings } from '../functions/surroundings.ts';
import { watch } from '../functions/watch/watch.ts';
import { LOCAL_ACCOUNT, type Names, names as namesOf } from '../runbooks/language/names.ts';
import { placeholders } from '../runbooks/language/people.ts';
import type { SiraSettings } from '../runbooks/sira/system.ts';
import { arrived } from './arrived.ts';
import { type AwsServer, createAwsServer } from './aws/server.ts';
import type { WorkingClock } from './clocks.ts';
import { deployed, REGION } from './deployed.ts';
import { type Answering, frontDoor, listen } from './front-door.ts';
import { ofRealCluster } from './real-cluster.ts';
import { groupsOf, saveitSettings, saveitUrls, upgrades } from './saveit-scene.ts';
import type { Scene } from './scene.ts';
import { isRegistered, simulatedScene } from './simulated-scene.ts';
import { together } from './simulation/joined.ts';
import type { Monitoring, MonitoringPort } from './simulation/monitoring.ts';
import { KUBERNETES, type SaveitSimulation, SIMULATED } from './simulation/saveit.ts';
import type { Simulation } from './simulation/simulation.ts';
import { timedClusters } from './timed-cluster.ts';

export interface ResponderOptions {
  registry: Registry;
  clock: WorkingClock;
  /** Everything durable is kept under here. */
  dataDir: string;
  /** Keep the table, queue and executions in memory: for tests that restart nothing. */
  inMemory?: boolean;
  /** 0 for any that is free. */
  port: number;
  watcher?: CallWatcher;
  /** Where what is counted for CloudWatch goes; nowhere if not said, because nobody here would read it. */
  counting?: Count;
  /** Who has which role, and when a team is at work, by system; placeholders where it is not said. */
  people?: Readonly<Record<string, { contacts?: Readonly<Record<string, unknown>>; businessHours?: unknown }>>;
  /** Stands around every invocation of a function, whose name it is given: a test lets one die there. */
  invocation?: <T>(invocation: () => Promise<T>, of: string) => Promise<T>;
  /** What is not an AWS call. */
  pages?: (responder: Responder) => Answering;
}

export interface LocalOptions extends ResponderOptions {
  /** What differs from the placeholders of SIRA's `system.ts`: more hosts, for one. */
  sira?: Partial<z.input<typeof SiraSettings>>;
}

/** A name that stands for a front door of the world outside is not asked: local mode leaves this machine alone. */
const nobodyListens: Handshake = async (host, port) => {
  throw new Error(`local mode has no front door at ${host}:${port}`);
};

export interface Responder {
  around: Surroundings;
  aws: AwsServer;
  /** Nothing where the hosts are real. */
  simulation?: Simulation;
  url: string;
  names: Names;
  /** One round of the auditor. */
  watch(): Promise<void>;
  close(): Promise<void>;
}

export interface Local extends Responder {
  simulation: Simulation;
  monitoring: Monitoring;
}

/** The whole responder with simulated hosts and their monitoring, which its caller starts. */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const { clock } = options;
  const simulate = (url: string) => simulatedScene(options, url);
  const responder = await startResponder(options, simulate);
  const { aws, around, names, scene } = responder;
  const port: MonitoringPort = {
    setAlarm: async (name, state, reason, value) => {
      aws.alarms.setState(name, state, reason, reasonData(value));
    },
    alarmState: async (name) => aws.alarms.get(name)?.state.value,
    publishAlerts: (message) => clock.during(around.topics.publish(names.signalsTopic, 'firing', JSON.stringify(message))),
  };
  const monitoring = together(scene.monitorings(port));
  const close = async () => {
    monitoring.stop();
    await responder.close();
  };
  return { ...responder, simulation: scene.simulation, monitoring, close };
}

/**
 * The whole responder on one machine: the deployed functions in this process, the deployed state machines, and behind one port
 * the AWS APIs that they use. What differs from AWS is the endpoint.
 *
 * @param setting what stands behind it, told where the responder will be found
 */
export async function startResponder<S extends Scene>(
  options: ResponderOptions,
  setting: (url: string) => Promise<S>,
): Promise<Responder & { scene: S }> {
  const { registry, clock, dataDir, inMemory = false, invocation = (call) => call() } = options;
  const names = namesOf();
  const server = createServer();
  // The clock may be one that does not wait for a module that is loaded.
  await loadServices();
  const url = await listen(server, options.port);
  pointSdkAt(url);
  const scene = await setting(url);
  const systems = {
    sira: scene.settings,
    ...(scene.saveitSettings && isRegistered(registry, 'saveit') && { saveit: scene.saveitSettings }),
    ...scene.further,
  };
  const config = JSON.stringify({
    account: LOCAL_ACCOUNT,
    region: REGION,
    defaultMode: 'auto',
    namesAreTrusted: true,
    consoleUrl: url,
    linksUrl: url,
    systems,
    people: Object.fromEntries(
      registry.systems.map((system) => {
        const { contacts, ...said } = options.people?.[system.id] ?? {};
        return [system.id, { ...said, contacts: { ...placeholders(system), ...contacts } }];
      }),
    ),
  });
  const watcher: CallWatcher = options.watcher ?? ((_service, _operation, call) => call());
  const timed: CallWatcher = (service, operation, call, input) =>
    // A function that is called waits by the clock itself: time that stood still for the call would never let it answer.
    watcher(service, operation, () => (service === 'lambda' ? call() : clock.during(call())), input);
  const given = surroundings(registry, { FIREBREAK_CONFIG: config }, clock, timed, options.counting ?? (() => undefined));
  const around: Surroundings = {
    ...given,
    clusters: timedClusters(given.clusters, clock),
    handshake: scene.handshake ?? nobodyListens,
    fetch: (...request) => clock.during(arrived(fetch(...request))),
  };
  const { fleet, alarms, secrets, simulation, saveit, identities = [], cluster } = scene;
  const aws = createAwsServer(
    deployed({
      registry,
      clock,
      names,
      around,
      systems,
      fleet,
      alarms,
      invocation,
      ...(secrets && { secrets }),
      ...(saveit && {
        clusters: { [saveitSettings(url).cluster.name]: { at: KUBERNETES, groups: groupsOf(names, identities) } },
      }),
      ...(cluster && ofRealCluster(cluster, around, clock)),
      ...(!inMemory && { dataDir }),
    }),
  );
  const round = watch(around);
  const responder = { around, aws, scene, url, names, watch: async () => void (await round()), close };
  const pages = options.pages?.({ ...responder, ...(simulation && { simulation }) });
  const rooms = simulation && saveit && { simulated: simulatedSystems(simulation, saveit), kubernetes: saveit.api.handle };
  server.on('request', frontDoor({ aws, ...(pages && { pages }), ...rooms }));
  if (saveit) upgrades(server, saveit);
  await aws.start();
  aws.recover();
  return responder;

  async function close(): Promise<void> {
    await aws.close();
    await simulation?.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** The SDK's own variables: where it goes, and credentials that nobody checks. */
function pointSdkAt(url: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
}

function reasonData(value: number): string {
  return JSON.stringify({ version: '1.0', recentDatapoints: [value] });
}

function simulatedSystems(simulation: Simulation, saveit: SaveitSimulation): Answering {
  const ofSaveit = saveitUrls(saveit);
  return (request, response) => {
    if (request.url?.startsWith(`${SIMULATED}/`)) return ofSaveit(request, response);
    const { status, body } = simulation.answer((request.url ?? '').replace('/simulated/sira', ''));
    // Nothing listens on a simulated port that is closed: the connection ends without an answer.
    if (status === 0) return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
  };
}
