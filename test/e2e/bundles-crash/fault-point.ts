import { createServer, type IncomingMessage, request as makeRequest, type ServerResponse } from 'node:http';
import type { WorkingClock } from '../../../local/clocks.ts';
import { listen } from '../../../local/front-door.ts';
import type { Environment } from './environment.ts';

/** Before the call has reached AWS, or after AWS has carried it out and before its answer has reached the function. */
export type When = 'before' | 'after';

/** What becomes of a call. */
export interface Fate {
  when: When;
  /** What happens when the process is gone, at the same moment. */
  afterwards?: () => Promise<void>;
}

export interface FaultPoint {
  url: string;
  close(): Promise<void>;
}

/**
 * Between the functions and AWS: passes each call on, and kills the process that makes one where that is its fate. The bundles
 * know nothing of it.
 *
 * @param caller by the access key that a call is signed with
 * @param fate of the call that comes now, and of the function that makes it; it is asked once a call, in the order in which they come
 */
export async function faultPoint(
  upstream: string,
  clock: WorkingClock,
  caller: (accessKeyId: string) => Environment | undefined,
  fate: (target: string, functionName: string) => Fate | undefined,
): Promise<FaultPoint> {
  const server = createServer((incoming, response) => {
    pass(incoming, response).catch(() => response.destroy());
  });
  // No idle connection ends between two calls: a call that fails for that would be made, and counted, again.
  server.keepAliveTimeout = 0;
  const url = await listen(server, 0);

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const environment = caller(accessKeyOf(incoming));
    if (!environment) return void response.writeHead(403).end('nobody known has signed this');
    const fated = fate(targetOf(incoming), environment.functionName);
    const die = async () => {
      await environment.kill();
      response.destroy();
      await fated?.afterwards?.();
    };
    if (fated?.when === 'before') return clock.during(die());
    const forwarded = forward(upstream, incoming);
    const { status, headers, body } = await (isInvocation(incoming) ? environment.waitingFor(forwarded) : forwarded);
    if (fated) return clock.during(die());
    response.writeHead(status, headers).end(body);
  }
  return {
    url,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function forward(upstream: string, incoming: IncomingMessage) {
  const { method = 'GET', url = '/', headers } = incoming;
  const sent: Buffer[] = await Array.fromAsync(incoming);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const { host: _theirs, ...rest } = headers;
    makeRequest(`${upstream}${url}`, { method, headers: rest }, resolve).once('error', reject).end(Buffer.concat(sent));
  });
  const body: Buffer[] = await Array.fromAsync(answer);
  return { status: answer.statusCode ?? 500, headers: answer.headers, body: Buffer.concat(body) };
}

/** `AWS4-HMAC-SHA256 Credential=<access key>/<date>/<region>/<service>/aws4_request, ...` */
function accessKeyOf({ headers }: IncomingMessage): string {
  return /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
}

/** The operation, such as `DynamoDB_20120810.PutItem`, where the protocol says it in a header; else its path. */
function targetOf({ headers, url = '/' }: IncomingMessage): string {
  return String(headers['x-amz-target'] ?? url);
}

/** One function calls another, and waits by the stage's clock. */
function isInvocation({ url = '/' }: IncomingMessage): boolean {
  return url.startsWith('/2015-03-31/functions/');
}
