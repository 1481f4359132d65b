import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import type { KeyPair } from './certificates.ts';
import { signerOf } from './eks-token.ts';

/** An access key as STS gives it out with a role. */
export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What an access entry of EKS makes of a role. */
export interface KubernetesUser {
  username: string;
  groups: readonly string[];
}

export interface Authenticator {
  url: string;
  /** Makes an access entry: whoever signs with this key is this user from now on. */
  grant(key: AccessKey, user: KubernetesUser): void;
  /** Takes it back, as one deletes an access entry. */
  revoke(accessKeyId: string): void;
  /** Why tokens were refused, for the person who reads why a check failed. */
  refusals(): readonly string[];
  stop(): Promise<void>;
}

const Review = z.object({ spec: z.object({ token: z.string() }) });
const MAX_BODY_BYTES = 64 * 1_024;

/**
 * Stands for EKS' authenticator: the API server asks it whose token it was given (TokenReview). It leaves out only that EKS
 * asks STS: here the keys are those that were granted.
 * @param now milliseconds
 */
export async function startAuthenticator(cluster: string, tls: KeyPair, now: () => number = Date.now): Promise<Authenticator> {
  const entries = new Map<string, { secret: string; user: KubernetesUser }>();
  const refusals: string[] = [];
  const userOf = (token: string): KubernetesUser | undefined => {
    try {
      return entries.get(signerOf(token, cluster, (id) => entries.get(id)?.secret, now()))?.user;
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const server = createServer({ cert: readFileSync(tls.certificate), key: readFileSync(tls.key) }, async (request, response) => {
    const body = await text(request).catch(() => undefined);
    const review = Review.safeParse(body === undefined ? undefined : parsed(body));
    if (!review.success) return response.writeHead(400).end();
    const user = userOf(review.data.spec.token);
    const status = user ? { authenticated: true, user } : { authenticated: false, error: refusals.at(-1) };
    return response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status }));
  });
  const { port } = await listening(server);
  return {
    url: `https://127.0.0.1:${port}/authenticate`,
    grant: ({ accessKeyId, secretAccessKey }, user) => {
      entries.set(accessKeyId, { secret: secretAccessKey, user });
    },
    revoke: (accessKeyId) => {
      entries.delete(accessKeyId);
    },
    refusals: () => refusals,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function text(request: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > MAX_BODY_BYTES) throw new Error('the review is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function listening(server: Server): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address) resolve(address);
      else reject(new Error('the authenticator listens nowhere'));
    });
  });
}
