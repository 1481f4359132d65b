import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { listen } from '../../../../local/front-door.ts';
import { type Looking, type Seen, see } from './seen.ts';
import type { Asked, Said, Story } from './story.ts';

/** How often the cluster is looked at, in milliseconds. */
const EVERY_MS = 200;
/** Requests per second that its users make. */
const REQUESTS = 40;
const ERRORS_WHEN_ILL = 12;

/**
 * What is around the cluster and in its pods, as far as no part of Kubernetes is it: the front door with its readiness, Prometheus,
 * and the words of the programs that are run in pods. Whether Save-It.AI is ill all of them tell by what the control plane says of
 * it, by the rule of the story that is played.
 */
export interface World {
  url: string;
  /** Where programs in pods ask what to say. */
  toolPort: number;
  tlsPort: number;
  /** Begins a story; what it found ill is ill from the first moment on. */
  begin(story: Story, by?: Witness): void;
  isIll(): boolean;
  close(): Promise<void>;
}

/** Who plays the story: by its clock, and told of all that is seen. */
export interface Witness {
  now(): Date;
  looked(seen: Seen): void;
}
const NOBODY: Witness = { now: () => new Date(), looked: () => undefined };
const HALF_AN_HOUR_MS = 30 * 60_000;

/** @param tlsPort of the front door's TLS, which the chapter of the certificate opens */
export async function makeWorld(lane: Looking, tlsPort: number): Promise<World> {
  let story: Story = { runbook: '' };
  let ill = false;
  let witness = NOBODY;
  let last: Seen = { pods: [], deployments: [], jobs: [] };
  let closed = false;
  const look = async () => {
    const now = story;
    const seen = await see(lane);
    if (now !== story) return;
    last = seen;
    ill = story.ill?.(seen) ?? false;
    witness.looked(seen);
    await story.react?.(seen);
  };
  const loop = (async () => {
    while (!closed) {
      // An API that has much to do is asked again.
      await look().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  const front = createServer((request, response) => void answer(request, response, ill && story.felt !== false, witness.now()));
  const url = await listen(front, 0);
  const tools = createSocketServer((socket) => void talk(socket, (asked) => saidIn(story, last, asked)));
  const toolPort = await port(tools);
  return {
    url,
    toolPort,
    tlsPort,
    begin: (next, by = NOBODY) => {
      story = next;
      ill = next.ill !== undefined;
      witness = by;
    },
    isIll: () => ill,
    close: async () => {
      closed = true;
      await loop;
      front.closeAllConnections();
      await Promise.all([front, tools].map((server) => new Promise((over) => server.close(over))));
    },
  };
}

/** Readiness, and Prometheus with one number for each of the three queries; an hour before, all was well. */
async function answer(request: IncomingMessage, response: ServerResponse, ill: boolean, now: Date): Promise<void> {
  if (request.url === '/ready') return void response.writeHead(ill ? 503 : 200).end(ill ? 'not ready' : 'ready');
  let form = '';
  for await (const chunk of request) form += String(chunk);
  const asked = new URLSearchParams(form);
  const query = asked.get('query') ?? '';
  const before = Date.parse(asked.get('time') ?? '') < now.getTime() - HALF_AN_HOUR_MS;
  const bad = ill && !before;
  const value = query.includes('probe_success')
    ? Number(!bad)
    : query.includes('5..')
      ? bad
        ? ERRORS_WHEN_ILL
        : 0.05
      : REQUESTS;
  const result = [{ metric: {}, value: [Date.now() / 1_000, String(value)] }];
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
}

const PLENTY = 100_000;

/** Lines up to an empty one: program, pod, words. The answer: the exit code in a line, then what it says. */
function talk(socket: Socket, say: (asked: Asked) => Promise<Said>): void {
  let heard = '';
  socket.on('error', () => undefined);
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
    if (heard.length > PLENTY) return socket.destroy();
    if (!heard.endsWith('\n\n')) return undefined;
    const [program = '', pod = '', ...words] = heard.trimEnd().split('\n');
    void say({ program, pod, words })
      .catch((error: Error) => ({ exitCode: 126, text: error.message }))
      .then(({ exitCode, text }) => socket.end(`${exitCode}\n${text}\n`));
    return undefined;
  });
}

async function saidIn(story: Story, seen: Seen, asked: Asked): Promise<Said> {
  return (await story.inside?.(asked, seen)) ?? { exitCode: 127, text: `${asked.program}: not found` };
}

/** What stands for an image's own program: it asks the test, and says that. */
export const TOOL = `#!/bin/bash
exec 3<>"/dev/tcp/127.0.0.1/$TOOL_PORT" || exit 126
printf '%s\\n' "\${0##*/}" "\${POD:--}" "$@" '' >&3
read -r code <&3
cat <&3
exit "$code"
`;

function port(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address) resolve(address.port);
      else reject(new Error('nobody listens to the tools'));
    });
  });
}
