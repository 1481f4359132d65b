import { LOCAL_ACCOUNT } from '../../runbooks/language/names.ts';
import type { Answer } from './protocol/answer.ts';
import type { AwsRequest } from './protocol/request.ts';

/** Where the API of each cluster is, by the cluster's name: below the address at which local mode itself was reached. */
export type Clusters = Readonly<Record<string, string>>;

/** EKS' DescribeCluster and ListClusters, REST and JSON: all that a client of a cluster needs of it. */
export function elasticKubernetes(clusters: Clusters, request: AwsRequest, requestId: string): Answer {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
  const tell = (status: number, body: object, code?: string): Answer => ({
    status,
    headers: { ...headers, ...(code !== undefined && { 'x-amzn-errortype': code }) },
    body: JSON.stringify(body),
  });
  const [path = ''] = request.url.split('?');
  if (request.method === 'GET' && path === '/clusters') return tell(200, { clusters: Object.keys(clusters) });
  const name = request.method === 'GET' ? /^\/clusters\/([^/]+)$/.exec(path)?.[1] : undefined;
  if (name === undefined) {
    const message = `local mode has no ${request.method} ${path}; it has DescribeCluster and ListClusters`;
    return tell(404, { message }, 'UnknownOperationException');
  }
  const below = Object.hasOwn(clusters, name) ? clusters[name] : undefined;
  if (below === undefined) {
    const message = `No cluster found for name: ${name}.`;
    return tell(404, { clusterName: name, message }, 'ResourceNotFoundException');
  }
  return tell(200, {
    cluster: {
      name,
      arn: `arn:aws:eks:${request.region}:${LOCAL_ACCOUNT}:cluster/${name}`,
      status: 'ACTIVE',
      version: '1.32',
      endpoint: `http://${request.host}${below}`,
      // Nothing to trust: it is plain HTTP, on this machine.
      certificateAuthority: { data: '' },
      accessConfig: { authenticationMode: 'API' },
    },
  });
}
