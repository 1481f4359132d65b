import { randomBytes } from 'node:crypto';
import { EKSClient } from '@aws-sdk/client-eks';
import { loadAllYaml } from '@kubernetes/client-node';
import { Kubernetes } from '../../../functions/aws/cluster/kubernetes.ts';
import { clusterToken } from '../../../functions/aws/cluster/token.ts';
import { questionsOf } from '../../../functions/doctor/clusters.ts';
import { type AccessQuestion, accessReview, accessReviews, spokenQuestion } from '../../../runbooks/cluster/access-review.ts';
import { nodes, pods } from '../../../runbooks/cluster/kinds.ts';
import { SECRET } from '../../../runbooks/cluster/presence.ts';
import { names } from '../../../runbooks/language/names.ts';
import { clusterManifest } from '../../../runbooks/language/rights/cluster-manifest.ts';
import { clusterIdentities } from '../../../runbooks/language/rights/cluster-roles.ts';
import applicationNotResponding from '../../../runbooks/saveit/application-not-responding.ts';
import debugPod from '../../../runbooks/saveit/debug-pod.ts';
import { SaveitSettings } from '../../../runbooks/saveit/system.ts';
import { apply } from '../../cluster/apply.ts';
import { NAMESPACE } from '../../cluster/fixtures/saveit.ts';
import { kubeConfig } from '../../cluster/kubeconfig.ts';
import { fault } from './inside-pods.ts';
import type { Stage } from './stage.ts';

/** The generated manifest, as a person applies it: RBAC allows each runbook's group all that its steps need, and not more. */
export async function manifest({ plane, results }: Stage): Promise<void> {
  const settings = SaveitSettings.parse({ cluster: { name: plane.cluster, namespace: NAMESPACE } });
  const identities = clusterIdentities(names(), 'saveit', [applicationNotResponding, debugPod], settings);
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
    results.equal(`${runbook} may not do everything`, await allowed(group, everything), false);
    const secrets = { verb: 'list', group: '', resource: 'secrets', namespace };
    results.equal(`${runbook} may not list Secrets`, await allowed(group, secrets), false);
    results.equal(
      `${runbook} may do nothing in another namespace`,
      await allowed(group, { ...secrets, resource: 'pods', namespace: 'default' }),
      false,
    );
  }
  await asMember(plane, identities[0]?.group ?? '', results);
}

/** As an access entry has it: the role is in the group, and has no rights but those of the group. */
async function asMember(plane: Stage['plane'], group: string, results: Stage['results']): Promise<void> {
  const key = { accessKeyId: 'ASIAMEMBER', secretAccessKey: randomBytes(30).toString('base64') };
  plane.grant(key, { username: 'arn:aws:sts::123456789012:assumed-role/member/firebreak', groups: [group] });
  const client = new EKSClient({ region: 'us-east-1', credentials: key });
  const cluster = await Kubernetes.open(NAMESPACE, async () => kubeConfig(plane, await clusterToken(client, plane.cluster)));
  results.holds(
    `a member of ${group} sees pods and nodes`,
    (await cluster.list(pods)).length + (await cluster.list(nodes)).length > 3,
  );
  results.equal('and no Secret', await fault(cluster.get(SECRET, 'anything')), 'forbidden');
}
