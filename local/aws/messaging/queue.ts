import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../../functions/incident/clock.ts';
import type { Deadlines } from '../deadlines.ts';
import type { Store } from '../store.ts';

export const Message = z.object({
  id: z.string(),
  body: z.string(),
  /** Milliseconds since 1970, as SQS tells times. */
  sentAt: z.number(),
  firstReceivedAt: z.number().optional(),
  receiveCount: z.number().int(),
  /** Not given out before this, while somebody has it. */
  visibleAt: z.number(),
  receipt: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()),
});
export type Message = z.infer<typeof Message>;
export type Received = Message & { receipt: string };

export interface QueueSettings {
  name: string;
  /** In seconds of the clock. */
  visibilityTimeout: number;
  /** A message that was received this often and not deleted goes to the dead letters. */
  deadLetters?: { queue: Queue; maxReceiveCount: number };
}

export interface Queue {
  readonly settings: QueueSettings;
  send(body: string, attributes?: Record<string, unknown>): Message;
  /** @param visibilityTimeout in seconds of the clock, instead of the queue's own */
  receive(most: number, visibilityTimeout?: number): Received[];
  /** Deletes by receipt; a receipt that is no longer known changes nothing, as in SQS. */
  remove(receipt: string): void;
  /** @param seconds of the clock, from now */
  changeVisibility(receipt: string, seconds: number): boolean;
  purge(): void;
  count(): { visible: number; inFlight: number };
  messages(): Message[];
  /** Called when there may be something to receive. */
  onMessages(listener: () => void): void;
  /** After a restart: nobody has any message, so all can be given out. */
  releaseAll(): void;
}

export interface QueueDependencies {
  store: Store;
  clock: Clock;
  deadlines: Deadlines;
  ids: () => string;
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** A standard queue, one file a message. Delivered at least once; the order is that of sending, which nothing may rely on. */
export function createQueue({ store, clock, deadlines, ids }: QueueDependencies, settings: QueueSettings): Queue {
  const folder = store.folder(`queue-${settings.name}`, Message);
  const listeners: (() => void)[] = [];
  const now = () => clock.now().getTime();
  const announce = () => {
    for (const listener of listeners) listener();
  };
  const returning = new Map<string, () => void>();
  const announceAt = (id: string, at: number) => {
    returning.get(id)?.();
    returning.set(id, deadlines.at(at, announce));
  };
  const forget = (id: string) => {
    returning.get(id)?.();
    returning.delete(id);
    folder.remove(id);
  };
  /** A receipt is the message's id and how often it had been given out: an older one is worth nothing. */
  const holding = (receipt: string) => {
    const message = folder.get(receipt.slice(0, receipt.lastIndexOf('#')));
    return message?.receipt === receipt ? message : undefined;
  };

  const give = (message: Message, seconds: number): Received => {
    const at = now();
    const visibleAt = at + seconds * 1_000;
    const receiveCount = message.receiveCount + 1;
    const receipt = `${message.id}#${receiveCount}`;
    const given = { ...message, receipt, visibleAt, receiveCount, firstReceivedAt: message.firstReceivedAt ?? at };
    folder.put(message.id, given);
    announceAt(message.id, visibleAt);
    return given;
  };
  const isSpent = (message: Message) =>
    settings.deadLetters !== undefined && message.receiveCount >= settings.deadLetters.maxReceiveCount;
  const bury = (message: Message) => {
    settings.deadLetters?.queue.send(message.body, message.attributes);
    forget(message.id);
  };

  return {
    settings,
    send: (body, attributes = {}) => {
      const at = now();
      const message: Message = { id: ids(), body, sentAt: at, receiveCount: 0, visibleAt: at, attributes };
      folder.put(message.id, message);
      setImmediate(announce);
      return message;
    },
    receive: (most, visibilityTimeout = settings.visibilityTimeout) => {
      const ready = folder.all().filter((message) => message.visibleAt <= now());
      for (const message of ready.filter(isSpent)) bury(message);
      const alive = ready.filter((message) => !isSpent(message)).sort((a, b) => a.sentAt - b.sentAt);
      return alive.slice(0, most).map((message) => give(message, visibilityTimeout));
    },
    remove: (receipt) => {
      const message = holding(receipt);
      if (message) forget(message.id);
    },
    changeVisibility: (receipt, seconds) => {
      const message = holding(receipt);
      if (!message) return false;
      const visibleAt = now() + seconds * 1_000;
      folder.put(message.id, { ...message, visibleAt });
      announceAt(message.id, visibleAt);
      return true;
    },
    purge: () => {
      for (const { id } of folder.all()) forget(id);
    },
    count: () => {
      const visible = folder.all().filter((message) => message.visibleAt <= now()).length;
      return { visible, inFlight: folder.all().length - visible };
    },
    messages: () => folder.all(),
    onMessages: (listener) => listeners.push(listener),
    releaseAll: () => {
      for (const message of folder.all()) folder.put(message.id, { ...message, visibleAt: now() });
      announce();
    },
  };
}
