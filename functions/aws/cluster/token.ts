import type { EKSClient } from '@aws-sdk/client-eks';
import { SignatureV4 } from '@smithy/signature-v4';

/** STS lets such a call be made for so long; EKS takes the token for at most a quarter of an hour. In seconds. */
const EXPIRES_SECONDS = 60;

/**
 * Who asks, as EKS wants it proven: a call of `GetCallerIdentity` that is signed for this cluster and not made. EKS makes it, and
 * so learns which role it is. Nothing is sent from here.
 *
 * Source: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
 * @param client whose credentials are the caller's
 */
export async function clusterToken({ config }: EKSClient, cluster: string): Promise<string> {
  const region = await config.region();
  const hostname = `sts.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
  const signer = new SignatureV4({ service: 'sts', region, credentials: config.credentials, sha256: config.sha256 });
  const { query } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: hostname, 'x-k8s-aws-id': cluster },
    },
    // The cluster's name must be among the signed headers, so that a token for one cluster is worth nothing to another.
    { expiresIn: EXPIRES_SECONDS, unhoistableHeaders: new Set(['x-k8s-aws-id']) },
  );
  const parameters = Object.entries(query ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
  const url = `https://${hostname}/?${new URLSearchParams(parameters)}`;
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
}
