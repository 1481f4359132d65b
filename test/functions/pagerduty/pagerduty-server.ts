import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import * as z from 'zod';

const Link = z.strictObject({ href: z.url(), text: z.string().optional() });

/** What Events API v2 takes, as PagerDuty publishes it: the fields and limits of "Send an alert event". */
export const Enqueue = z.discriminatedUnion('event_action', [
  z.strictObject({
    routing_key: z.string().length(32),
    event_action: z.literal('trigger'),
    dedup_key: z.string().max(255).optional(),
    client: z.string().optional(),
    client_url: z.url().optional(),
    links: z.array(Link).optional(),
    images: z.array(z.strictObject({ src: z.url(), href: z.url().optional(), alt: z.string().optional() })).optional(),
    payload: z.strictObject({
      summary: z.string().min(1).max(1_024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime().optional(),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
  z.strictObject({
    routing_key: z.string().length(32),
    event_action: z.enum(['acknowledge', 'resolve']),
    dedup_key: z.string().min(1).max(255),
  }),
]);
export type Enqueued = z.output<typeof Enqueue>;

/** An event is 512 KB at most. */
const MOST_BYTES = 512 * 1024;

export interface PagerdutyServer {
  url: string;
  /** What it took, in order. */
  taken: Enqueued[];
  /** How often it was asked, whatever it answered. */
  asked(): number;
  /** What it answers to the next requests instead of looking at them; `silence` is no answer at all. */
  next(...answers: (number | 'silence')[]): void;
}

/** Stands in for PagerDuty: it takes what the published schema allows, and nothing else. */
export async function pagerdutyServer(): Promise<PagerdutyServer> {
  const taken: Enqueued[] = [];
  const answers: (number | 'silence')[] = [];
  let asked = 0;
  const server = createServer(async (request, response) => {
    asked += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString('utf8');
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const planned = answers.shift();
    if (planned === 'silence') return;
    // As a careless proxy would: what was sent comes back in the answer.
    if (planned !== undefined) return answer(planned, { status: 'throttle exceeded', message: `not taken: ${text}` });
    const json = request.headers['content-type'] === 'application/json';
    if (request.method !== 'POST' || request.url !== '/v2/enqueue' || !json || text.length > MOST_BYTES)
      return answer(404, { status: 'not found' });
    const read = Enqueue.safeParse(JSON.parse(text));
    if (!read.success) return answer(400, { status: 'invalid event', errors: read.error.issues.map(({ message }) => message) });
    taken.push(read.data);
    answer(202, { status: 'success', message: 'Event processed', dedup_key: read.data.dedup_key });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, taken, asked: () => asked, next: (...more) => void answers.push(...more) };
}
