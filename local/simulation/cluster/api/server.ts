import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SimulatedCluster } from '../cluster.ts';
import { discovery, VERSION } from './discovery.ts';
import { exec } from './exec.ts';
import { podLog } from './logs.ts';
import { made } from './made.ts';
import { noSuchPath, Problem } from './problem.ts';
import { type ApiRequest, placeOf } from './request.ts';
import { resource } from './resources.ts';
import { isReview } from './reviews.ts';
import { checkToken } from './token.ts';
import { ApiTrouble } from './trouble.ts';
import { watch } from './watching.ts';

/** What a real API server takes at most. */
const LARGEST_BODY = 3 * 1024 * 1024;

export interface KubernetesApi {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** A connection that is to become a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex): Promise<void>;
}

/** The Kubernetes API of a simulated cluster, under a path of its own such as `/kubernetes/saveit`. */
export function kubernetesApi(cluster: SimulatedCluster, prefix: string): KubernetesApi {
  const trouble = new ApiTrouble(cluster);
  /** @throws {Problem} where the caller is not known, or the server is ill */
  const enter = (request: ApiRequest, { headers }: IncomingMessage): boolean => {
    checkToken(headers.authorization, cluster.parts.clock);
    cluster.settle();
    return trouble.meet(request.method, isReview(request));
  };
  const answered = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await read(incoming, prefix);
    const cut = enter(request, incoming);
    if (cut) breakOff(response);
    const place = made(cluster, request, (verb) => trouble.allows(verb)) ?? simple(request);
    if (place) return cut || json(response, place.status, place.body);
    const at = placeOf(request.path);
    if (!at) return cut || json(response, 200, discovery(request.path));
    if (at.subresource === 'log') return cut || text(response, podLog(cluster, request, at));
    if (isWatch(request)) return cut || (await watch(cluster, request, at, response));
    const { status, body } = resource(cluster, request, at);
    // The controllers see it at once, as far as they have anything to do at this moment.
    cluster.settle();
    return cut || json(response, status, body);
  };
  return {
    handle: async (incoming, response) => {
      try {
        await answered(incoming, response);
      } catch (error) {
        // One that broke off has begun its answer, and says no more, whatever came of it.
        if (!response.destroyed && !response.headersSent) refuse(response, asProblem(error));
      }
    },
    upgrade: async (incoming, socket) => {
      try {
        const request = requestOf(incoming, prefix, undefined);
        if (enter(request, incoming)) return void socket.destroy();
        const at = placeOf(request.path);
        if (at?.subresource !== 'exec') throw noSuchPath();
        await exec(cluster, request, at, incoming, socket);
        cluster.settle();
      } catch (error) {
        const problem = asProblem(error);
        const body = JSON.stringify(problem.status());
        socket.end(
          `HTTP/1.1 ${problem.code} ${problem.reason}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
        );
      }
    },
  };
}

function simple({ path }: ApiRequest): { status: number; body: unknown } | undefined {
  const [first = ''] = path;
  if (first === 'version') return { status: 200, body: VERSION };
  if (['healthz', 'livez', 'readyz'].includes(first)) return { status: 200, body: 'ok' };
  if (first !== 'api' && first !== 'apis') throw noSuchPath();
  return undefined;
}

const isWatch = ({ query, method }: ApiRequest) => method === 'GET' && ['true', '1'].includes(query.get('watch') ?? '');

async function read(incoming: IncomingMessage, prefix: string): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LARGEST_BODY) throw new Problem('BadRequest', 'the request is larger than 3 MB');
    chunks.push(bytes);
  }
  return requestOf(incoming, prefix, size === 0 ? undefined : parsed(Buffer.concat(chunks).toString('utf8')));
}

function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage, prefix: string, body: unknown): ApiRequest {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const path = pathname
    .slice(prefix.length)
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  return { method, path, query: searchParams, accept: headers.accept ?? '', contentType: headers['content-type'] ?? '', body };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json',
    );
  }
}

function json(response: ServerResponse, status: number, body: unknown) {
  if (typeof body === 'string') return text(response, body);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function text(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'text/plain' }).end(body);
}

/** The connection ends when the answer has begun: what was asked for is done, and nobody hears of it. */
function breakOff(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 4_096 });
  response.write('{"kind":"', () => response.destroy());
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem('InternalError', error instanceof Error ? error.message : String(error));
}

function refuse(response: ServerResponse, problem: Problem): void {
  const after = problem.details.retryAfterSeconds;
  const headers = { 'content-type': 'application/json', ...(after !== undefined && { 'retry-after': String(after) }) };
  response.writeHead(problem.code, headers).end(JSON.stringify(problem.status()));
}
