import * as z from 'zod';
import { type Cluster, ClusterFault, clusterCommand } from '../language/cluster.ts';
import { type Certificate, certificates, type SealedSecret, sealedSecrets } from './certificate-kinds.ts';
import { failure, isIssuing, isReadyCertificate, lastAttempt, READS_ATTEMPTS, rateLimit } from './issuance.ts';
import { objectName } from './parameters.ts';

/** Names the step that took its Secret away, which Secret that was, and what there had been before: `<step> <uid> <attempts> <revision>`. */
const REPLACED_BY = 'firebreak.dev/secret-replaced-by';

/**
 * The page's `kubectl delete secret`, after which cert-manager makes a new one. Until it does, nothing is kept: so the old one is
 * copied first, inside the cluster (docs/decisions/14-a-secret-is-copied-unseen.md).
 */
export const replaceCertificateSecret = clusterCommand('replace-certificate-secret', {
  title: "Copy a certificate's Secret, then delete it",
  safety: 'destructive',
  verb: 'delete',
  resource: ({ secret }) => `secret/${secret}`,
  parameters: z.object({ certificate: objectName, secret: objectName }),
  facts: z.object({
    /** Where the old one is now. */
    copy: z.string(),
    notAfter: z.string(),
    tookSeconds: z.number(),
  }),
  timeout: '12m',
  rights: ([certificate = '', secret = '']) => [
    { group: 'cert-manager.io', resource: 'certificates', verbs: ['get', 'patch'], names: [certificate] },
    { group: '', resource: 'secrets', verbs: ['get', 'delete'], names: [secret] },
    // The copy's name has the time in it: `create` can not be limited to names anyway.
    { group: '', resource: 'secrets', verbs: ['create'] },
    ...READS_ATTEMPTS,
  ],
  byHand: ({ on: [, secret], namespace }) =>
    `kubectl get secret ${secret} -n ${namespace} -o json | jq '{apiVersion, kind, type, data, metadata: {name: "${secret}-before"}}' | kubectl create -n ${namespace} -f - && kubectl delete secret ${secret} -n ${namespace}`,
  run: async (cluster, { certificate, secret }, { key, startedAt, now }) => {
    const found = await cluster.get(certificates, certificate);
    if (!found)
      throw new Error(`there is no Certificate ${certificate} in ${cluster.namespace}: nothing would make a new Secret`);
    if (found.spec.secretName !== secret)
      throw new Error(`${certificate} keeps nothing in ${secret} but in ${found.spec.secretName}`);
    const copy = `${secret}-before-${startedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
    const old = await cluster.get(sealedSecrets, secret);
    const before = markOf(found);
    if (before?.key !== key) {
      if (!old) throw new Error(`there is no Secret ${secret} to delete`);
      await keep(cluster, old, copy);
      await mark(cluster, found, [key, old.metadata.uid, found.status.failedIssuanceAttempts, found.status.revision].join(' '));
      return { waitsFor: `${secret} is kept as ${copy}` };
    }
    if (old && old.metadata.uid === before.uid) {
      // Made already, unless a turn was lost: a copy that is there is left as it is.
      await keep(cluster, old, copy);
      await cluster.remove(sealedSecrets, secret);
      return { waitsFor: `${secret} is deleted, and a new one is to come` };
    }
    if (found.status.failedIssuanceAttempts > before.failed) throw new Error(await whyNone(cluster, found, copy));
    // A Secret that somebody else has put there, and a readiness that was said of the old one, are no new certificate.
    const isNew = found.status.revision > before.revision && Date.parse(found.status.notAfter ?? '') > Date.parse(now);
    if (!old || !isNew || isIssuing(found) || !isReadyCertificate(found))
      return { waitsFor: `cert-manager makes a new ${secret}` };
    const tookSeconds = Math.round((Date.parse(now) - Date.parse(startedAt)) / 1_000);
    return { facts: { copy, notAfter: found.status.notAfter ?? '', tookSeconds } };
  },
});

interface Mark {
  key: string;
  uid: string;
  failed: number;
  revision: number;
}

function markOf({ metadata }: Certificate): Mark | undefined {
  const [key, uid, failed, revision] = (metadata.annotations[REPLACED_BY] ?? '').split(' ');
  return key && uid && failed && revision ? { key, uid, failed: Number(failed), revision: Number(revision) } : undefined;
}

async function mark(cluster: Cluster, { metadata }: Certificate, value: string): Promise<void> {
  const { name, resourceVersion } = metadata;
  await cluster.patch(certificates, name, { metadata: { resourceVersion, annotations: { [REPLACED_BY]: value } } });
}

/** Without cert-manager's annotations, by which it would take the copy for its own. */
async function keep(cluster: Cluster, { metadata, type, data }: SealedSecret, name: string): Promise<void> {
  const about = { 'firebreak.dev/copy-of': metadata.name };
  const copy = {
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'firebreak' }, annotations: about },
    type,
    data: data.open(),
  };
  try {
    await cluster.create(sealedSecrets, copy);
  } catch (error) {
    // What the cluster says to a Secret that it does not take may quote from it.
    if (error instanceof ClusterFault)
      throw new ClusterFault(error.kind, `the copy of ${metadata.name} was not made (${error.kind})`);
    throw new Error(`the copy of ${metadata.name} was not made`);
  }
}

async function whyNone(cluster: Cluster, found: Certificate, copy: string): Promise<string> {
  const attempt = await lastAttempt(cluster, found);
  const why = rateLimit(found, attempt) || failure(attempt) || 'cert-manager does not say why';
  return `there is no new one: ${why}. The old one is kept as ${copy}`;
}
