import { EKSClient } from '@aws-sdk/client-eks';
import { SignatureV4 } from '@smithy/signature-v4';
import { Kubernetes } from '../../../functions/aws/cluster/kubernetes.ts';
import type { AccessKey } from '../../cluster/authenticator.ts';
import { NAMESPACE } from '../../cluster/fixtures/saveit.ts';
import { kubeConfig } from '../../cluster/kubeconfig.ts';
import { until } from '../until.ts';
import { fault } from './inside-pods.ts';
import { POD } from './rights.ts';
import { identity, type Stage } from './stage.ts';

const REGION = 'us-east-1';
/** STS' words for a signature's own time, two minutes and an hour ago. */
const [MINUTES_AGO, HOUR_AGO] = [2 * 60_000, 60 * 60_000];

/** The API server remembers whom it has believed for ten seconds. */
const CACHED_MS = 20_000;

/** EKS' way of knowing who asks: a call of STS that is signed and not made. */
export async function authentication(stage: Stage): Promise<void> {
  const { results, plane } = stage;
  const { key, token, cluster } = await identity(stage, 'reader', [{ group: '', resource: 'pods', verbs: ['list'] }]);
  results.holds("the responder's own token is believed", (await cluster.list(POD)).length > 0);

  const answered = async (bearer: string) => {
    const opened = await Kubernetes.open(NAMESPACE, async () => kubeConfig(plane, bearer));
    return await fault(opened.list(POD));
  };
  results.equal('a token for another cluster is refused', await answered(await token('another')), 'unauthorized');
  results.holds(
    'because its signature is another',
    plane.refusals().some((why) => why.includes('signature')),
  );
  results.equal(
    'a token of two minutes ago is still good',
    await answered(await tokenOf(key, MINUTES_AGO, plane.cluster)),
    'no fault',
  );
  results.equal('one of an hour ago has expired', await answered(await tokenOf(key, HOUR_AGO, plane.cluster)), 'unauthorized');
  const forged = await tokenOf({ ...key, secretAccessKey: 'guessed' }, 0, plane.cluster);
  results.equal('one with a guessed secret is refused', await answered(forged), 'unauthorized');
  const stranger = await tokenOf({ accessKeyId: 'ASIASTRANGER', secretAccessKey: 'x' }, 0, plane.cluster);
  results.equal('a role without an access entry is refused', await answered(stranger), 'unauthorized');
  results.equal('so is what is no token at all', await answered('not-a-token'), 'unauthorized');
  await renewal(stage, await tokenOf(key, HOUR_AGO, plane.cluster), token);
  plane.revoke(key.accessKeyId);
  const revoked = async () => (await answered(await token())) === 'unauthorized';
  results.holds('and a role whose access entry was deleted', await until('it is refused', revoked, CACHED_MS));
}

/** A run can outlast its token: then the adapter makes another, once, and goes on. */
async function renewal({ results, plane }: Stage, expired: string, fresh: () => Promise<string>): Promise<void> {
  const made: string[] = [];
  const cluster = await Kubernetes.open(NAMESPACE, async () => {
    made.push(made.length === 0 ? expired : await fresh());
    return kubeConfig(plane, made.at(-1) ?? '');
  });
  results.equal('with an expired token the responder makes another and goes on', await fault(cluster.list(POD)), 'no fault');
  results.equal('and that once', made.length, 2);
}

/** As the responder makes it, signed at another time. @param age of its signature, in milliseconds */
async function tokenOf(key: AccessKey, age: number, cluster: string): Promise<string> {
  const hostname = `sts.${REGION}.amazonaws.com`;
  const { sha256 } = new EKSClient({ region: REGION, credentials: key }).config;
  const signer = new SignatureV4({ service: 'sts', region: REGION, credentials: key, sha256 });
  const query = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
  const headers = { host: hostname, 'x-k8s-aws-id': cluster };
  const signed = await signer.presign(
    { method: 'GET', protocol: 'https:', hostname, path: '/', query, headers },
    { expiresIn: 60, signingDate: new Date(Date.now() - age), unhoistableHeaders: new Set(['x-k8s-aws-id']) },
  );
  const parameters = Object.entries(signed.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
  return `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${new URLSearchParams(parameters)}`).toString('base64url')}`;
}
