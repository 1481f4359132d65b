import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CoreV1Api, type KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { apply } from './apply.ts';

/** What a test needs of a control plane to say how a pod answers. */
export interface Answering {
  admin: KubeConfig;
  folder: string;
}

export interface PodName {
  namespace: string;
  name: string;
}

export interface LogLine {
  at: Date;
  text: string;
  stream?: 'stdout' | 'stderr';
}

/**
 * Lets any pod of a namespace run commands: they are this machine's own, with the control plane's `tools` first on their PATH, in a
 * folder without anything in it.
 */
export async function everyPodRuns(
  { admin, folder }: Answering,
  namespace: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const workDir = join(folder, 'work');
  mkdirSync(workDir, { recursive: true });
  const envs = Object.entries(env).map(([name, value]) => ({ name, value }));
  await apply(admin, [
    {
      apiVersion: 'kwok.x-k8s.io/v1alpha1',
      kind: 'ClusterExec',
      metadata: { name: `every-pod-of-${namespace}` },
      spec: { selector: { matchNamespaces: [namespace] }, execs: [{ local: { workDir, ...(envs.length > 0 && { envs }) } }] },
    },
  ]);
}

/** Lets one pod run commands with variables of its own, such as the port that is closed to it alone. */
export async function podRuns(
  { admin, folder }: Answering,
  { namespace, name }: PodName,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const workDir = join(folder, 'work');
  mkdirSync(workDir, { recursive: true });
  const envs = Object.entries({ HOSTNAME: name, ...env }).map(([variable, value]) => ({ name: variable, value }));
  await apply(admin, [
    {
      apiVersion: 'kwok.x-k8s.io/v1alpha1',
      kind: 'Exec',
      metadata: { name, namespace },
      spec: { execs: [{ local: { workDir, envs } }] },
    },
  ]);
}

/** Says what a pod has logged, and what its container did before it was last restarted. */
export async function podHasLogged(
  { admin, folder }: Answering,
  { namespace, name }: PodName,
  lines: readonly LogLine[],
  previous: readonly LogLine[] = [],
): Promise<void> {
  const at = join(folder, 'pod-logs', namespace);
  mkdirSync(at, { recursive: true });
  const [logsFile, previousLogsFile] = [join(at, `${name}.log`), join(at, `${name}.previous.log`)];
  writeFileSync(logsFile, written(lines));
  writeFileSync(previousLogsFile, written(previous));
  await apply(admin, [
    {
      apiVersion: 'kwok.x-k8s.io/v1alpha1',
      kind: 'Logs',
      metadata: { name, namespace },
      spec: { logs: [{ logsFile, previousLogsFile, follow: false }] },
    },
  ]);
}

/** Says what a pod uses from now on, such as `400m` and `600Mi`: metrics-server measures it within seconds. */
export async function podUses(admin: KubeConfig, { namespace, name }: PodName, cpu: string, memory: string): Promise<void> {
  const annotations = { 'kwok.x-k8s.io/usage-cpu': cpu, 'kwok.x-k8s.io/usage-memory': memory };
  const core = admin.makeApiClient(CoreV1Api);
  const merged = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  await core.patchNamespacedPod({ name, namespace, body: { metadata: { annotations } } }, merged);
}

/** As a container runtime writes logs (CRI): the kubelet reads this form. */
function written(lines: readonly LogLine[]): string {
  return lines.map(({ at, text, stream = 'stdout' }) => `${at.toISOString()} ${stream} F ${text}\n`).join('');
}
