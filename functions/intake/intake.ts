import { worse } from '../../runbooks/language/severity.ts';
import type { Signal } from '../../runbooks/language/signal.ts';
import type { OwnedTrigger } from '../../runbooks/language/trigger.ts';
import { select } from '../../runbooks/language/trigger.ts';
import { Conflict } from '../aws/table/items.ts';
import type { Claim } from '../incident/claim.ts';
import { between, iso } from '../incident/clock.ts';
import { idFrom } from '../incident/ids.ts';
import { log } from '../log.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { ABANDONED_MS } from './abandoned.ts';
import { endByClearing } from './cleared.ts';
import { normalise } from './normalise/normalise.ts';
import type { Left } from './normalise/understood.ts';
import { openIncident } from './open-incident.ts';
import { type Chosen, raise } from './raise.ts';
import { signalEvent } from './signal-event.ts';

/** One message of the queue, whatever sent it. */
export interface Message {
  id: string;
  body: string;
  /** When it reached the queue, ISO 8601 in UTC. */
  receivedAt: string;
}

/**
 * One message of the queue: each of its alerts becomes a signal, and each signal is counted or opens an incident. What can't
 * be understood and was published on purpose pages a person with the payload; then it is done, and not tried for ever.
 *
 * @throws when something was not reached: the queue delivers the message again, and what was done is found done
 */
export const intake =
  (around: Surroundings) =>
  async (message: Message): Promise<void> => {
    const systems = around.systems.map(({ id, alerts }) => ({ id, alerts, settings: around.config.settingsOf(id) }));
    const { signals, left, ignored } = normalise(message.body, message.receivedAt, message.id, {
      systems,
      prefix: around.names.prefix,
    });
    for (const why of ignored) log.info('ignored', { why });
    await each([
      ...signals.map((signal) => () => take(around, signal, message.id)),
      ...left.map((one) => () => pageNotUnderstood(around, one)),
    ]);
  };

/** One after the other, each of them tried: an alert that fails must not silence those behind it. @throws the first error */
async function each(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const failed: unknown[] = [];
  for (const task of tasks) await task().catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
}

async function take(around: Surroundings, signal: Signal, messageId: string): Promise<void> {
  if (signal.status === 'firing' && !signal.suppressed) return fire(around, signal, messageId);
  const { claims } = around.store;
  const claim =
    signal.status === 'cleared'
      ? await claims.clear(signal)
      : signal.status === 'unknown'
        ? await claims.unknown(signal)
        : await claims.get(signal.dedupKey);
  if (claim?.incidentId && claim.state !== 'aside') {
    await tellSignal(around, claim.incidentId, signal);
    await endByClearing(around, claim);
  } else
    log.info('starts nothing', {
      alert: signal.alert,
      system: signal.system,
      status: signal.status,
      suppressed: signal.suppressed ?? '',
    });
}

/** A firing alarm: the first opens the incident, a repeat is one write. */
async function fire(around: Surroundings, signal: Signal, messageId: string): Promise<void> {
  const now = iso(around.clock.now());
  const chosen = choose(around, signal);
  // Made of the message, so that a message that is delivered again finds its own claim and completes it.
  const mine = idFrom(signal.dedupKey, messageId);
  const claim = await around.store.claims.fire(signal, { incidentId: mine, ...chosen, message: messageId, now });
  if (!claim) return log.info('older than what its source said last', { alert: signal.alert, system: signal.system });
  const abandoned = claim.openingSince !== undefined && between(claim.openingSince, now) > ABANDONED_MS;
  if (claim.state === 'opening' && (claim.incidentId === mine || abandoned)) {
    // It may be another incident's now, for which nothing is started.
    if (!(await openIncident(around, claim, signal))) return;
  }
  if (claim.state === 'aside') return riseAside(around, claim, signal, chosen);
  await raise(around, claim, signal, chosen);
}

/** What is worked on has no incident yet: what becomes worse meanwhile is what it will open with. */
async function riseAside(around: Surroundings, claim: Claim, { system }: Signal, { severity, runbook }: Chosen): Promise<void> {
  const before = claim.severity ?? severity;
  if (!worse(systemOf(around, system).severities, severity, before)) return;
  const others = claim.runbooks.filter((one) => one !== runbook);
  try {
    await around.store.claims.raise(claim, severity, runbook ? [runbook, ...others] : others);
  } catch (error) {
    // Another signal came at the same moment. What it opens with can be raised then, too.
    if (!(error instanceof Conflict)) throw error;
  }
}

/** Which runbook answers to a signal, and how bad it is. Where none does, the alert's own severity stands. */
export function choose(around: Surroundings, signal: Pick<Signal, 'system' | 'alert' | 'value' | 'severity'>): Chosen {
  const system = systemOf(around, signal.system);
  const triggers = around.runbooks
    .filter((runbook) => runbook.system.id === signal.system)
    .flatMap((runbook) => runbook.triggers.map((trigger): OwnedTrigger => ({ ...trigger, runbook: runbook.id })));
  const trigger = select(triggers, signal);
  if (trigger) return { runbook: trigger.runbook, severity: trigger.severity };
  const declared = system.alerts.find((alert) => alert.name === signal.alert)?.severity;
  const given = system.severities.find((severity) => severity.name === signal.severity)?.name;
  // An alert that nobody declared is taken for the second worst: bad enough to wake somebody, and reviewed.
  return { runbook: null, severity: declared ?? given ?? system.severities[1]?.name ?? system.severities[0]?.name ?? '' };
}

async function tellSignal(around: Surroundings, incidentId: string, signal: Signal): Promise<void> {
  await around.store.incidents.tell(incidentId, signalEvent(signal));
}

async function pageNotUnderstood(around: Surroundings, left: Left): Promise<void> {
  log.warn('not understood', { why: left.why });
  if (!left.published) return;
  const message = [
    'An alarm reached Firebreak and could not be understood. It started nothing: please look at it yourself.',
    `Why: ${left.why}`,
    '',
    'What came:',
    left.payload,
  ];
  await around.topics.publish(around.names.operatorsTopic, 'Firebreak: an alarm could not be understood', message.join('\n'));
}
