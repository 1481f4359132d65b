import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { arns as arnsOf, nameOf } from './arns.ts';
import { createDeadlines } from './deadlines.ts';
import { createDynamoDb } from './dynamodb.ts';
import { elasticKubernetes } from './eks.ts';
import { lambda } from './lambda.ts';
import { createEventSource } from './messaging/event-source.ts';
import { createQueue, type Message } from './messaging/queue.ts';
import { simpleNotificationService } from './messaging/sns.ts';
import { simpleQueueService } from './messaging/sqs.ts';
import { createTopics, type Delivered } from './messaging/topics.ts';
import { type Alarms, createAlarms } from './monitoring/alarms.ts';
import { type BusEvent, createBus } from './monitoring/bus.ts';
import { cloudWatch } from './monitoring/cloudwatch.ts';
import { eventBridge } from './monitoring/eventbridge.ts';
import { createMetrics, type MetricValue } from './monitoring/metrics.ts';
import type { AwsOptions } from './options.ts';
import { type Answer, answer, unknownService } from './protocol/answer.ts';
import { type AwsRequest, credentialScope, readRequest, unsubscribeLink } from './protocol/request.ts';
import type { Service } from './protocol/service.ts';
import type { Execution } from './step-functions/execution.ts';
import { createStepFunctions } from './step-functions/start.ts';
import { createStore } from './store.ts';
import { securityTokenService } from './sts.ts';
import type { OpsItem } from './systems-manager/ops-items.ts';
import { createSystemsManager } from './systems-manager/start.ts';

export interface AwsServer {
  /** Whether a request is an AWS call, and so one for {@link AwsServer.handle}. */
  accepts(request: Pick<IncomingMessage, 'headers' | 'url'>): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Makes what is not there yet. To be called before the first request. */
  start(): Promise<void>;
  /**
   * Takes up where an earlier process ended: interrupted executions are aborted, undelivered commands delivered, and the
   * queue begins to deliver. To be called when the port answers, because the functions will call it.
   */
  recover(): void;
  /** Ends scripts and executions; what is durable stays. Resolves when nothing runs any more. */
  close(): Promise<void>;
  /** What reached people, the oldest first. */
  inbox(): Delivered[];
  /** Every ticket of OpsCenter. */
  tickets(): OpsItem[];
  deadLetters(): Message[];
  executions(): Execution[];
  /** The latest events of the default bus, the oldest first. */
  events(): BusEvent[];
  /** The latest events of Firebreak's own bus, the oldest first. */
  domainEvents(): BusEvent[];
  metrics(): MetricValue[];
  alarms: Pick<Alarms, 'all' | 'get' | 'setState'>;
}

/**
 * The AWS APIs that the responder uses, behind one handler for one port. Requests are told apart by the service in
 * their credential scope. **Signatures are not verified**: bind to 127.0.0.1 only, and check Host and Origin before.
 */
export function createAwsServer(options: AwsOptions): AwsServer {
  const { clock, names, dataDir, region = 'us-east-1', ids = randomUUID } = options;
  const arns = arnsOf(region);
  const store = createStore(dataDir && join(dataDir, 'aws'));
  const deadlines = createDeadlines(clock);
  const dynamoDb = createDynamoDb(dataDir && join(dataDir, 'dynamodb'));
  const shared = { store, clock, deadlines, arns, ids };

  const { visibilityTimeout, maxReceiveCount } = options.redelivery ?? { visibilityTimeout: 30, maxReceiveCount: 3 };
  const deadLetters = createQueue(shared, { name: names.deadLetters, visibilityTimeout });
  const signals = createQueue(shared, {
    name: names.signalsQueue,
    visibilityTimeout,
    deadLetters: { queue: deadLetters, maxReceiveCount },
  });
  const queues = new Map([signals, deadLetters].map((queue) => [queue.settings.name, queue]));
  const source = createEventSource(signals, options.queueConsumer, arns);
  const toQueue = { protocol: 'sqs', endpoint: arns.queue(signals.settings.name) };
  const others = options.topics.filter(({ name }) => name !== names.signalsTopic);
  const topics = createTopics({ ...shared, toQueue: (arn, body) => queues.get(nameOf(arn))?.send(body) }, [
    ...others,
    { name: names.signalsTopic, subscriptions: [toQueue] },
  ]);

  const bus = createBus(clock, region, ids, (event) => {
    if (options.busRule(event)) signals.send(JSON.stringify(event));
  });
  const domain = createBus(clock, region, ids, () => undefined);
  const alarms = createAlarms({ ...shared, bus }, options.alarms);
  const metrics = createMetrics(clock);
  const machines = createStepFunctions(
    { ...shared, random: options.random ?? Math.random, invoke: options.invoke, bus },
    options,
  );
  const { parameters = {}, secrets = {}, fleet, documents } = options;
  const hosts = createSystemsManager({ ...shared, fleet, documents }, { parameters, secrets });

  const services: Readonly<Record<string, Service>> = {
    states: machines.service,
    ssm: hosts.service,
    sns: simpleNotificationService(topics, arns, ids),
    sqs: simpleQueueService(queues, arns),
    monitoring: cloudWatch(alarms, metrics, arns),
    events: eventBridge({ default: bus, [names.eventBus]: domain }),
    sts: securityTokenService,
  };
  const scopeOf = (request: Pick<IncomingMessage, 'headers' | 'url'>) =>
    credentialScope(request) ?? unsubscribeLink(request, region);
  const answerTo = (request: AwsRequest): Promise<Answer> | Answer => {
    const service = Object.hasOwn(services, request.service) ? services[request.service] : undefined;
    if (request.service === 'eks') return elasticKubernetes(options.clusters ?? {}, request, ids());
    if (request.service === 'lambda') return lambda(options, request, ids());
    return service ? answer(service, request, ids()) : unknownService(request, ids());
  };

  return {
    accepts: (request) => scopeOf(request) !== undefined,
    handle: async (incoming, response) => {
      const scope = scopeOf(incoming);
      if (!scope) return send(response, { status: 403, headers: {}, body: 'not an AWS request: it has no credential scope' });
      let request: AwsRequest;
      try {
        request = await readRequest(incoming, scope);
      } catch (error) {
        return send(response, { status: 400, headers: {}, body: error instanceof Error ? error.message : String(error) });
      }
      if (scope.service === 'dynamodb') return dynamoDb.handle(request, response);
      try {
        send(response, await answerTo(request));
      } catch (error) {
        console.error(error);
        send(response, { status: 500, headers: {}, body: 'local mode failed at this request; its log says why' });
      }
    },
    start: () => dynamoDb.ensureTable(names.table, options.table),
    recover: () => {
      machines.recover();
      hosts.recover();
      source.start();
    },
    close: async () => {
      machines.close();
      deadlines.close();
      await Promise.all([hosts.close(), source.stop()]);
      await dynamoDb.close();
    },
    inbox: topics.inbox,
    tickets: hosts.tickets,
    deadLetters: deadLetters.messages,
    executions: machines.executions,
    events: bus.events,
    domainEvents: domain.events,
    metrics: metrics.last,
    alarms,
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
