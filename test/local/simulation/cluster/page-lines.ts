/** A line of the runbook's page that is kubectl's, and what comes of it. */
export interface Line {
  /** What a person types; `POD` is a backend. */
  line: string;
  says: RegExp;
  /** The request that it comes down to, where there is no kubectl on this machine. */
  request: { method?: string; path: string; type?: string; body?: unknown; table?: true };
  answers: RegExp;
}

export const SAVEIT = '/api/v1/namespaces/saveit';
const DEPLOYMENT = '/apis/apps/v1/namespaces/saveit/deployments/saveit-backend';
const HPA = '/apis/autoscaling/v2/namespaces/saveit/horizontalpodautoscalers/saveit-backend-hpa';
const CERTIFICATE = '/apis/cert-manager.io/v1/namespaces/saveit/certificates/saveit-tls';
const TEMPORARY = { metadata: { annotations: { 'cert-manager.io/issue-temporary-certificate': 'true' } } };
const RESTART = {
  spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-10-04T03:14:00Z' } } } },
};
const MAXIMUM = [{ op: 'replace', path: '/spec/maxReplicas', value: 15 }];

/** kubectl's half of the runbook's page, in an order in which each can follow the one before. */
export const LINES: readonly Line[] = [
  {
    line: 'get pods',
    says: /saveit-backend-\S+ +1\/1 +Running +0 +12d/,
    request: { path: `${SAVEIT}/pods`, table: true },
    answers: /"cells":\["saveit-backend-[^"]+","1\/1","Running","0","12d"\]/,
  },
  {
    line: 'get pods -l app.kubernetes.io/name=saveit-frontend',
    says: /^(?!.*backend)[\s\S]*saveit-frontend/,
    request: { path: `${SAVEIT}/pods?labelSelector=app.kubernetes.io%2Fname%3Dsaveit-frontend` },
    answers: /saveit-frontend/,
  },
  {
    line: 'describe pod POD',
    says: /Restart Count: +0[\s\S]*ContainersReady +True/,
    request: { path: `${SAVEIT}/pods/POD` },
    answers: /"restartCount":0/,
  },
  {
    line: 'logs POD --tail=100',
    says: /GET \/api\/v1\/health\/ready/,
    request: { path: `${SAVEIT}/pods/POD/log?tailLines=100` },
    answers: /GET \/api\/v1\/health\/ready/,
  },
  {
    line: 'logs -l app.kubernetes.io/name=saveit-backend --since=5m',
    says: /readings/,
    request: { path: `${SAVEIT}/pods/POD/log?sinceSeconds=300` },
    answers: /readings/,
  },
  {
    line: 'top pods',
    says: /saveit-backend-\S+ +180m +410Mi/,
    request: { path: '/apis/metrics.k8s.io/v1beta1/namespaces/saveit/pods' },
    answers: /"cpu":"180000000n"/,
  },
  {
    line: 'get hpa',
    says: /Deployment\/saveit-backend +cpu: 36%\/80% +3 +10 +3/,
    request: { path: HPA.replace('/saveit-backend-hpa', ''), table: true },
    answers: /cpu: 36%\/80%/,
  },
  {
    line: 'get certificate',
    says: /saveit-tls +True +saveit-tls/,
    request: { path: '/apis/cert-manager.io/v1/namespaces/saveit/certificates', table: true },
    answers: /"cells":\["saveit-tls","True"/,
  },
  {
    line: 'describe certificate saveit-tls',
    says: /Not After: +20\d\d/,
    request: { path: CERTIFICATE },
    answers: /"notAfter":"20\d\d/,
  },
  {
    line: 'rollout restart deployment/saveit-backend',
    says: /restarted/,
    request: { method: 'PATCH', path: DEPLOYMENT, type: 'strategic-merge-patch', body: RESTART },
    answers: /"restartedAt|restartedAt"/,
  },
  {
    line: 'rollout status deployment/saveit-backend --timeout=120s',
    says: /successfully rolled out/,
    request: {
      path: `${DEPLOYMENT.replace('/saveit-backend', '')}?watch=true&timeoutSeconds=60&fieldSelector=metadata.name%3Dsaveit-backend`,
    },
    answers: /NewReplicaSetAvailable/,
  },
  {
    line: 'patch hpa saveit-backend-hpa --type=json -p=[{"op":"replace","path":"/spec/maxReplicas","value":15}]',
    says: /patched/,
    request: { method: 'PATCH', path: HPA, type: 'json-patch', body: MAXIMUM },
    answers: /"maxReplicas":15/,
  },
  {
    line: 'scale deployment saveit-backend --replicas=5',
    says: /scaled/,
    request: { method: 'PATCH', path: `${DEPLOYMENT}/scale`, type: 'merge-patch', body: { spec: { replicas: 5 } } },
    answers: /"kind":"Scale"[\s\S]*"replicas":5/,
  },
  {
    line: 'annotate certificate saveit-tls cert-manager.io/issue-temporary-certificate=true',
    says: /annotated/,
    request: { method: 'PATCH', path: CERTIFICATE, type: 'merge-patch', body: TEMPORARY },
    answers: /"cert-manager.io\/issue-temporary-certificate":"true"/,
  },
  {
    line: 'rollout restart deployment/redis',
    says: /restarted/,
    request: {
      method: 'PATCH',
      path: DEPLOYMENT.replace('saveit-backend', 'redis'),
      type: 'strategic-merge-patch',
      body: RESTART,
    },
    answers: /"restartedAt|restartedAt"/,
  },
  {
    line: 'delete secret saveit-tls',
    says: /deleted/,
    request: { method: 'DELETE', path: `${SAVEIT}/secrets/saveit-tls` },
    answers: /"status":"Success"/,
  },
];

/**
 * The page's network debug pod. `kubectl run --rm -it` wants to attach, which the simulation does not take: so it is made, entered
 * and deleted in three lines, as the runbook does it, too.
 */
export const DEBUG_POD: readonly Pick<Line, 'line' | 'says'>[] = [
  { line: 'run debug --image=nicolaka/netshoot --restart=Never -- sleep 3600', says: /pod\/debug created/ },
  { line: 'wait --for=condition=Ready pod/debug --timeout=60s', says: /condition met/ },
  { line: 'exec debug -- nc -zv saveit-backend 8000', says: /succeeded/ },
  { line: 'delete pod debug', says: /deleted/ },
];
