import { writeFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';

/** Where a cluster is and why it is believed, as EKS' DescribeCluster tells it. */
export interface Endpoint {
  url: string;
  /** The authority's certificate, PEM, base64. */
  caData: string;
}

/** A configuration for the official client, of one who has this token. */
export function kubeConfig({ url, caData }: Endpoint, token: string, namespace?: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'cluster', server: url, caData, skipTLSVerify: false }],
    users: [{ name: 'user', token }],
    contexts: [{ name: 'context', cluster: 'cluster', user: 'user', ...(namespace === undefined ? {} : { namespace }) }],
    currentContext: 'context',
  });
  return config;
}

/** The same as a file, for programs. @returns its path */
export function writeKubeConfig(path: string, config: KubeConfig): string {
  writeFileSync(path, config.exportConfig(), { mode: 0o600 });
  return path;
}
