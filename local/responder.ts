import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type * as z from 'zod';
import { handlerOf } from '../functions/anatomy.ts';
import type { CallWatcher } from '../functions/aws/clients.ts';
import { TABLE_SHAPE } from '../functions/incident/table.ts';
import { queueConsumer } from '../functions/intake/queue.ts';
import { runStep, StepEvent } from '../functions/run-step/run-step.ts';
import { type Registry, type Surroundings, surroundings } from '../functions/surroundings.ts';
import { watch } from '../functions/watch/watch.ts';
import { documentContent, scriptOf } from '../runbooks/commands/document.ts';
import type { HostCommand } from '../runbooks/language/command.ts';
import { compile } from '../runbooks/language/compile.ts';
import { LOCAL_ACCOUNT, type Names, names as namesOf } from '../runbooks/language/names.ts';
import { SiraSettings } from '../runbooks/sira/system.ts';
import type { AwsOptions } from './aws/options.ts';
import { type AwsServer, createAwsServer } from './aws/server.ts';
import type { WorkingClock } from './clocks.ts';
import { lambdaContext } from './lambda-context.ts';
import type { HostFleet } from './simulation/fleet.ts';
import type { Monitoring } from './simulation/monitoring.ts';
import { createSimulation, type Simulation } from './simulation/simulation.ts';

const REGION = 'us-east-1';

export interface LocalOptions {
  registry: Registry;
  clock: WorkingClock;
  /** Everything durable is kept under here. */
  dataDir: string;
  /** Keep the table, queue and executions in memory: for tests that restart nothing. */
  inMemory?: boolean;
  /** 0 for any that is free. */
  port: number;
  watcher?: CallWatcher;
  /** What differs from the placeholders of SIRA's `system.ts`: more hosts, for one. */
  sira?: Partial<z.input<typeof SiraSettings>>;
  /** Stands around every invocation of a function: a test lets one die there. */
  invocation?: <T>(invocation: () => Promise<T>) => Promise<T>;
  /** What is not an AWS call. */
  pages?: (local: Local) => (request: IncomingMessage, response: ServerResponse) => void;
}

export interface Local {
  around: Surroundings;
  aws: AwsServer;
  simulation: Simulation;
  monitoring: Monitoring;
  url: string;
  names: Names;
  /** One round of the auditor. */
  watch(): Promise<void>;
  close(): Promise<void>;
}

/** Every command that a registered runbook uses, by name. */
export function commandsOf(registry: Registry): Map<string, HostCommand> {
  const used = registry.runbooks.flatMap(({ looks, acts, verify }) => [
    ...[...looks, ...(verify?.looks ?? [])].flatMap((look) => (look.kind === 'host' ? [look.command] : [])),
    ...acts.flatMap((act) => [act.command, ...(act.undo ? [act.undo.command] : [])]),
  ]);
  return new Map(used.map((command) => [command.name, command]));
}

