import * as z from 'zod';
import { clusterCommand } from '../language/cluster.ts';
import { type Certificate, certificates, type SecretHead, secretHeads } from './certificate-kinds.ts';
import {
  type Attempt,
  condition,
  failure,
  isIssuing,
  lastAttempt,
  READS_ATTEMPTS,
  rateLimit,
  requestRevision,
  requestState,
} from './issuance.ts';
import { objectName } from './parameters.ts';

const DAY_SECONDS = 86_400;
const TEMPORARY = 'cert-manager.io/issue-temporary-certificate';

export const IssuedCertificate = z.object({
  /** Whether there is such a Certificate. Of none, the rest is empty. */
  found: z.boolean(),
  issuer: z.string(),
  ready: z.boolean(),
  /** Of the condition Ready, in cert-manager's words. */
  readyBecause: z.string(),
  issuing: z.boolean(),
  /** Why: `ManuallyTriggered`, `Renewing`, `DoesNotExist`. */
  issuingReason: z.string(),
  issuingSeconds: z.number().nullable(),
  /** ISO 8601 in UTC; `''` where none was ever issued. */
  notAfter: z.string(),
  daysLeft: z.number().nullable(),
  /** Whether the time has come at which cert-manager renews by itself. */
  renewalDue: z.boolean(),
  revision: z.number(),
  failedAttempts: z.number(),
  lastFailureSecondsAgo: z.number().nullable(),
  /** Of the last attempt: how its request and its order stand, and why it failed (`''` where it has not). */
  request: z.enum(['none', 'ready', 'failed', 'pending']),
  /** Which revision that is for; 0 where it is not known. */
  requestRevision: z.number(),
  order: z.string(),
  failure: z.string(),
  rateLimited: z.string(),
  /** What proofs wait for, by name. */
  challenges: z.array(z.object({ name: z.string(), type: z.string(), state: z.string(), reason: z.string() })),
  /** The Secret that it is kept in, without its values. */
  kept: z.object({ exists: z.boolean(), type: z.string(), immutable: z.boolean() }),
  /** The page's annotation is on it: what is served meanwhile is signed by itself. */
  temporary: z.boolean(),
});
export type IssuedCertificate = z.output<typeof IssuedCertificate>;

export const issuedCertificate = clusterCommand('issued-certificate', {
  title: 'See what cert-manager has issued, and is about to',
  safety: 'observe',
  parameters: z.object({ certificate: objectName, secret: objectName }),
  facts: IssuedCertificate,
  timeout: '20s',
  rights: ([certificate = '', secret = '']) => [
    { group: 'cert-manager.io', resource: 'certificates', verbs: ['get'], names: [certificate] },
    // RBAC has no right to a Secret without its values: they are dropped as soon as the answer is read.
    { group: '', resource: 'secrets', verbs: ['get'], names: [secret] },
    ...READS_ATTEMPTS,
  ],
  byHand: ({ on: [certificate], namespace }) =>
    `kubectl get certificate,certificaterequest,order,challenge -n ${namespace}; kubectl describe certificate ${certificate} -n ${namespace}`,
  run: async (cluster, { certificate, secret }, { now }) => {
    const [found, head] = await Promise.all([cluster.get(certificates, certificate), cluster.get(secretHeads, secret)]);
    if (!found) return { facts: { ...NOTHING, kept: kept(head) } };
    const attempt = await lastAttempt(cluster, found);
    return { facts: factsOf(found, attempt, head, now), evidence: described(found, attempt) };
  },
});

const NOTHING = {
  found: false,
  issuer: '',
  ready: false,
  readyBecause: '',
  issuing: false,
  issuingReason: '',
  issuingSeconds: null,
  notAfter: '',
  daysLeft: null,
  renewalDue: false,
  revision: 0,
  failedAttempts: 0,
  lastFailureSecondsAgo: null,
  request: 'none' as const,
  requestRevision: 0,
  order: 'none',
  failure: '',
  rateLimited: '',
  challenges: [],
  temporary: false,
};

function factsOf(found: Certificate, attempt: Attempt, head: SecretHead | undefined, now: string): IssuedCertificate {
  const { spec, status, metadata } = found;
  const [ready, issuing] = [condition(found, 'Ready'), condition(found, 'Issuing')];
  const left = status.notAfter ? -sinceSeconds(status.notAfter, now) / DAY_SECONDS : null;
  return {
    found: true,
    issuer: `${spec.issuerRef.kind}/${spec.issuerRef.name}`,
    ready: ready?.status === 'True',
    readyBecause: [ready?.reason, ready?.message].filter(Boolean).join(': ').slice(0, 400),
    issuing: isIssuing(found),
    issuingReason: issuing?.reason ?? '',
    issuingSeconds: isIssuing(found) && issuing?.lastTransitionTime ? sinceSeconds(issuing.lastTransitionTime, now) : null,
    notAfter: status.notAfter ?? '',
    daysLeft: left === null ? null : Math.floor(left * 10) / 10,
    renewalDue: status.renewalTime !== undefined && sinceSeconds(status.renewalTime, now) >= 0,
    revision: status.revision,
    failedAttempts: status.failedIssuanceAttempts,
    lastFailureSecondsAgo: status.lastFailureTime ? sinceSeconds(status.lastFailureTime, now) : null,
    request: requestState(attempt),
    requestRevision: requestRevision(attempt),
    order: attempt.order ? attempt.order.status.state || 'new' : 'none',
    failure: failure(attempt),
    rateLimited: rateLimit(found, attempt),
    challenges: attempt.challenges.slice(0, 10).map(({ spec: { dnsName, type }, status: { state, reason } }) => ({
      name: dnsName,
      type,
      state: state || 'new',
      reason: reason.slice(0, 300),
    })),
    kept: kept(head),
    temporary: metadata.annotations[TEMPORARY] === 'true',
  };
}

const kept = (head: SecretHead | undefined): IssuedCertificate['kept'] =>
  head ? { exists: true, type: head.type, immutable: head.immutable } : { exists: false, type: '', immutable: false };

/** Below zero for what is still to come. */
const sinceSeconds = (time: string, now: string) => Math.round((Date.parse(now) - Date.parse(time)) / 1_000);

/** What `kubectl describe` would show of it. */
function described(found: Certificate, { request, order, challenges }: Attempt): string {
  const said = (what: string, conditions: Certificate['status']['conditions']) =>
    conditions.map(({ type, status, reason, message }) => `${what} ${type}=${status} ${reason}: ${message}`);
  return [
    ...said(`certificate ${found.metadata.name}`, found.status.conditions),
    ...(request ? said(`request ${request.metadata.name}`, request.status.conditions) : []),
    ...(order ? [`order ${order.metadata.name} ${order.status.state} ${order.status.reason}`] : []),
    ...challenges.map(({ spec, status }) => `challenge ${spec.type} ${spec.dnsName} ${status.state} ${status.reason}`),
  ].join('\n');
}
