import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import * as z from 'zod';
import type { GatewayEvent } from '../../../functions/links/gateway.ts';
import { type Registry, type Surroundings, surroundings } from '../../../functions/surroundings.ts';
import { type AwsServer, createAwsServer } from '../../../local/aws/server.ts';
import { type VirtualClock, virtualClock } from '../../../local/clocks.ts';
import { deployed, REGION } from '../../../local/deployed.ts';
import { type Answering, frontDoor, listen } from '../../../local/front-door.ts';
import { createSimulation, type Simulation } from '../../../local/simulation/simulation.ts';
import { LOCAL_ACCOUNT, names as namesOf } from '../../../runbooks/language/names.ts';
import { placeholders } from '../../../runbooks/language/people.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';
import { type Fate, faultPoint } from './fault-point.ts';
import { type LambdaService, lambdaService } from './lambda-service.ts';

const names = namesOf();
const BatchResponse = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });
const GatewayResponse = z.object({ statusCode: z.number() });
/** The name of the HTTP API in front of the links. */
const LINKS = 'pages.example.com';
const CREDENTIALS = { AWS_REGION: REGION, AWS_ACCESS_KEY_ID: 'TEST', AWS_SECRET_ACCESS_KEY: 'test' };

/** Local mode's AWS and its simulated hosts, with the bundles in the place of the functions. Time passes when it is driven. */
export interface Stage {
  clock: VirtualClock;
  aws: AwsServer;
  lambda: LambdaService;
  /** The table, for the test itself. */
  around: Surroundings;
  simulation: Simulation;
  dataDir: string;
  /** A round of the auditor, as its schedule starts it: an asynchronous invocation. @throws what the function failed with */
  watch(): Promise<unknown>;
  /** The button behind a link of a mail, through the HTTP API. @returns its status; that of a gateway where the function died */
  press(link: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * @param asset the folder of the bundles
 * @param fate of each call that a function makes, in the order in which they come
 */
export async function stage(
  registry: Registry,
  asset: string,
  dataDir: string,
  fate: (target: string, functionName: string) => Fate | undefined,
): Promise<Stage> {
  const clock = virtualClock();
  const server = createServer();
  const url = await listen(server, 0);
  const simulated = `${url}/simulated/sira`;
  const settings = SiraSettings.parse({ urls: { api: `${simulated}/api/health`, site: `${simulated}/` } });
  const simulation = await createSimulation({ dataDir: join(dataDir, 'simulation'), clock, settings });
  const people = Object.fromEntries(registry.systems.map((system) => [system.id, { contacts: placeholders(system) }]));
  const deployment = { account: LOCAL_ACCOUNT, region: REGION, linksUrl: `https://${LINKS}`, people };
  const config = { ...deployment, defaultMode: 'auto', systems: { sira: settings } };
  const FIREBREAK_CONFIG = JSON.stringify(config);
  Object.assign(process.env, CREDENTIALS, { AWS_ENDPOINT_URL: url });
  const around = surroundings(registry, { FIREBREAK_CONFIG }, clock, (_service, _operation, call) => clock.during(call()));

  const faults = await faultPoint(url, clock, (key) => lambda.signedBy(key), fate);
  const own = { ...CREDENTIALS, AWS_ENDPOINT_URL: faults.url, FIREBREAK_CONFIG, POWERTOOLS_LOG_LEVEL: 'SILENT' };
  const bundles = new Map([
    [names.intakeFunction, join(asset, 'intake.mjs')],
    [names.watchFunction, join(asset, 'watch.mjs')],
    [names.escalateFunction, join(asset, 'escalate.mjs')],
    [names.linksFunction, join(asset, 'links.mjs')],
    ...registry.runbooks.map(({ id }) => [names.stepFunction(id), join(asset, 'run-step.mjs')] as const),
  ]);
  const variables = { ...process.env, ...own, LAMBDA_TASK_ROOT: asset, NODE_COMPILE_CACHE: join(dataDir, 'compiled') };
  const lambda = lambdaService(await runtime(dataDir), bundles, clock, variables);
  const { fleet } = simulation;
  const parts = { registry, clock, names, around, fleet, alarms: simulation.alarmConfigurations() };
  const aws = createAwsServer({
    ...deployed({ ...parts, invocation: () => Promise.reject(new Error('only bundles are at work here')) }),
    invoke: lambda.invoke,
    queueConsumer: async (event) => BatchResponse.parse(await lambda.invoke(names.intakeFunction, event)),
  });
  server.on('request', frontDoor({ aws, simulated: systemOf(simulation) }));
  server.keepAliveTimeout = 0;
  await aws.start();
  aws.recover();
  return {
    clock,
    aws,
    lambda,
    around,
    simulation,
    dataDir,
    watch: () => lambda.invoke(names.watchFunction, {}),
    press: async (link) => {
      const answer = lambda.invoke(names.linksFunction, pressing(link)).then((said) => GatewayResponse.parse(said));
      return (await answer.catch(() => ({ statusCode: 502 }))).statusCode;
    },
    close: async () => {
      await aws.close();
      await simulation.close();
      await lambda.close();
      await faults.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What API Gateway makes of it. */
function pressing(link: string): GatewayEvent {
  const requestContext = { domainName: LINKS, http: { method: 'POST' } };
  return { version: '2.0', rawPath: new URL(link).pathname, headers: {}, isBase64Encoded: false, requestContext };
}

/** Built, because a process that strips types takes longer to begin, and hundreds begin. @returns its file */
async function runtime(folder: string): Promise<string> {
  const outfile = join(folder, 'runtime.mjs');
  const entryPoints = [join(import.meta.dirname, 'runtime.ts')];
  await build({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', target: 'node24', logLevel: 'error' });
  return outfile;
}

/** The URLs of the simulated system, as local mode serves them. */
function systemOf(simulation: Simulation): Answering {
  return (request, response) => {
    const { status, body } = simulation.answer((request.url ?? '').replace('/simulated/sira', ''));
    // Nothing listens on a port that is closed: the connection ends without an answer.
    if (status === 0) return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
  };
}
