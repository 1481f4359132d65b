import { randomBytes } from 'node:crypto';
import { EKSClient } from '@aws-sdk/client-eks';
import { loadAllYaml } from '@kubernetes/client-node';
import { Kubernetes } from '../../../functions/aws/cluster/kubernetes.ts';
import { clusterToken } from '../../../functions/aws/cluster/token.ts';
import { questionsOf } from '../../../functions/doctor/clusters.ts';
import { type AccessQuestion, accessReview, accessReviews, spokenQuestion } from '../../../runbooks/cluster/access-review.ts';
import { deployments, pods } from '../../../runbooks/cluster/kinds.ts';
import { SECRET } from '../../../runbooks/cluster/presence.ts';
import type { ClusterVerb } from '../../../runbooks/language/cluster.ts';
import { names } from '../../../runbooks/language/names.ts';
import { clusterManifest } from '../../../runbooks/language/rights/cluster-manifest.ts';
import { type ClusterIdentity, clusterIdentities } from '../../../runbooks/language/rights/cluster-roles.ts';
import { SaveitSettings } from '../../../runbooks/saveit/system.ts';
import { apply } from '../../cluster/apply.ts';
import { BACKEND, NAMESPACE } from '../../cluster/fixtures/saveit.ts';
import { kubeConfig } from '../../cluster/kubeconfig.ts';
import { fault } from './inside-pods.ts';
import { runbooksOfSaveit } from './runbooks/settle.ts';
import type { Stage } from './stage.ts';

/** The generated manifest, as a person applies it: RBAC allows each runbook's group all that its steps need, and not more. */
export async function manifest({ plane, results }: Stage): Promise<void> {
  const settings = SaveitSettings.parse({ cluster: { name: plane.cluster, namespace: NAMESPACE } });
  const identities = clusterIdentities(names(), 'saveit', runbooksOfSaveit, settings);
  results.equal('every runbook of the page is somebody of its own', new Set(identities.map(({ group }) => group)).size, 11);
  const text = clusterManifest({ prefix: 'firebreak', system: 'saveit', cluster: plane.cluster, given: true, identities });
  await apply(plane.admin, loadAllYaml(text));
  const admin = await Kubernetes.open(NAMESPACE, async () => plane.admin);
  const allowed = async (group: string, question: AccessQuestion) =>
    (await admin.create(accessReviews, accessReview(group, question)))?.status.allowed;
  for (const identity of identities) {
    const { runbook, group, namespace } = identity;
    const refused: string[] = [];
    const questions = questionsOf(identity);
    for (const question of questions) if (!(await allowed(group, question))) refused.push(spokenQuestion(question));
    results.equal(`${runbook} may do each of the ${questions.length} things that its steps need`, refused, []);
    const everything = { verb: '*', group: '*', resource: '*', namespace };
    const secrets = { verb: 'list', group: '', resource: 'secrets', namespace };
    const elsewhere = { verb: 'list', group: '', resource: 'pods', namespace: 'default' };
    const beyond = await Promise.all([everything, secrets, elsewhere].map((question) => allowed(group, question)));
    const none = [false, false, false];
    results.equal(`${runbook} may not do everything, list Secrets, or be in another namespace`, beyond, none);
    await asMember(plane, identity, results);
  }
}

/** As an access entry has it: a role in the group, which has no rights but those of the group, and tries more. */
async function asMember(plane: Stage['plane'], identity: ClusterIdentity, results: Stage['results']): Promise<void> {
  const { runbook, group, rules } = identity;
  const key = { accessKeyId: `ASIA${randomBytes(8).toString('hex')}`, secretAccessKey: randomBytes(30).toString('base64') };
  plane.grant(key, {
    username: `arn:aws:sts::123456789012:assumed-role/${runbook.replace('/', '-')}/firebreak`,
    groups: [group],
  });
  const client = new EKSClient({ region: 'us-east-1', credentials: key });
  const open = (namespace: string) =>
    Kubernetes.open(namespace, async () => kubeConfig(plane, await clusterToken(client, plane.cluster)));
  const [here, elsewhere] = [await open(NAMESPACE), await open('default')];
  // Redis' own runbook may change Redis, and not the backend.
  const may = (of: string, verb: ClusterVerb, name: string) =>
    rules.some((rule) => rule.resource === of && rule.verbs.includes(verb) && (rule.names?.includes(name) ?? true))
      ? 'no fault'
      : 'forbidden';
  const tried = {
    'see pods': await fault(here.list(pods)),
    'change the backend': await fault(
      here.patch(deployments, BACKEND, { metadata: { annotations: { 'firebreak.test/by': runbook } } }),
    ),
    'delete the backend': await fault(here.remove(deployments, BACKEND)),
    'read a Secret': await fault(here.get(SECRET, 'anything')),
    'see pods elsewhere': await fault(elsewhere.list(pods)),
  };
  results.equal(`${runbook} is refused what is not in its Role`, tried, {
    'see pods': may('pods', 'list', ''),
    'change the backend': may('deployments', 'patch', BACKEND),
    'delete the backend': 'forbidden',
    'read a Secret': 'forbidden',
    'see pods elsewhere': 'forbidden',
  });
}
