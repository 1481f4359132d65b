import { EKSClient } from '@aws-sdk/client-eks';
import { describe, expect, it } from 'vitest';
import { clusterToken } from '../../../../functions/aws/cluster/token.ts';

const client = (region: string) =>
  new EKSClient({ region, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' } });
const urlOf = (token: string) => new URL(Buffer.from(token.replace('k8s-aws-v1.', ''), 'base64url').toString());

describe('the token by which EKS knows who asks', () => {
  it('is a call of GetCallerIdentity that is signed for one cluster, and good for a minute', async () => {
    const token = await clusterToken(client('eu-west-1'), 'saveit-prod');
    expect(token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
    const url = urlOf(token);
    expect(url.origin).toBe('https://sts.eu-west-1.amazonaws.com');
    const query = Object.fromEntries(url.searchParams);
    expect(query).toMatchObject({ Action: 'GetCallerIdentity', Version: '2011-06-15', 'X-Amz-Expires': '60' });
    expect(query['X-Amz-Credential']).toMatch(/^AKIDEXAMPLE\/\d{8}\/eu-west-1\/sts\/aws4_request$/);
    expect(query['X-Amz-SignedHeaders']?.split(';')).toEqual(['host', 'x-k8s-aws-id']);
    expect(query['X-Amz-Security-Token']).toBe('session');
    expect(query['X-Amz-Signature']).toMatch(/^[0-9a-f]{64}$/);
    // The name of the cluster is signed, and told by whoever checks it: it is not in the token.
    expect(url.href).not.toContain('saveit-prod');
  });

  it('is another for another cluster', async () => {
    const [one, other] = await Promise.all(['a', 'b'].map((name) => clusterToken(client('eu-west-1'), name)));
    expect(urlOf(one ?? '').searchParams.get('X-Amz-Signature')).not.toBe(urlOf(other ?? '').searchParams.get('X-Amz-Signature'));
  });

  it('knows where STS is in China', async () => {
    expect(urlOf(await clusterToken(client('cn-north-1'), 'a')).host).toBe('sts.cn-north-1.amazonaws.com.cn');
  });
});
