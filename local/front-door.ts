import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AwsServer } from './aws/server.ts';

export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** What the one port serves. */
export interface Rooms {
  aws: AwsServer;
  /** What is not an AWS call. */
  pages?: Answering;
  /** What the simulated systems themselves answer, under `/simulated/`. */
  simulated?: Answering;
  /** The simulated clusters' APIs, under `/kubernetes/`. */
  kubernetes?: Answering;
}

/** Who may come in at the one port, and whose request it is. */
export function frontDoor({ aws, pages, simulated, kubernetes }: Rooms): Answering {
  return (request, response) => {
    // Only this machine's own pages may speak to it: a name that leads here from elsewhere is not ours.
    if (!isOurs(request)) return refuse(response, 'Firebreak answers to 127.0.0.1 and localhost only');
    // Nor does any answer to it say that another page may read along.
    if (request.method === 'OPTIONS') return refuse(response, 'Firebreak answers to its own pages only');
    if (simulated && request.url?.startsWith('/simulated/')) return simulated(request, response);
    if (kubernetes && request.url?.startsWith('/kubernetes/')) {
      if (isOfPage(request)) return refuse(response, 'The Kubernetes API is not for web pages');
      return kubernetes(request, response);
    }
    if (aws.accepts(request)) {
      if (isOfPage(request)) return refuse(response, 'The AWS APIs are not for web pages');
      return void aws.handle(request, response);
    }
    return pages ? pages(request, response) : void response.writeHead(404).end();
  };
}

/** As strict as every answer of the console: text that a browser takes for nothing else, and runs nothing of. */
function refuse(response: ServerResponse, why: string): void {
  response
    .writeHead(403, {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      'Cache-Control': 'no-store',
    })
    .end(why);
}

/** Whether a connection may become a WebSocket: a program's of this machine. A page's always says where it is from. */
export const mayUpgrade = (request: IncomingMessage): boolean =>
  isOurs(request) && !isOfPage(request) && (request.url?.startsWith('/kubernetes/') ?? false);

function isOurs({ headers: { host = '' } }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
}

/** Sent by a browser, whose pages can be anybody's. No SDK and no CLI sends these headers. */
function isOfPage({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
}

/** @returns the URL at which it listens, on 127.0.0.1 only */
export async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
}
