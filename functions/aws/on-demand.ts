import type { Alarms } from './alarms.ts';
import type { Clusters } from './cluster/clusters.ts';
import type { Events } from './events.ts';
import type { Functions } from './functions.ts';
import type { Metrics } from './metrics.ts';
import type { Parameters } from './parameters.ts';
import { executionArn, type Place } from './place.ts';
import type { Queues } from './queues.ts';
import type { Signatures } from './signatures.ts';
import type { StepFunctions } from './step-functions.ts';
import type { SystemsManager } from './systems-manager.ts';
import type { Tickets } from './tickets.ts';
import type { Topics } from './topics.ts';
import type { CallWatcher } from './watched.ts';

/** What others see of a class: a stand-in has that, too. */
type Public<T> = Pick<T, keyof T>;

/** The services that a function may need beside the table. */
export interface Services {
  machines: Public<StepFunctions> & { executionArn(machine: string, name: string): string };
  hosts: Public<SystemsManager>;
  clusters: Public<Clusters>;
  topics: Public<Topics>;
  events: Public<Events>;
  parameters: Public<Parameters>;
  tickets: Public<Tickets>;
  alarms: Public<Alarms>;
  metrics: Public<Metrics>;
  functions: Public<Functions>;
  queues: Public<Queues>;
  signatures: Public<Signatures>;
}

/**
 * Each service is loaded when it is first called, and kept: an alarm that only repeats needs the table alone, and should not wait
 * for all SDK clients. In the bundle each is a chunk of its own.
 */
export function services(place: Place, watcher?: CallWatcher): Services {
  const machines = once(async () => (await import('./step-functions.ts')).makeStepFunctions(place, watcher));
  const hosts = once(async () => (await import('./systems-manager.ts')).makeSystemsManager(watcher));
  const clusters = once(async () => (await import('./cluster/clusters.ts')).makeClusters(watcher));
  const topics = once(async () => (await import('./topics.ts')).makeTopics(place, watcher));
  const events = once(async () => (await import('./events.ts')).makeEvents(watcher));
  const parameters = once(async () => (await import('./parameters.ts')).makeParameters(watcher));
  const tickets = once(async () => (await import('./tickets.ts')).makeTickets(watcher));
  const alarms = once(async () => (await import('./alarms.ts')).makeAlarms(watcher));
  const metrics = once(async () => (await import('./metrics.ts')).makeMetrics(watcher));
  const functions = once(async () => (await import('./functions.ts')).makeFunctions(watcher));
  const queues = once(async () => (await import('./queues.ts')).makeQueues(watcher));
  const signatures = once(async () => (await import('./signatures.ts')).makeSignatures());
  return {
    machines: {
      executionArn: (machine, name) => executionArn(place, machine, name),
      start: async (...given) => (await machines()).start(...given),
      status: async (...given) => (await machines()).status(...given),
      goOn: async (...given) => (await machines()).goOn(...given),
      giveUp: async (...given) => (await machines()).giveUp(...given),
    },
    hosts: {
      tagged: async (...given) => (await hosts()).tagged(...given),
      send: async (...given) => (await hosts()).send(...given),
      state: async (...given) => (await hosts()).state(...given),
      cancel: async (...given) => (await hosts()).cancel(...given),
    },
    clusters: { open: async (...given) => (await clusters()).open(...given) },
    topics: {
      publish: async (...given) => (await topics()).publish(...given),
      reaches: async (...given) => (await topics()).reaches(...given),
    },
    parameters: { secret: async (...given) => (await parameters()).secret(...given) },
    events: { put: async (...given) => (await events()).put(...given) },
    tickets: {
      write: async (...given) => (await tickets()).write(...given),
      close: async (...given) => (await tickets()).close(...given),
    },
    alarms: {
      state: async (...given) => (await alarms()).state(...given),
      standing: async (...given) => (await alarms()).standing(...given),
    },
    metrics: { beat: async (...given) => (await metrics()).beat(...given) },
    functions: { call: async (...given) => (await functions()).call(...given) },
    queues: { depth: async (...given) => (await queues()).depth(...given) },
    signatures: { headers: async (...given) => (await signatures()).headers(...given) },
  };
}

/** Loads all of them now: for a process whose clock must not run on while one is loaded. */
export async function loadServices(): Promise<void> {
  await Promise.all([
    import('./step-functions.ts'),
    import('./systems-manager.ts'),
    import('./cluster/clusters.ts'),
    import('./topics.ts'),
    import('./events.ts'),
    import('./parameters.ts'),
    import('./tickets.ts'),
    import('./alarms.ts'),
    import('./metrics.ts'),
    import('./functions.ts'),
    import('./queues.ts'),
    import('./signatures.ts'),
  ]);
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