/**
 * The whole responder on one machine: the deployed functions in this process, the deployed state machines, and behind one port
 * the AWS APIs that they use. What differs from AWS is the endpoint.
 */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const { registry, clock, dataDir } = options;
  const names = namesOf();
  const server = createServer();
  const url = await listen(server, options.port);
  pointSdkAt(url);
  const settings = SiraSettings.parse({
    ...options.sira,
    urls: { api: `${url}/simulated/sira/api/health`, site: `${url}/simulated/sira/` },
  });
  const simulation = await createSimulation({ dataDir: join(dataDir, 'simulation'), clock, settings });
  const config = JSON.stringify({
    account: LOCAL_ACCOUNT,
    region: REGION,
    defaultMode: 'auto',
    consoleUrl: url,
    systems: { sira: settings },
  });
  const watcher: CallWatcher = options.watcher ?? ((_service, _operation, call) => call());
  const around: Surroundings = {
    ...surroundings(registry, { FIREBREAK_CONFIG: config }, clock, (service, operation, call) =>
      // A function that is called waits by the clock itself: time that stood still for the call would never let it answer.
      watcher(service, operation, () => (service === 'lambda' ? call() : during(clock, call()))),
    ),
    fetch: (...request) => during(clock, fetch(...request)),
  };
  const aws = createAwsServer(awsOptions(options, names, around, simulation));
  const monitoring = simulation.monitoring({
    setAlarm: async (name, state, reason, value) => {
      aws.alarms.setState(name, state, reason, reasonData(value));
    },
    alarmState: async (name) => aws.alarms.get(name)?.state.value,
    publishAlerts: (message) => during(clock, around.topics.publish(names.signalsTopic, 'firing', JSON.stringify(message))),
  });
  const round = watch(around);
  const local: Local = { around, aws, simulation, monitoring, url, names, watch: async () => void (await round()), close };
  const pages = options.pages?.(local);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // Only this machine's own pages may speak to it: a name that leads here from elsewhere is not ours.
    if (!isOurs(request)) return void response.writeHead(403).end('Firebreak answers to 127.0.0.1 and localhost only');
    // Nor does any answer to it say that another page may read along.
    if (request.method === 'OPTIONS') return void response.writeHead(403).end('Firebreak answers to its own pages only');
    if (request.url?.startsWith('/simulated/sira/')) return simulated(simulation, request, response);
    if (aws.accepts(request)) {
      if (isOfPage(request)) return void response.writeHead(403).end('The AWS APIs are not for web pages');
      return void aws.handle(request, response);
    }
    return pages ? pages(request, response) : void response.writeHead(404).end();
  });
  await aws.start();
  aws.recover();
  return local;

  async function close(): Promise<void> {
    monitoring.stop();
    await aws.close();
    await simulation.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function during<T>(clock: WorkingClock, work: Promise<T>): Promise<T> {
  return clock.during(work);
}

function awsOptions(
  { registry, clock, dataDir, inMemory = false, invocation = (call) => call() }: LocalOptions,
  names: Names,
  around: Surroundings,
  simulation: Simulation,
): AwsOptions {
  const commands = commandsOf(registry);
  const documents = [...commands.values()].map(
    (command) => [names.document(command.name), { content: documentContent(command), script: scriptOf(command) }] as const,
  );
  const step = handlerOf('run-step', StepEvent, runStep(around));
  const functions = new Map<string, (payload: unknown) => Promise<unknown>>(
    registry.runbooks.map(({ id }) => [
      names.stepFunction(id),
      (payload) => step(payload, lambdaContext(names.stepFunction(id))),
    ]),
  );
  const consumer = queueConsumer(around);
  const prefixes = registry.systems.map(({ id }) => `${id}-`);
  return {
    clock,
    names,
    ...(!inMemory && { dataDir }),
    table: TABLE_SHAPE,
    region: REGION,
    fleet: fleetOf(simulation.fleet, clock),
    documents: new Map(documents),
    invoke: async (name, payload) => {
      const called = functions.get(name);
      if (!called) throw Object.assign(new Error(`Function not found: ${name}`), { name: 'ResourceNotFoundException' });
      return invocation(() => called(payload));
    },
    stateMachines: registry.runbooks.map((runbook) => ({
      name: names.stateMachine(runbook.id),
      description: `${runbook.title}: ${runbook.symptom}`,
      definition: JSON.parse(JSON.stringify(compile(runbook)).replaceAll('${RunStep}', names.stepFunction(runbook.id))),
    })),
    topics: [
      {
        name: names.operatorsTopic,
        role: 'operators',
        subscriptions: [{ protocol: 'email', endpoint: 'operators@yourdomain.com' }],
      },
      ...registry.systems.flatMap((system) =>
        system.roles.map((role) => ({
          name: names.contactTopic(system.id, role.name),
          role: role.name,
          subscriptions: [{ protocol: 'email', endpoint: role.email }],
        })),
      ),
    ],
    alarms: simulation.alarmConfigurations(),
    queueConsumer: (event) => invocation(() => consumer(event, lambdaContext(`${names.prefix}-intake`))),
    busRule: (event) =>
      event.source === 'aws.cloudwatch' &&
      prefixes.some((prefix) => JSON.stringify(event.detail).includes(`"alarmName":"${prefix}`)),
  };
}

function fleetOf(fleet: HostFleet, clock: WorkingClock): HostFleet {
  return { instances: fleet.instances, run: (...script) => during(clock, fleet.run(...script)) };
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

function isOurs({ headers: { host = '' } }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
}

/** Sent by a browser, whose pages can be anybody's. No SDK and no CLI sends these headers. */
function isOfPage({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
}

function reasonData(value: number): string {
  return JSON.stringify({ version: '1.0', recentDatapoints: [value] });
}

function simulated(simulation: Simulation, request: IncomingMessage, response: ServerResponse): void {
  const { status, body } = simulation.answer((request.url ?? '').replace('/simulated/sira', ''));
  // Nothing listens on a simulated port that is closed: the connection ends without an answer.
  if (status === 0) return void request.socket.destroy();
  response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
}
