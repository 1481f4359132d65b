import { AppsV1Api } from '@kubernetes/client-node';
import * as z from 'zod';
import type { Kind } from '../../../runbooks/language/cluster.ts';
import { BACKEND, NAMESPACE, REDIS } from '../../cluster/fixtures/saveit.ts';
import { fault } from './inside-pods.ts';
import { identity, podsOf, type Stage } from './stage.ts';

const Named = z.object({ metadata: z.object({ name: z.string(), resourceVersion: z.string() }) });
type Named = z.output<typeof Named>;
export const POD: Kind<Named> = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true, object: Named };
const SECRET: Kind<Named> = { ...POD, plural: 'secrets', kind: 'Secret' };
const NODE: Kind<Named> = { ...POD, plural: 'nodes', kind: 'Node', namespaced: false };
const DEPLOYMENT: Kind<Named> = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
  object: Named,
};

/** RBAC is on: a runbook's identity may do what its Role says, and the API server refuses the rest. */
export async function rights(stage: Stage): Promise<void> {
  const { results, plane } = stage;
  const { cluster } = await identity(stage, 'restarter', [
    { group: '', resource: 'pods', verbs: ['list'] },
    { group: 'apps', resource: 'deployments', verbs: ['get', 'patch'], names: [BACKEND] },
  ]);
  const [pod] = await podsOf(stage, BACKEND);
  const annotations = { 'firebreak.test/rights': 'yes' };
  const touched = await cluster.patch(DEPLOYMENT, BACKEND, { metadata: { annotations } });
  results.equal('what the Role names it may change', touched.metadata.name, BACKEND);
  const refused: Record<string, () => Promise<unknown>> = {
    'another deployment': () => cluster.patch(DEPLOYMENT, REDIS, { metadata: { annotations } }),
    'its scale': () => cluster.patch(DEPLOYMENT, BACKEND, { spec: { replicas: 1 } }, 'scale'),
    'deleting it': () => cluster.remove(DEPLOYMENT, BACKEND),
    'a secret': () => cluster.get(SECRET, 'anything'),
    'the nodes': () => cluster.list(NODE),
    'one pod by its name': () => cluster.get(POD, pod?.name ?? ''),
    'a log': () => cluster.logs(pod?.name ?? '', { lines: 1 }),
    'a program in a pod': () => cluster.exec(pod?.name ?? '', 'backend', ['true'], '5s'),
  };
  for (const [what, asked] of Object.entries(refused)) results.equal(`it is refused ${what}`, await fault(asked()), 'forbidden');

  const { metadata } = touched;
  const apps = plane.admin.makeApiClient(AppsV1Api);
  await apps.readNamespacedDeployment({ name: BACKEND, namespace: NAMESPACE });
  await cluster.patch(DEPLOYMENT, BACKEND, { metadata: { annotations: { 'firebreak.test/rights': 'again' } } });
  const outdated = { metadata: { resourceVersion: metadata.resourceVersion, annotations: { 'firebreak.test/rights': 'late' } } };
  results.equal(
    'a change to what has changed meanwhile is a conflict',
    await fault(cluster.patch(DEPLOYMENT, BACKEND, outdated)),
    'conflict',
  );
  results.equal(
    'what is no number of pods is refused',
    await fault(cluster.patch(DEPLOYMENT, BACKEND, { spec: { replicas: -1 } })),
    'refused',
  );
}
