import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { CoreV1Api, Health, type KubeConfig } from '@kubernetes/client-node';
import { freePort } from '../e2e/free-port.ts';
import type { Authenticator } from './authenticator.ts';
import type { Programs } from './build.ts';
import type { Certificates } from './certificates.ts';
import { type Endpoint, kubeConfig, writeKubeConfig } from './kubeconfig.ts';
import type { Start } from './process.ts';

/** What the parts of one control plane share. */
export interface Place {
  folder: string;
  programs: Programs;
  certificates: Certificates;
  endpoint: Endpoint;
  ports: Record<'etcd' | 'peers' | 'apiserver' | 'kubelet' | 'metrics', number>;
  /** Tokens of those who are no AWS role: the test itself, and the parts. */
  tokens: Record<keyof typeof STATIC_USERS, string>;
}

/** Who is who without EKS' authenticator, and in which group. The parts have the rights that Kubernetes gives them. */
const STATIC_USERS = {
  admin: ['firebreak-test', 'system:masters'],
  controllerManager: ['system:kube-controller-manager', ''],
  scheduler: ['system:kube-scheduler', ''],
  kwok: ['kwok', 'system:masters'],
  metricsServer: ['metrics-server', 'system:masters'],
} as const;

export async function layOut(folder: string, programs: Programs, certificates: Certificates): Promise<Place> {
  const [etcd, peers, apiserver, kubelet, metrics] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const token = () => randomBytes(24).toString('hex');
  return {
    folder,
    programs,
    certificates,
    endpoint: { url: `https://127.0.0.1:${apiserver}`, caData: certificates.caData },
    ports: { etcd, peers, apiserver, kubelet, metrics },
    tokens: { admin: token(), controllerManager: token(), scheduler: token(), kwok: token(), metricsServer: token() },
  };
}

export function etcd({ folder, programs, ports }: Place): Start {
  const url = (port: number) => `http://127.0.0.1:${port}`;
  const args = [
    ['--data-dir', join(folder, 'etcd')],
    ['--listen-client-urls', url(ports.etcd)],
    ['--advertise-client-urls', url(ports.etcd)],
    ['--listen-peer-urls', url(ports.peers)],
    ['--initial-advertise-peer-urls', url(ports.peers)],
    ['--initial-cluster', `default=${url(ports.peers)}`],
    // Nothing of it outlives the test: it need not wait for the disk.
    ['--unsafe-no-fsync', 'true'],
  ].map(([name, value]) => `${name}=${value}`);
  const ready = async () => (await fetch(`${url(ports.etcd)}/health`)).ok;
  return { name: 'etcd', program: programs.etcd, args, folder, ready };
}

export function apiServer(place: Place, authenticator: Authenticator): Start {
  const { folder, programs, certificates, ports, tokens, endpoint } = place;
  const tokenFile = join(folder, 'tokens.csv');
  const line = (key: keyof typeof STATIC_USERS) => {
    const [user, groups] = STATIC_USERS[key];
    return `${tokens[key]},${user},${user},"${groups}"`;
  };
  const users: (keyof typeof STATIC_USERS)[] = ['admin', 'controllerManager', 'scheduler', 'kwok', 'metricsServer'];
  writeFileSync(tokenFile, `${users.map(line).join('\n')}\n`, { mode: 0o600 });
  const webhook = writeKubeConfig(
    join(folder, 'authenticator.kubeconfig'),
    kubeConfig({ url: authenticator.url, caData: certificates.caData }, 'none'),
  );
  const { server, frontProxy, frontProxyAuthority, serviceAccounts } = certificates;
  const args = [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    // There is no other API server to be found beside it, and Endpoints refuse the loopback.
    '--endpoint-reconciler-type=none',
    `--secure-port=${ports.apiserver}`,
    `--tls-cert-file=${server.certificate}`,
    `--tls-private-key-file=${server.key}`,
    '--authorization-mode=RBAC',
    `--token-auth-file=${tokenFile}`,
    `--authentication-token-webhook-config-file=${webhook}`,
    '--authentication-token-webhook-version=v1',
    // A token that has expired is refused at once, not when a cache forgets it.
    '--authentication-token-webhook-cache-ttl=1s',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${serviceAccounts.publicKey}`,
    `--service-account-signing-key-file=${serviceAccounts.privateKey}`,
    `--requestheader-client-ca-file=${frontProxyAuthority}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${frontProxy.certificate}`,
    `--proxy-client-key-file=${frontProxy.key}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--kubelet-certificate-authority=${certificates.authority}`,
    // Debian's etcd is too old to say how far a watch has come; clients that are offered it all the same wait for it in vain.
    '--feature-gates=WatchList=false',
  ];
  const health = new Health(kubeConfig(endpoint, tokens.admin));
  return { name: 'kube-apiserver', program: programs.apiserver, args, folder, ready: () => health.readyz({}) };
}

export function controllerManager(place: Place): Start {
  const { folder, programs, certificates } = place;
  const args = [
    ...asClient(place, 'controllerManager'),
    '--leader-elect=false',
    '--secure-port=0',
    // Each controller with its own rights, as in any cluster.
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${certificates.serviceAccounts.privateKey}`,
    `--root-ca-file=${certificates.authority}`,
    '--horizontal-pod-autoscaler-sync-period=3s',
    '--horizontal-pod-autoscaler-initial-readiness-delay=1s',
    '--horizontal-pod-autoscaler-cpu-initialization-period=1s',
  ];
  const core = adminConfig(place).makeApiClient(CoreV1Api);
  const ready = async () =>
    (await core.readNamespacedServiceAccount({ name: 'default', namespace: 'default' })).metadata !== undefined;
  return { name: 'kube-controller-manager', program: programs.controllerManager, args, folder, ready };
}

