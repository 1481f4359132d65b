import { LOCAL_ACCOUNT } from '../../runbooks/language/names.ts';
import type { Answer } from './protocol/answer.ts';
import type { AwsRequest } from './protocol/request.ts';

/** The address of an API, and the authority by which it is believed: a certificate, PEM, base64. */
export interface ClusterAddress {
  url: string;
  caData: string;
}

/** A cluster that EKS knows. */
export interface KnownCluster {
  /** Where its API is: a path is below the address at which local mode itself was reached. */
  at: string | ClusterAddress;
  /** Its access entries: the Kubernetes group of each role that it lets in, by the role's ARN. */
  groups?: Readonly<Record<string, string>>;
}
/** By name. */
export type Clusters = Readonly<Record<string, KnownCluster>>;

const ENTRY = /^\/clusters\/([^/]+)\/access-entries\/([^/]+)$/;

/** EKS' DescribeCluster, ListClusters and DescribeAccessEntry, REST and JSON: what clients of a cluster and the doctor need of it. */
export function elasticKubernetes(clusters: Clusters, request: AwsRequest, requestId: string): Answer {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
  const tell = (status: number, body: object, code?: string): Answer => ({
    status,
    headers: { ...headers, ...(code !== undefined && { 'x-amzn-errortype': code }) },
    body: JSON.stringify(body),
  });
  const [path = ''] = request.url.split('?');
  if (request.method === 'GET' && path === '/clusters') return tell(200, { clusters: Object.keys(clusters) });
  const [, of, encoded] = (request.method === 'GET' && ENTRY.exec(path)) || [];
  if (of !== undefined && encoded !== undefined) {
    const principalArn = decodeURIComponent(encoded);
    const group = Object.hasOwn(clusters, of) ? clusters[of]?.groups?.[principalArn] : undefined;
    if (group !== undefined)
      return tell(200, { accessEntry: { clusterName: of, principalArn, kubernetesGroups: [group], type: 'STANDARD' } });
    const message = `The specified principalArn could not be found: ${principalArn}.`;
    return tell(404, { clusterName: of, message }, 'ResourceNotFoundException');
  }
  const name = request.method === 'GET' ? /^\/clusters\/([^/]+)$/.exec(path)?.[1] : undefined;
  if (name === undefined) {
    const message = `local mode has no ${request.method} ${path}; it has DescribeCluster, ListClusters and DescribeAccessEntry`;
    return tell(404, { message }, 'UnknownOperationException');
  }
  const found = Object.hasOwn(clusters, name) ? clusters[name] : undefined;
  if (found === undefined) {
    const message = `No cluster found for name: ${name}.`;
    return tell(404, { clusterName: name, message }, 'ResourceNotFoundException');
  }
  // Nothing to trust where it is this port: plain HTTP, on this machine.
  const { url, caData } = typeof found.at === 'string' ? { url: `http://${request.host}${found.at}`, caData: '' } : found.at;
  return tell(200, {
    cluster: {
      name,
      arn: `arn:aws:eks:${request.region}:${LOCAL_ACCOUNT}:cluster/${name}`,
      status: 'ACTIVE',
      version: '1.32',
      endpoint: url,
      certificateAuthority: { data: caData },
      accessConfig: { authenticationMode: 'API' },
    },
  });
}
