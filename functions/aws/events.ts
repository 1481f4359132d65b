import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type CallWatcher, watched } from './watched.ts';

/** An event for a bus of ours. */
export interface BusEntry {
  source: string;
  detailType: string;
  detail: object;
  /** ISO 8601: when it happened, which EventBridge keeps in whole seconds. */
  at: string;
}

/** EventBridge takes so many in one call. */
const MOST_IN_A_CALL = 10;

/** What the bus did not take. */
export class NotTaken extends Error {
  override name = 'NotTaken';
  /** How many. */
  readonly lost: number;
  constructor(lost: number, why: string) {
    super(why);
    this.lost = lost;
  }
}

export const makeEvents = (watcher?: CallWatcher) => new Events(watched('events', new EventBridgeClient({}), watcher));

export class Events {
  private readonly client: EventBridgeClient;
  constructor(client: EventBridgeClient) {
    this.client = client;
  }

  /**
   * Puts events on a bus, ten in a call. The SDK tries an outage again; an entry that was refused would be refused again.
   * @throws {NotTaken} with how many of them are not there, after all of them were tried
   */
  async put(bus: string, entries: readonly BusEntry[]): Promise<void> {
    let lost = 0;
    let why = '';
    for (let at = 0; at < entries.length; at += MOST_IN_A_CALL) {
      const some = entries.slice(at, at + MOST_IN_A_CALL);
      try {
        const { Entries = [] } = await this.client.send(
          new PutEventsCommand({ Entries: some.map((entry) => asSent(bus, entry)) }),
        );
        for (const { ErrorCode, ErrorMessage = '' } of Entries)
          if (ErrorCode) [lost, why] = [lost + 1, `${ErrorCode}: ${ErrorMessage}`];
      } catch (error) {
        [lost, why] = [lost + some.length, error instanceof Error ? `${error.name}: ${error.message}` : String(error)];
      }
    }
    if (lost > 0) throw new NotTaken(lost, why);
  }
}

function asSent(EventBusName: string, { source, detailType, detail, at }: BusEntry) {
  return { EventBusName, Source: source, DetailType: detailType, Detail: JSON.stringify(detail), Time: new Date(at) };
}
