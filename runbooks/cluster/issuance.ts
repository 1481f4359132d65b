import type { Cluster, ClusterRule } from '../language/cluster.ts';
import {
  type Certificate,
  type CertificateRequest,
  type Challenge,
  certificateRequests,
  challenges,
  type Order,
  orders,
} from './certificate-kinds.ts';

/** An attempt of cert-manager to get a certificate, as far as it has come. */
export interface Attempt {
  request: CertificateRequest | undefined;
  order: Order | undefined;
  challenges: Challenge[];
}

/** To read attempts: these objects get names that nobody knows before. */
export const READS_ATTEMPTS: readonly ClusterRule[] = [
  { group: 'cert-manager.io', resource: 'certificaterequests', verbs: ['list'] },
  { group: 'acme.cert-manager.io', resource: 'orders', verbs: ['list'] },
  { group: 'acme.cert-manager.io', resource: 'challenges', verbs: ['list'] },
];
const FAILED_ORDER = ['invalid', 'expired', 'errored'];
/** Words of the ACME protocol (RFC 8555, 6.7), and of authorities that say it in prose. */
const RATE_LIMITED =
  /acme:error:rateLimited|\brate ?limit|too many (certificates|failed authorizations|new orders|registrations)/i;

export const condition = ({ status }: Pick<Certificate | CertificateRequest, 'status'>, type: string) =>
  status.conditions.find((one) => one.type === type);
export const isIssuing = (certificate: Certificate) => condition(certificate, 'Issuing')?.status === 'True';
export const isReadyCertificate = (certificate: Certificate) => condition(certificate, 'Ready')?.status === 'True';

/** The last attempt for a certificate, whether it is over or not. */
export async function lastAttempt(cluster: Cluster, certificate: Certificate): Promise<Attempt> {
  const [requests, ordered, challenged] = await Promise.all([
    cluster.list(certificateRequests),
    cluster.list(orders),
    cluster.list(challenges),
  ]);
  const request = newest(requests.filter((one) => isOwnedBy(one, certificate)));
  const order = request && newest(ordered.filter((one) => isOwnedBy(one, request)));
  return { request, order, challenges: order ? challenged.filter((one) => isOwnedBy(one, order)) : [] };
}

/**
 * The revision that a request is for; 0 where it does not say. cert-manager makes it one more than the Certificate's, which gets it
 * once that one is kept: a request of the present revision is of the certificate that there is already.
 */
export const requestRevision = ({ request }: Attempt): number =>
  Number(request?.metadata.annotations['cert-manager.io/certificate-revision'] ?? 0) || 0;

/** How a request stands, in a word. */
export function requestState({ request }: Attempt): 'none' | 'ready' | 'failed' | 'pending' {
  if (!request) return 'none';
  const ready = condition(request, 'Ready');
  if (ready?.status === 'True') return 'ready';
  const refused = ['Denied', 'InvalidRequest'].some((type) => condition(request, type)?.status === 'True');
  return refused || ready?.reason === 'Failed' || ready?.reason === 'Denied' ? 'failed' : 'pending';
}

/** Why the last attempt came to nothing, in the authority's own words; `''` where it did not. */
export function failure(attempt: Attempt): string {
  const { request, order, challenges: proofs } = attempt;
  const broken = proofs.filter(({ status }) => FAILED_ORDER.includes(status.state)).map(({ status }) => status.reason);
  const failedOrder = order && FAILED_ORDER.includes(order.status.state);
  if (!failedOrder && requestState(attempt) !== 'failed') return '';
  const said = [order?.status.reason, ...broken, request && condition(request, 'Ready')?.message].find(Boolean);
  const what = failedOrder ? `its order is ${order.status.state}` : 'its request has failed';
  return said ? `${what}: ${said.slice(0, 400)}` : what;
}

/** The authority's words where it refuses for a time; `''` otherwise. */
export function rateLimit(certificate: Certificate, attempt: Attempt): string {
  const said = [
    attempt.order?.status.reason,
    ...attempt.challenges.map(({ status }) => status.reason),
    attempt.request && condition(attempt.request, 'Ready')?.message,
    condition(certificate, 'Issuing')?.message,
  ];
  return said.find((words) => words && RATE_LIMITED.test(words))?.slice(0, 400) ?? '';
}

function newest<T extends { metadata: { creationTimestamp: string; name: string } }>(found: readonly T[]): T | undefined {
  const at = ({ metadata }: T) => `${metadata.creationTimestamp} ${metadata.name}`;
  return [...found].sort((a, b) => at(b).localeCompare(at(a)))[0];
}

function isOwnedBy(
  { metadata }: { metadata: { ownerReferences: readonly { uid: string }[] } },
  owner: { metadata: { uid: string } },
): boolean {
  return metadata.ownerReferences.some(({ uid }) => uid !== '' && uid === owner.metadata.uid);
}
