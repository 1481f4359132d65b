import * as z from 'zod';
import type { ClusterRule, Kind } from '../../../runbooks/language/cluster.ts';
import { apply } from '../../cluster/apply.ts';
import { certificate } from '../../cluster/fixtures/cert-manager.ts';
import { NAMESPACE } from '../../cluster/fixtures/saveit.ts';
import { fault } from './inside-pods.ts';
import { identity, type Stage } from './stage.ts';

const NAME = 'saveit-tls';
const Certificate = z.object({
  spec: z.object({ secretName: z.string() }),
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }).optional(),
});
const CERTIFICATE: Kind<z.output<typeof Certificate>> = {
  group: 'cert-manager.io',
  version: 'v1',
  plural: 'certificates',
  kind: 'Certificate',
  namespaced: true,
  object: Certificate,
};
const RIGHTS: ClusterRule[] = [
  { group: 'cert-manager.io', resource: 'certificates', verbs: ['get'], names: [NAME] },
  { group: 'cert-manager.io', resource: 'certificates/status', verbs: ['patch'], names: [NAME] },
];

/** cert-manager's resources with a status of their own: a renewal is a condition in it, as cmctl sets it. */
export async function certificates(stage: Stage): Promise<void> {
  const { results, plane } = stage;
  const wish = { name: NAME, namespace: NAMESPACE, secretName: NAME, dnsNames: ['api.saveit.ai'], issuer: 'letsencrypt' };
  await apply(plane.admin, [certificate(wish)]);
  const { cluster } = await identity(stage, 'renewer', RIGHTS);
  const issuing = {
    type: 'Issuing',
    status: 'True',
    reason: 'ManuallyTriggered',
    message: 'Certificate re-issuance manually triggered',
    lastTransitionTime: new Date().toISOString(),
  };
  await cluster.patch(CERTIFICATE, NAME, { status: { conditions: [issuing] } }, 'status');
  const found = await cluster.get(CERTIFICATE, NAME);
  const [condition] = found?.status?.conditions ?? [];
  results.equal('the condition Issuing is set in its status', [condition?.type, condition?.status], ['Issuing', 'True']);
  results.equal('and nothing else of it changed', found?.spec.secretName, NAME);
  const other = cluster.patch(CERTIFICATE, NAME, { spec: { secretName: 'another' } });
  results.equal('the right to the status is no right to the rest', await fault(other), 'forbidden');
}