export function scheduler(place: Place): Start {
  const { folder, programs } = place;
  const args = [...asClient(place, 'scheduler'), '--leader-elect=false', '--secure-port=0'];
  return { name: 'kube-scheduler', program: programs.scheduler, args, folder, ready: () => true };
}

/** The nodes and pods, and the kubelet that the API server asks for logs and exec. @param tools is first on their PATH */
export function kwok(place: Place, tools: string): Start {
  const { folder, programs, certificates, ports } = place;
  const { certificate, key } = certificates.server;
  const args = [
    ...asClient(place, 'kwok'),
    '--manage-all-nodes=true',
    `--server-address=127.0.0.1:${ports.kubelet}`,
    '--node-ip=127.0.0.1',
    `--node-port=${ports.kubelet}`,
    `--tls-cert-file=${certificate}`,
    `--tls-private-key-file=${key}`,
    // Without leases the controllers take the nodes for dead after forty seconds.
    '--node-lease-duration-seconds=40',
    '--enable-crds=Stage,Exec,ClusterExec,Logs,ClusterLogs,ClusterResourceUsage,Metric',
  ];
  const env = { PATH: `${tools}:${process.env.PATH ?? '/usr/bin:/bin'}` };
  const ready = async () => (await fetch(`http://127.0.0.1:${ports.kubelet}/healthz`)).ok;
  return { name: 'kwok', program: programs.kwok, args, folder, env, ready };
}

/** What `kubectl top` and the autoscaler read: the real metrics-server, which scrapes the kubelet. */
export function metricsServer(place: Place): Start {
  const { folder, programs, certificates, ports } = place;
  const [kubeconfig] = asClient(place, 'metricsServer');
  const path = kubeconfig.slice('--kubeconfig='.length);
  const args = [
    kubeconfig,
    `--authentication-kubeconfig=${path}`,
    `--authorization-kubeconfig=${path}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.metrics}`,
    `--tls-cert-file=${certificates.server.certificate}`,
    `--tls-private-key-file=${certificates.server.key}`,
    `--kubelet-certificate-authority=${certificates.authority}`,
    '--kubelet-use-node-status-port',
    '--kubelet-preferred-address-types=InternalIP',
    '--metric-resolution=10s',
    '--kubelet-request-timeout=5s',
  ];
  const ready = () => listens(ports.metrics);
  return { name: 'metrics-server', program: programs.metricsServer, args, folder, ready };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
  });
}

export function adminConfig({ endpoint, tokens }: Place): KubeConfig {
  return kubeConfig(endpoint, tokens.admin);
}

function asClient({ folder, endpoint, tokens }: Place, who: keyof typeof STATIC_USERS): [string] {
  return [`--kubeconfig=${writeKubeConfig(join(folder, `${who}.kubeconfig`), kubeConfig(endpoint, tokens[who]))}`];
}
