import type { Signal } from '../../../runbooks/language/signal.ts';
import type { Alert, HostedSettings } from '../../../runbooks/language/system.ts';
import { redact } from '../../run-step/redact.ts';
import { payload } from './bounds.ts';

/** A system as far as its signals are concerned. */
export interface KnownSystem {
  id: string;
  alerts: readonly Alert[];
  settings: HostedSettings;
}

/** What a message is read against. */
export interface Surroundings {
  systems: readonly KnownSystem[];
  /** The prefix of Firebreak's own resources, usually `firebreak`. */
  prefix: string;
}

/** How a message came. */
export interface Arrival {
  messageId: string;
  /** When it reached the queue, ISO 8601 in UTC. A message that is delivered twice has the same time twice. */
  receivedAt: string;
  /**
   * Someone published it to the topic on purpose. What comes from the bus instead is every alarm of the account that
   * the rule lets through.
   */
  published: boolean;
  /** SNS's subject, if there was one. */
  subject: string;
  /** The sender had to cut it at SNS's limit of 256 KB. */
  truncated: boolean;
}

/** An alert, or a whole message, that no signal came of. When it was published, a person must hear of it. */
export interface Left {
  /** A sentence that names the field and what was expected. */
  why: string;
  /** What came, without its secrets, capped. Untrusted text. */
  payload: string;
  published: boolean;
  messageId: string;
}

/**
 * What became of one message. Each of its alerts is in exactly one of the three, so that none is lost: a signal, left
 * over with the reason, or ignored on purpose (only logged).
 */
export interface Understood {
  signals: Signal[];
  left: Left[];
  /** Why each was ignored: a configuration change, a handshake of SNS, our own alarms, an event in no system's scope. */
  ignored: string[];
}

export function understood(signal: Signal): Understood {
  return { signals: [signal], left: [], ignored: [] };
}

export function ignored(why: string): Understood {
  return { signals: [], left: [], ignored: [why] };
}

/** @param what what came: text as it came, anything else as JSON */
export function notUnderstood(why: string, what: unknown, arrival: Arrival): Understood {
  const cut = arrival.truncated ? `${why} (the sender had cut the message at 256 KB)` : why;
  const { published, messageId } = arrival;
  return { signals: [], left: [{ why: redact(cut), payload: payload(written(what)), published, messageId }], ignored: [] };
}

/** JSON that can be read can still be nested too deeply to be written. */
function written(what: unknown): string {
  if (typeof what === 'string') return what;
  try {
    return JSON.stringify(what);
  } catch {
    return '(nested too deeply to be shown)';
  }
}

export function together(parts: readonly Understood[]): Understood {
  return {
    signals: parts.flatMap((part) => part.signals),
    left: merged(parts.flatMap((part) => part.left)),
    ignored: parts.flatMap((part) => part.ignored),
  };
}

/** One group of fifty alerts with one mistake is one page, not fifty. */
function merged(all: readonly Left[]): Left[] {
  return [...Map.groupBy(all, (one) => one.why).values()].flatMap((same) => {
    const [first] = same;
    if (!first || same.length === 1) return same;
    const shown = payload(same.map((one) => one.payload).join('\n'));
    return [{ ...first, why: `${first.why} (${same.length} alerts of this message)`, payload: shown }];
  });
}
