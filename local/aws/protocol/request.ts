import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A whole AWS request: who it is for, as its credential scope says, and its body. */
export interface AwsRequest {
  /** The service's name for signing, such as `states` or `monitoring`. */
  service: string;
  region: string;
  unsigned?: true;
  method: string;
  /** Path and query as they were sent. */
  url: string;
  /** Host and port under which the caller reached the server. */
  host: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

export interface Scope {
  service: string;
  region: string;
  /** It came by a link of a mail: see {@link unsubscribeLink}. */
  unsigned?: true;
}

/** What SSM, the largest caller, may send is far below this; DynamoDB's own limit is 16 MB. */
const LARGEST_BODY = 16 * 1024 * 1024;

/**
 * The service and region of a SigV4 credential scope (`<key>/<date>/<region>/<service>/aws4_request`), from the
 * Authorization header. Not from a presigned URL: any web page can have a browser send that, and no caller of ours does.
 *
 * The signature is not verified: there is no secret here to verify it with. This server is for the loopback interface only.
 *
 * @returns `undefined` when the request is not an AWS call at all
 */
export function credentialScope(request: Pick<IncomingMessage, 'headers'>): Scope | undefined {
  const credential = /^AWS4-[A-Z0-9-]+ Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  if (!credential) return undefined;
  const [terminator, service, region] = credential.split('/').reverse();
  return terminator === 'aws4_request' && service && region ? { service, region } : undefined;
}

/**
 * SNS lets anybody unsubscribe with the link at the foot of a mail, or in a message to a URL: the one call that needs no
 * signature. Mail scanners open it, too; a subscription that was confirmed with AuthenticateOnUnsubscribe refuses them.
 */
export function unsubscribeLink(request: Pick<IncomingMessage, 'url'>, region: string): Scope | undefined {
  const [path, query] = (request.url ?? '').split('?');
  const action = new URLSearchParams(query).get('Action');
  return path === '/' && action === 'Unsubscribe' ? { service: 'sns', region, unsigned: true } : undefined;
}

/** Reads a request to its end. @throws {Error} when the caller goes away before that, or sends more than 16 MB */
export async function readRequest(request: IncomingMessage, scope: Scope): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LARGEST_BODY) throw new Error('the request is larger than 16 MB');
    chunks.push(bytes);
  }
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  const sent = Buffer.concat(chunks);
  return {
    ...scope,
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    host: request.headers.host ?? '127.0.0.1',
    headers,
    // The SDK compresses a large PutMetricData.
    body: headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent,
  };
}
