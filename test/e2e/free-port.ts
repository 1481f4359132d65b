import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below those that the kernel gives to connections, and to servers that take any: none of them comes in between. */
const [FIRST, LAST] = [20_000, 29_999];
const MOST_TRIES = 1_000;
const given = new Set<number>();

/**
 * A port of the loopback that is free now, and that nobody is given by chance until it is taken: for a program that takes no 0, or
 * says nowhere which port it has, or has to come back to the one that it had.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const port = randomInt(FIRST, LAST + 1);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error('no port is free');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (free) await new Promise((closed) => server.close(closed));
  return free;
}
