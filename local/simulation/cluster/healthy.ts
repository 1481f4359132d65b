import {
  AUTOSCALERS,
  CERTIFICATES_KIND,
  CLAIMS,
  CONFIGMAPS,
  DEPLOYMENTS,
  NAMESPACES,
  NODES,
  SECRETS,
  SERVICES,
} from './kinds.ts';
import { stamp } from './state.ts';
import type { ObjectStore } from './store.ts';
import { APP } from './world.ts';

export const NAMESPACE = 'saveit';
const DAY = 86_400_000;

/** Save-It as the page tells of it, deployed at the store's present time. */
export function deployHealthy(store: ObjectStore): void {
  for (const name of ['default', 'kube-system', 'cert-manager', NAMESPACE])
    store.create(NAMESPACES, {
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
      spec: {},
      status: { phase: 'Active' },
    });
  for (const number of [1, 2, 3]) store.create(NODES, node(number, store.now));
  for (const application of APPLICATIONS) deploy(store, application);
  store.create(AUTOSCALERS, { metadata: { name: 'saveit-backend-hpa', namespace: NAMESPACE }, spec: AUTOSCALER });
  store.create(CLAIMS, {
    metadata: { name: 'redis-data', namespace: NAMESPACE },
    spec: { accessModes: ['ReadWriteOnce'] },
    status: { phase: 'Bound' },
  });
  store.create(CONFIGMAPS, { metadata: { name: 'saveit-config', namespace: NAMESPACE }, data: { LOG_LEVEL: 'info' } });
  // Values are never needed: nothing of the simulation reads them.
  for (const name of ['saveit-database', 'firebreak-database'])
    store.create(SECRETS, {
      metadata: { name, namespace: NAMESPACE },
      type: 'Opaque',
      data: { host: '', username: '', password: '' },
    });
  certificate(store);
}

/** What the page's autoscaler is: three to ten backends, by the use of processors. */
export const AUTOSCALER = {
  scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'saveit-backend' },
  minReplicas: 3,
  maxReplicas: 10,
  metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
};

function node(number: number, now: number) {
  const name = `ip-10-0-${number}-10.ec2.internal`;
  const at = stamp(now);
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'node.kubernetes.io/instance-type': 'm7g.xlarge' } },
    spec: { providerID: `aws:///us-east-1a/i-0sa7e17${number}` },
    status: {
      allocatable: { cpu: '3920m', memory: '15Gi', pods: '58' },
      capacity: { cpu: '4', memory: '16Gi', pods: '58' },
      conditions: [
        {
          type: 'Ready',
          status: 'True' as const,
          reason: 'KubeletReady',
          message: 'kubelet is posting ready status',
          lastTransitionTime: at,
        },
      ],
      addresses: [{ type: 'InternalIP', address: `10.0.${number}.10` }],
      nodeInfo: {
        kubeletVersion: 'v1.32.4-eks',
        osImage: 'Amazon Linux 2023',
        kernelVersion: '6.1.0',
        containerRuntimeVersion: 'containerd://1.7.27',
        architecture: 'arm64',
        operatingSystem: 'linux',
      },
    },
  };
}

interface Application {
  name: string;
  container: string;
  image: string;
  replicas: number;
  port: number;
  requests: { cpu: string; memory: string };
  limits: { cpu: string; memory: string };
  strategy: Record<string, unknown>;
  more?: Record<string, unknown>;
}

const ROLLING = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } };
const APPLICATIONS: Application[] = [
  {
    ...{
      name: 'saveit-backend',
      container: 'backend',
      image: 'registry.saveit.ai/saveit/backend:2.8.1',
      replicas: 3,
      port: 8000,
    },
    requests: { cpu: '500m', memory: '512Mi' },
    limits: { cpu: '1', memory: '1Gi' },
    strategy: ROLLING,
  },
  {
    ...{
      name: 'saveit-frontend',
      container: 'frontend',
      image: 'registry.saveit.ai/saveit/frontend:2.8.1',
      replicas: 2,
      port: 80,
    },
    requests: { cpu: '100m', memory: '64Mi' },
    limits: { cpu: '500m', memory: '256Mi' },
    strategy: ROLLING,
  },
  {
    ...{ name: 'redis', container: 'redis', image: 'docker.io/library/redis:7-alpine', replicas: 1, port: 6379 },
    requests: { cpu: '100m', memory: '64Mi' },
    limits: { cpu: '500m', memory: '256Mi' },
    // Its volume can be used by one pod at a time.
    strategy: { type: 'Recreate' },
    more: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'redis-data' } }] },
  },
];

function deploy(
  store: ObjectStore,
  { name, container, image, replicas, port, requests, limits, strategy, more }: Application,
): void {
  const labels = { [APP]: name };
  const metadata = { name, namespace: NAMESPACE, labels };
  const ports = [{ containerPort: port, protocol: 'TCP' }];
  const mounts = more && { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
  const containers = [{ name: container, image, ports, resources: { requests, limits }, ...mounts }];
  const template = { metadata: { labels }, spec: { containers, ...more } };
  store.create(DEPLOYMENTS, { metadata, spec: { replicas, selector: { matchLabels: labels }, strategy, template } });
  store.create(SERVICES, {
    metadata,
    spec: { selector: labels, type: 'ClusterIP', clusterIP: `172.20.0.${port % 200}`, ports: [{ port, protocol: 'TCP' }] },
  });
}

function certificate(store: ObjectStore): void {
  const name = 'saveit-tls';
  const annotations = { 'cert-manager.io/certificate-name': name, 'cert-manager.io/issuer-name': 'letsencrypt' };
  store.create(SECRETS, {
    metadata: { name, namespace: NAMESPACE, annotations },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': '', 'tls.key': '' },
  });
  store.create(CERTIFICATES_KIND, {
    metadata: { name, namespace: NAMESPACE },
    spec: { secretName: name, dnsNames: ['api.saveit.ai'], issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer' } },
    status: {
      conditions: [],
      revision: 4,
      notBefore: stamp(store.now),
      notAfter: stamp(store.now + 90 * DAY),
      renewalTime: stamp(store.now + 60 * DAY),
    },
  });
}
