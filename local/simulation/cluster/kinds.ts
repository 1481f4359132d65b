import type * as z from 'zod';
import { Binding, Role } from './access-objects.ts';
import { Certificate, CertificateRequest, Challenge, Order, Secret } from './certificate-objects.ts';
import { Autoscaler, Deployment, Event, Job, KubeObject, Node, Pod, ReplicaSet } from './objects.ts';

/** A resource of the API, with the shape of its objects. */
export interface Kind<T extends KubeObject = KubeObject> {
  /** `''` for the core group. */
  group: string;
  version: string;
  /** In the plural, as it stands in a path. */
  resource: string;
  kind: string;
  shortNames: string[];
  namespaced: boolean;
  /** What `kubectl get all` shows. */
  all: boolean;
  /** Its status is a subresource: a change of the object leaves it alone, and the other way round. */
  status: boolean;
  scale: boolean;
  schema: z.ZodType<T>;
}

interface More {
  shortNames?: string[];
  clusterWide?: true;
  all?: true;
  scale?: true;
  plain?: true;
}

function kind<T extends KubeObject>(
  group: string,
  version: string,
  resource: string,
  name: string,
  schema: z.ZodType<T>,
  more: More = {},
): Kind<T> {
  const { shortNames = [], clusterWide, all = false, scale = false, plain } = more;
  return { group, version, resource, kind: name, shortNames, namespaced: !clusterWide, all, status: !plain, scale, schema };
}

const CERTIFICATES = 'cert-manager.io';
const ACME = 'acme.cert-manager.io';

export const NAMESPACES = kind('', 'v1', 'namespaces', 'Namespace', KubeObject, { shortNames: ['ns'], clusterWide: true });
export const NODES = kind('', 'v1', 'nodes', 'Node', Node, { shortNames: ['no'], clusterWide: true });
export const PODS = kind('', 'v1', 'pods', 'Pod', Pod, { shortNames: ['po'], all: true });
export const SERVICES = kind('', 'v1', 'services', 'Service', KubeObject, { shortNames: ['svc'], all: true });
export const ENDPOINTS = kind('', 'v1', 'endpoints', 'Endpoints', KubeObject, { shortNames: ['ep'], plain: true });
export const EVENTS = kind('', 'v1', 'events', 'Event', Event, { shortNames: ['ev'], plain: true });
export const CONFIGMAPS = kind('', 'v1', 'configmaps', 'ConfigMap', KubeObject, { shortNames: ['cm'], plain: true });
export const SECRETS = kind('', 'v1', 'secrets', 'Secret', Secret, { plain: true });
export const CLAIMS = kind('', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', KubeObject, { shortNames: ['pvc'] });
export const DEPLOYMENTS = kind('apps', 'v1', 'deployments', 'Deployment', Deployment, {
  shortNames: ['deploy'],
  all: true,
  scale: true,
});
export const REPLICASETS = kind('apps', 'v1', 'replicasets', 'ReplicaSet', ReplicaSet, {
  shortNames: ['rs'],
  all: true,
  scale: true,
});
export const JOBS = kind('batch', 'v1', 'jobs', 'Job', Job, { all: true });
export const AUTOSCALERS = kind('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', Autoscaler, {
  shortNames: ['hpa'],
  all: true,
});
export const CERTIFICATES_KIND = kind(CERTIFICATES, 'v1', 'certificates', 'Certificate', Certificate, {
  shortNames: ['cert', 'certs'],
});
export const REQUESTS = kind(CERTIFICATES, 'v1', 'certificaterequests', 'CertificateRequest', CertificateRequest, {
  shortNames: ['cr', 'crs'],
});
export const ORDERS = kind(ACME, 'v1', 'orders', 'Order', Order);
export const CHALLENGES = kind(ACME, 'v1', 'challenges', 'Challenge', Challenge);

const RBAC = 'rbac.authorization.k8s.io';

export const ROLES = kind(RBAC, 'v1', 'roles', 'Role', Role, { plain: true });
export const BINDINGS = kind(RBAC, 'v1', 'rolebindings', 'RoleBinding', Binding, { plain: true });
export const CLUSTER_ROLES = kind(RBAC, 'v1', 'clusterroles', 'ClusterRole', Role, { clusterWide: true, plain: true });
export const CLUSTER_BINDINGS = kind(RBAC, 'v1', 'clusterrolebindings', 'ClusterRoleBinding', Binding, {
  clusterWide: true,
  plain: true,
});

export const KINDS: readonly Kind[] = [
  ...[NAMESPACES, NODES, PODS, SERVICES, ENDPOINTS, EVENTS, CONFIGMAPS, SECRETS, CLAIMS],
  ...[DEPLOYMENTS, REPLICASETS, JOBS, AUTOSCALERS, CERTIFICATES_KIND, REQUESTS, ORDERS, CHALLENGES],
  ...[ROLES, BINDINGS, CLUSTER_ROLES, CLUSTER_BINDINGS],
];

export const apiVersion = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;
