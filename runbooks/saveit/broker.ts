import type * as z from 'zod';
import type { BrokerPort, brokerPorts } from '../cluster/broker-ports.ts';
import type { podState } from '../cluster/pod-state.ts';
import type { rolloutState } from '../cluster/rollout-state.ts';
import { isBack, type MetricFacts, sayMetric } from '../language/metric.ts';
import { because, type Finding, notNeeded, notYet, type Reason } from '../language/reason.ts';
import { leftAlone } from './left-alone.ts';

/** What is known when it must be said whose broker is down. */
export interface BrokerFacts {
  ports: z.output<typeof brokerPorts.facts>;
  /** Messages of devices per second, where the backend counts them. */
  devices: MetricFacts;
  pods: z.output<typeof podState.facts>;
  deployment: z.output<typeof rolloutState.facts>;
}

/** The broker is a part of the backend, and opens its port when that has started. */
const STARTING_SECONDS = 2 * 60;
/** So many are made new one by one at most: each takes its time, and a step has an end. */
const MOST_SINGLE = 10;

const isStarting = ({ ageSeconds }: BrokerPort) => ageSeconds < STARTING_SECONDS;
/** Started again by itself a moment ago, in the same pod: its broker needs the same time as a new one's. */
const isRestarted = ({ pod }: BrokerPort, { pods }: BrokerFacts['pods']) =>
  pods.some(({ name, lastEndSecondsAgo }) => name === pod && lastEndSecondsAgo !== null && lastEndSecondsAgo < STARTING_SECONDS);
const named = (pods: readonly BrokerPort[]) => pods.map(({ pod }) => pod).join(', ');

/** The pods whose port is known to be closed, and who had their time to open it. */
export const closed = ({ ports, pods }: Pick<BrokerFacts, 'ports' | 'pods'>): BrokerPort[] =>
  ports.pods.filter((pod) => pod.port === 'closed' && !isStarting(pod) && !isRestarted(pod, pods));

/** Each pod by what is known of its port, in a line. */
export function sayPorts({ pods }: BrokerFacts['ports']): string {
  const by = (port: BrokerPort['port']) => pods.filter((pod) => pod.port === port);
  const said = (['open', 'closed', 'silent', 'unknown'] as const).flatMap((port) => {
    const [first] = by(port);
    const why = first && (port === 'unknown' || port === 'silent') && first.said ? ` (${first.said})` : '';
    return first ? [`${port}: ${named(by(port))}${why}`] : [];
  });
  return said.join('; ') || 'the backend has no pods';
}

/** Pods that are to be made new: those that are closed, where others are open or nobody knows of them. */
export function replace(facts: BrokerFacts): Reason {
  const found = ill(facts);
  if (!found.needed) return found;
  return many(facts) ? notNeeded(`${found.why}: all are restarted`) : found;
}

/** All of it: the page's restart. */
export function restartAll(facts: BrokerFacts): Reason {
  const found = ill(facts);
  if (!found.needed) return found;
  return many(facts) ? found : notNeeded('the port is not closed in every pod: only those where it is are made new');
}

/** All, or more than can be made new one by one: the page's restart makes several at a time. */
const many = (facts: BrokerFacts) => {
  const { length } = closed(facts);
  return length === facts.ports.count || length > MOST_SINGLE;
};

function ill(facts: BrokerFacts): Reason {
  const { ports } = facts;
  const shut = closed(facts);
  if (ports.count === 0) return notNeeded('the backend has no pods');
  if (shut.length === 0) return notNeeded(whyNone(facts));
  const why = `the port of the broker is closed in ${shut.length} of ${ports.count} pods (${named(shut)})`;
  const no = leftAlone(facts);
  return no ? notNeeded(`${why}, but ${no}: new pods would not help`) : because(why);
}

function whyNone({ ports }: BrokerFacts): string {
  const young = ports.pods.filter((pod) => pod.port === 'closed');
  if (young.length > 0) return `the port is closed in pods that are just starting (${named(young)})`;
  const unknown = ports.pods.filter(({ port }) => port === 'unknown' || port === 'silent');
  if (unknown.length === 0) return 'the port of the broker is open in every pod';
  return `unknown whether the port is open in ${named(unknown)}: ${unknown[0]?.said || 'no answer in time'}`;
}

/** Where nothing counts the messages, the port is all that can be asked for; where something does, they must come again. */
export function holds({ ports, deployment, devices }: Pick<BrokerFacts, 'ports' | 'deployment' | 'devices'>): Finding {
  if (ports.count === 0) return 'the backend has no pods';
  const notOpen = ports.pods.filter(({ port }) => port !== 'open');
  if (notOpen.length === 0 && deployment.available >= deployment.replicas) {
    const back = isBack(devices);
    return typeof back === 'string'
      ? notYet(`the port is open in every pod, and devices do not report as before: ${back}`)
      : true;
  }
  if (deployment.underWay) return notYet(deployment.sign);
  if (notOpen.length === 0) return notYet(`${deployment.available} of ${deployment.replicas} pods are available`);
  return notOpen.every(isStarting) ? notYet(`starting: ${named(notOpen)}`) : sayPorts(ports);
}

export function told(facts: BrokerFacts): string {
  const found = ill(facts);
  return [
    `Port of the broker: ${sayPorts(facts.ports)}.`,
    `Messages of devices, when the ports were looked at: ${sayMetric(facts.devices)}.`,
    // Read also after a restart: then it says why there is not one more.
    ...(found.needed ? [] : [`No restart now: ${found.why}.`]),
    'Devices keep what they could not send, or lose it, as each is made: those whose status stays stale are to be looked at.',
  ].join('\n');
}
