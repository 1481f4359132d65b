import { DescribeClusterCommand, EKSClient, ResourceNotFoundException } from '@aws-sdk/client-eks';
import { KubeConfig } from '@kubernetes/client-node';
import { type Cluster, ClusterFault } from '../../../runbooks/language/cluster.ts';
import { type CallWatcher, watched } from '../watched.ts';
import { Kubernetes } from './kubernetes.ts';
import { clusterToken } from './token.ts';

export const makeClusters = (watcher?: CallWatcher) => new Clusters(watched('eks', new EKSClient({}), watcher));

interface Endpoint {
  server: string;
  caData: string;
}

/** EKS: where a cluster's API is, and the token by which it knows the function. */
export class Clusters {
  private readonly client: EKSClient;
  /** A cluster keeps its address and its authority as long as it is there. */
  private readonly known = new Map<string, Promise<Endpoint>>();
  constructor(client: EKSClient) {
    this.client = client;
  }

  /** @throws {ClusterFault} when EKS does not know the cluster, or it has no API yet */
  async open(name: string, namespace: string): Promise<Cluster> {
    return Kubernetes.open(namespace, async () => {
      const [{ server, caData }, token] = await Promise.all([this.endpoint(name), clusterToken(this.client, name)]);
      const config = new KubeConfig();
      config.loadFromOptions({
        // The client takes plain HTTP for a mistake unless it is told so. EKS gives no such address: it is local mode's own.
        clusters: [{ name, server, ...(caData && { caData }), skipTLSVerify: server.startsWith('http://') }],
        users: [{ name: 'firebreak', token }],
        contexts: [{ name, cluster: name, user: 'firebreak' }],
        currentContext: name,
      });
      return config;
    });
  }

  private endpoint(name: string): Promise<Endpoint> {
    const known = this.known.get(name) ?? this.described(name);
    this.known.set(name, known);
    // What failed is asked again.
    known.catch(() => this.known.delete(name));
    return known;
  }

  private async described(name: string): Promise<Endpoint> {
    try {
      const { cluster } = await this.client.send(new DescribeClusterCommand({ name }));
      if (cluster?.endpoint) return { server: cluster.endpoint, caData: cluster.certificateAuthority?.data ?? '' };
      throw new ClusterFault('refused', `EKS: the cluster ${name} has no API (${cluster?.status ?? 'no status'})`);
    } catch (error) {
      if (error instanceof ResourceNotFoundException) throw new ClusterFault('refused', `EKS knows no cluster ${name}`);
      throw error;
    }
  }
}
