import * as z from 'zod';
import { type Cluster, clusterCommand } from '../language/cluster.ts';
import { type Certificate, certificates } from './certificate-kinds.ts';
import { failure, isIssuing, isReadyCertificate, lastAttempt, READS_ATTEMPTS, rateLimit } from './issuance.ts';
import { objectName } from './parameters.ts';

/** Names the step that renewed it last, and what there was before: `<step> <revision> <failed attempts>`. */
const RENEWED_BY = 'firebreak.dev/renewed-by';
/** An order is decided within minutes. After these it waits for something that this step cannot bring. Milliseconds. */
const PATIENCE_MS = 10 * 60_000;

/**
 * As `cmctl renew` does it: the condition Issuing in the Certificate's status, which cert-manager reads as an order. What stands in
 * the page as an alternative, the annotation `cert-manager.io/issue-temporary-certificate`, makes cert-manager sign one itself until
 * the real one is there: browsers refuse it as well, so it is no renewal.
 *
 * Source: https://github.com/cert-manager/cmctl/blob/main/pkg/renew/renew.go
 */
export const renewIssuedCertificate = clusterCommand('renew-issued-certificate', {
  title: 'Have cert-manager renew a certificate',
  // What is served goes on until the new one is there.
  safety: 'routine',
  verb: 'renew-certificate',
  resource: ({ certificate }) => `certificate/${certificate}`,
  parameters: z.object({ certificate: objectName }),
  facts: z.object({
    /** `false`: the authority has refused nothing, and still there is no new one. */
    issued: z.boolean(),
    revision: z.number(),
    /** ISO 8601 in UTC. */
    notAfter: z.string(),
    tookSeconds: z.number(),
  }),
  timeout: '12m',
  rights: ([certificate = '']) => [
    { group: 'cert-manager.io', resource: 'certificates', verbs: ['get', 'patch'], names: [certificate] },
    { group: 'cert-manager.io', resource: 'certificates/status', verbs: ['patch'], names: [certificate] },
    ...READS_ATTEMPTS,
  ],
  byHand: ({ on: [certificate], namespace }) =>
    `cmctl renew ${certificate} -n ${namespace} && cmctl status certificate ${certificate} -n ${namespace}`,
  run: async (cluster, { certificate }, { key, startedAt, now }) => {
    const found = await cluster.get(certificates, certificate);
    if (!found) throw new Error(`there is no Certificate ${certificate} in ${cluster.namespace}`);
    const marked = markOf(found)?.key === key ? found : await mark(cluster, found, key);
    const before = markOf(marked);
    if (!before) throw new Error(`${certificate} does not keep its annotations: it can't be known whether it was renewed`);
    const { revision, failedIssuanceAttempts, notAfter = '' } = marked.status;
    const waitedMs = Date.parse(now) - Date.parse(startedAt);
    const facts = { revision, notAfter, tookSeconds: Math.round(waitedMs / 1_000) };
    if (revision > before.revision && !isIssuing(marked) && isReadyCertificate(marked))
      return { facts: { issued: true, ...facts } };
    if (failedIssuanceAttempts > before.failed) throw new Error(await whyFailed(cluster, marked));
    if (revision === before.revision && !isIssuing(marked)) {
      await trigger(cluster, marked, key, now);
      return { waitsFor: `cert-manager was asked to renew ${certificate}` };
    }
    if (waitedMs > PATIENCE_MS) return { facts: { issued: false, ...facts } };
    return { waitsFor: await progress(cluster, marked) };
  },
});

function markOf({ metadata }: Certificate): { key: string; revision: number; failed: number } | undefined {
  const [key, revision, failed] = (metadata.annotations[RENEWED_BY] ?? '').split(' ');
  return key && revision && failed ? { key, revision: Number(revision), failed: Number(failed) } : undefined;
}

/** With the version that was read, so that a change between is a conflict, and the next turn looks again. */
function mark(cluster: Cluster, found: Certificate, key: string): Promise<Certificate> {
  const { name, resourceVersion } = found.metadata;
  const { revision, failedIssuanceAttempts } = found.status;
  return cluster.patch(certificates, name, {
    metadata: { resourceVersion, annotations: { [RENEWED_BY]: `${key} ${revision} ${failedIssuanceAttempts}` } },
  });
}

/** A merge patch replaces a list as a whole: the other conditions go back as they were read. */
async function trigger(cluster: Cluster, { metadata, status }: Certificate, key: string, now: string): Promise<void> {
  const issuing = {
    type: 'Issuing',
    status: 'True',
    reason: 'ManuallyTriggered',
    message: `Certificate re-issuance manually triggered (firebreak ${key})`,
    observedGeneration: metadata.generation,
    lastTransitionTime: `${now.slice(0, 19)}Z`,
  };
  const others = status.conditions.filter(({ type }) => type !== 'Issuing');
  const patch = { metadata: { resourceVersion: metadata.resourceVersion }, status: { conditions: [...others, issuing] } };
  await cluster.patch(certificates, metadata.name, patch, 'status');
}

async function whyFailed(cluster: Cluster, found: Certificate): Promise<string> {
  const attempt = await lastAttempt(cluster, found);
  const limit = rateLimit(found, attempt);
  if (limit) return `the authority refuses ${found.metadata.name} for now: ${limit}`;
  return `${found.metadata.name} was not renewed: ${failure(attempt) || 'cert-manager does not say why'}`;
}

async function progress(cluster: Cluster, found: Certificate): Promise<string> {
  const { order, challenges } = await lastAttempt(cluster, found);
  const open = challenges.find(({ status }) => status.state !== 'valid');
  if (open) return `the proof of ${open.spec.dnsName} is ${open.status.state || 'new'} ${open.status.reason}`.trim();
  return order ? `the order is ${order.status.state || 'new'}` : `cert-manager is issuing ${found.metadata.name}`;
}
