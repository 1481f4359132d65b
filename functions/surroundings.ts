import type { Runbook } from '../runbooks/language/definition.ts';
import { type Names, names } from '../runbooks/language/names.ts';
import type { SeverityScheme } from '../runbooks/language/severity.ts';
import type { System } from '../runbooks/language/system.ts';
import { type Services, services } from './aws/on-demand.ts';
import { tableClient } from './aws/table/client.ts';
import { makeStore, type Store } from './aws/table/store.ts';
import type { CallWatcher } from './aws/watched.ts';
import { type Configuration, configuration } from './configuration.ts';
import { countInLog } from './embedded-metrics.ts';
import { type Handshake, handshake } from './handshake.ts';
import { type Clock, machineClock } from './incident/clock.ts';
import { type Count, countedOf } from './incident/metrics.ts';
import { asError, log } from './log.ts';

/** The systems and runbooks that this deployment knows. */
export interface Registry {
  systems: readonly System[];
  runbooks: readonly Runbook[];
}

/** Everything that a function needs from outside, handed to it as an argument. */
export interface Surroundings extends Registry, Services {
  clock: Clock;
  config: Configuration;
  names: Names;
  store: Store;
  /** A GET through the front door. */
  fetch: typeof fetch;
  /** A TLS handshake with the front door. */
  handshake: Handshake;
  /** Takes what is counted. Incidents are counted by the store; pages, and incidents that come back, by whoever sees them. */
  count: Count;
}

/**
 * What a function finds around it: on AWS as in local mode, where only the endpoints differ.
 * @param environment `FIREBREAK_CONFIG` and the AWS SDK's own variables
 * @param counting where what is counted goes; the function's log if not said
 */
export function surroundings(
  registry: Registry,
  environment: NodeJS.ProcessEnv = process.env,
  clock: Clock = machineClock,
  watcher?: CallWatcher,
  counting?: Count,
): Surroundings {
  const config = configured(registry, environment);
  const named = names(config.prefix);
  const schemeOf = severitiesOf(registry);
  const count = counting ?? countInLog(environment, named.prefix);
  return {
    ...registry,
    clock,
    config,
    names: named,
    store: makeStore(tableClient(watcher), named.table, schemeOf, (before, after) =>
      countedOf(before, after, onlyLooks(registry)).forEach(count),
    ),
    ...services(config, watcher),
    fetch,
    handshake,
    count,
  };
}

/**
 * A function that is wrongly configured does not start at all: half of it would be worse. On AWS `intake` then fails each of its
 * messages, which stay in the queue until they are dead letters, and those have an alarm that reaches a person; `watch` sends no
 * heartbeat, whose absence is an alarm too. Lambda's own report of a start that failed is a stack trace: this line says it plainly.
 */
function configured(registry: Registry, environment: NodeJS.ProcessEnv): Configuration {
  try {
    return configuration(environment, registry.systems);
  } catch (error) {
    log.critical('Firebreak is wrongly configured, and this function does not start', asError(error));
    throw error;
  }
}

/** @throws {Error} naming the runbook that is not registered */
export function runbookOf(registry: Registry, id: string): Runbook {
  const found = registry.runbooks.find((runbook) => runbook.id === id);
  if (!found) throw new Error(`there is no runbook ${id}`);
  return found;
}

/** @throws {Error} naming the system that is not registered */
export function systemOf(registry: Registry, id: string): System {
  const found = registry.systems.find((system) => system.id === id);
  if (!found) throw new Error(`there is no system ${id}`);
  return found;
}

/** Whether a runbook changes nothing; one that is not registered any more may have. */
export const onlyLooks =
  ({ runbooks }: Pick<Registry, 'runbooks'>) =>
  (id: string): boolean =>
    runbooks.find((runbook) => runbook.id === id)?.acts.length === 0;

/** The severities of a system, the worst first; none of one that is not registered any more. */
export const severitiesOf =
  ({ systems }: Pick<Registry, 'systems'>) =>
  (id: string): SeverityScheme =>
    systems.find((system) => system.id === id)?.severities ?? [];
