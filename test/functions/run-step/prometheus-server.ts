import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it came. */
export interface Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The query and its time, ISO 8601. */
  query: string;
  time: string;
}

export interface Answered {
  status?: number;
  body: string;
}

/** What Prometheus answers to an instant query: a vector with one series a value. */
export function vector(...values: string[]): Answered {
  const result = values.map((value, at) => ({ metric: { pod: `pod-${at}` }, value: [1_791_000_000.123, value] }));
  return { body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }) };
}

/**
 * Stands in for Prometheus, whose HTTP API it speaks as far as instant queries go; the real one is asked in `npm run lint:alerts`.
 * @param answer `undefined` leaves the question unanswered for ever
 */
export async function prometheusServer(answer: (asked: Asked) => Answered | undefined): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString('utf8');
    const form = new URLSearchParams(body);
    const { method = '', url: path = '', headers } = request;
    const one = { method, path, headers, body, query: form.get('query') ?? '', time: form.get('time') ?? '' };
    asked.push(one);
    const said = answer(one);
    if (said) response.writeHead(said.status ?? 200, { 'content-type': 'application/json' }).end(said.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
