import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import type { Kubernetes } from '../../../../functions/aws/cluster/kubernetes.ts';
import { type Certificate, certificateRequests, certificates, orders } from '../../../../runbooks/cluster/certificate-kinds.ts';
import { isIssuing } from '../../../../runbooks/cluster/issuance.ts';
import { apply } from '../../../cluster/apply.ts';
import { certificate } from '../../../cluster/fixtures/cert-manager.ts';
import type { Lane } from './lane.ts';

const NAME = 'saveit-tls';
const DOMAIN = 'api.saveit.ai';
const ACME = 'acme.cert-manager.io/v1';

export interface Pair {
  certificate: string;
  key: string;
}

/** A certificate of the control plane's own authority, which this process trusts. */
export function signed({ plane }: Lane, days: number): Pair {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-certificate-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => void execFileSync('openssl', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    writeFileSync(file('ext'), `subjectAltName=DNS:${DOMAIN},IP:127.0.0.1\nextendedKeyUsage=serverAuth`);
    const subject = ['-subj', `/CN=${DOMAIN}`];
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', file('key'), '-out', file('csr'), ...subject);
    const authority = ['-CA', join(plane.folder, 'ca.crt'), '-CAkey', join(plane.folder, 'ca.key'), '-set_serial', serial()];
    const about = ['-days', String(days), '-extfile', file('ext')];
    openssl('x509', '-req', '-in', file('csr'), '-out', file('crt'), ...about, ...authority);
    return { certificate: readFileSync(file('crt'), 'utf8'), key: readFileSync(file('key'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const serial = () => String(Date.now());

/** The Certificate, as cert-manager has issued it, and its Secret. */
export async function issue(lane: Lane, pair: Pair, revision: number, days: number): Promise<void> {
  const metadata = { name: NAME, namespace: lane.name };
  const data = { 'tls.crt': base64(pair.certificate), 'tls.key': base64(pair.key) };
  const wish = { ...metadata, secretName: NAME, dnsNames: [DOMAIN], issuer: 'letsencrypt' };
  await apply(lane.admin, [{ apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', data }, certificate(wish)]);
  const notAfter = `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19)}Z`;
  const ready = condition('Ready', 'True', 'Ready', 'Certificate is up to date and has not expired');
  await status(lane, { revision, notAfter, conditions: [ready], failedIssuanceAttempts: 0 });
}

/** What the controller does when it reads the condition Issuing. It stands for cert-manager and its authority, and for no more. */
export async function reconcile(lane: Lane, cluster: Kubernetes, authority: 'gives' | 'refuses'): Promise<void> {
  const found = await cluster.get(certificates, NAME);
  if (!found || !isIssuing(found)) return;
  const revision = found.status.revision + 1;
  await attempt(cluster, found, revision, authority);
  if (authority === 'gives') return await issue(lane, signed(lane, 90), revision, 90);
  const ready = found.status.conditions.filter(({ type }) => type !== 'Issuing');
  const failed = condition('Issuing', 'False', 'Failed', 'The certificate request has failed to complete and will be retried');
  const failedIssuanceAttempts = found.status.failedIssuanceAttempts + 1;
  await status(lane, { conditions: [...ready, failed], failedIssuanceAttempts, lastFailureTime: failed.lastTransitionTime });
}

/** A request of the Certificate, and an order of the request. */
async function attempt(cluster: Kubernetes, found: Certificate, revision: number, authority: 'gives' | 'refuses'): Promise<void> {
  const name = `${NAME}-${revision}`;
  const owner = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', name: NAME, uid: found.metadata.uid };
  const request = await cluster.create(certificateRequests, { metadata: { name, ownerReferences: [owner] }, spec: {} });
  const uid = request?.metadata.uid ?? '';
  const made = { apiVersion: 'cert-manager.io/v1', kind: 'CertificateRequest', name, uid };
  await cluster.create(orders, { metadata: { name, ownerReferences: [made] }, spec: {} });
  const gives = authority === 'gives';
  const reason = gives ? '' : 'acme: authorization error for api.saveit.ai: 403 urn:ietf:params:acme:error:unauthorized';
  await cluster.patch(orders, name, { status: { state: gives ? 'valid' : 'invalid', reason } }, 'status');
  const end = gives
    ? condition('Ready', 'True', 'Issued', '')
    : condition('Ready', 'False', 'Failed', `order ${ACME}: ${reason}`);
  await cluster.patch(certificateRequests, name, { status: { conditions: [end] } }, 'status');
}

async function status(lane: Lane, fields: object): Promise<void> {
  await lane.cluster.patch(certificates, NAME, { status: fields }, 'status');
}

function condition(type: string, is: string, reason: string, message: string) {
  return { type, status: is, reason, message, lastTransitionTime: `${new Date().toISOString().slice(0, 19)}Z` };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The front door: it shows what is in the Secret, as an ingress controller does. */
export async function frontDoor(lane: Lane): Promise<{ update(): Promise<void>; close(): void }> {
  const kept = async (): Promise<Pair> => {
    const { data = {} } = await lane.core.readNamespacedSecret({ name: NAME, namespace: lane.name });
    const text = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString('utf8');
    return { certificate: text('tls.crt'), key: text('tls.key') };
  };
  let shown = await kept();
  const server: Server = createServer({ cert: shown.certificate, key: shown.key }, (socket) => socket.end());
  await new Promise<void>((listening) => server.listen(lane.world.tlsPort, '127.0.0.1', listening));
  return {
    update: async () => {
      const now = await kept();
      if (now.certificate === shown.certificate) return;
      shown = now;
      server.setSecureContext({ cert: now.certificate, key: now.key });
    },
    close: () => void server.close(),
  };
}
