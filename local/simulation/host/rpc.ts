import { createHash, timingSafeEqual } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** What a shim on a simulated host asks: the tool's name, its arguments and the folder it was called in (as on the host). */
export interface ShimCall {
  tool: string;
  args: string[];
  cwd: string;
  /** What it read from its standard input; only `docker exec -i` and `curl --config -` read any. */
  input: string;
}

export interface ShimAnswer {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Where the order matters (`docker logs ... 2>&1`): the same output in the order in which it came. */
  inOrder?: { stream: 'stdout' | 'stderr'; text: string }[];
}

/** Where the shims of one host reach it. */
export interface ShimServer {
  port: number;
  close(): Promise<void>;
}

/** No command line comes near this many bytes; a caller that sends more is cut off. */
const MAX_REQUEST = 4 * 1024 * 1024;

/**
 * The loopback server behind the shims. Both directions count bytes, so anything that fits an argument survives:
 * request `<token> <n>\n` and n times `<bytes>\n<word>` (folder, input, tool, arguments);
 * answer `<exit code> <n>\n` and n times `<1 for stdout, 2 for stderr> <bytes>\n<text>`.
 *
 * @param token proves that the caller is a shim of this host; anything else is hung up on without an answer
 */
export async function serveShims(token: string, answer: (call: ShimCall) => Promise<ShimAnswer>): Promise<ShimServer> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    let received = Buffer.alloc(0);
    let answered = false;
    socket.on('data', (chunk) => {
      if (answered) return;
      received = Buffer.concat([received, chunk]);
      const words = readRequest(received, token);
      if (words === 'refused' || received.length > MAX_REQUEST) return socket.destroy();
      if (words === 'incomplete') return;
      answered = true;
      void reply(socket, words, answer);
    });
  });
  const port = await listen(server);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function reply(socket: Socket, words: string[], answer: (call: ShimCall) => Promise<ShimAnswer>): Promise<void> {
  const [cwd = '/', input = '', tool = '', ...args] = words;
  const result: ShimAnswer = await answer({ tool, args, cwd, input }).catch((error: unknown) => ({
    exitCode: 125,
    stdout: '',
    stderr: `the simulated host failed: ${error instanceof Error ? error.message : String(error)}\n`,
  }));
  const {
    stdout,
    stderr,
    inOrder = [{ stream: 'stderr', text: stderr } as const, { stream: 'stdout', text: stdout } as const],
  } = result;
  const parts = inOrder
    .filter(({ text }) => text !== '')
    .map(({ stream, text }) => ({ to: stream === 'stdout' ? 1 : 2, bytes: Buffer.from(text) }));
  const framed = parts.flatMap(({ to, bytes }) => [Buffer.from(`${to} ${bytes.length}\n`), bytes]);
  socket.end(Buffer.concat([Buffer.from(`${result.exitCode} ${parts.length}\n`), ...framed]));
}

function readRequest(received: Buffer, token: string): string[] | 'incomplete' | 'refused' {
  let at = 0;
  const line = (): string | undefined => {
    const end = received.indexOf(10, at);
    if (end < 0) return undefined;
    const text = received.toString('latin1', at, end);
    at = end + 1;
    return text;
  };
  const head = line();
  if (head === undefined) return received.length > 200 ? 'refused' : 'incomplete';
  const [given = '', count = ''] = head.split(' ');
  if (!same(given, token) || !/^\d{1,5}$/.test(count)) return 'refused';
  const words: string[] = [];
  for (let n = 0; n < Number(count); n += 1) {
    const length = line();
    if (length === undefined) return 'incomplete';
    if (!/^\d{1,8}$/.test(length)) return 'refused';
    if (received.length < at + Number(length)) return 'incomplete';
    words.push(received.toString('utf8', at, at + Number(length)));
    at += Number(length);
  }
  return words;
}

/** Compares digests, so that the time it takes tells nothing about the token. */
function same(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
