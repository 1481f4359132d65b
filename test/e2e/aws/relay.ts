import { request } from 'node:https';

export interface Asked {
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body?: Buffer | undefined;
}
export interface Told {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Nobody waits for an answer of this machine longer than that. */
const LIMIT_MS = 30_000;

/**
 * Asks the emulator word for word what somebody else has signed: also by another `host`, which is part of what is signed.
 *
 * @param url the emulator's
 */
export async function relayed(url: string, { method, path, headers, body }: Asked): Promise<Told> {
  const { hostname, port } = new URL(url);
  return await new Promise((done, failed) => {
    // Without a server's name the certificate is held against the address that is called, whatever `host` says.
    const options = { hostname, port, method, path, headers, servername: '', timeout: LIMIT_MS };
    const asking = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.once('error', failed);
      response.once('end', () => {
        const told = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        done({ status: response.statusCode ?? 0, headers: Object.fromEntries(told), body: text });
      });
    });
    asking.once('timeout', () => asking.destroy(new Error(`${method} ${path}: no answer`)));
    asking.once('error', failed);
    asking.end(body);
  });
}
