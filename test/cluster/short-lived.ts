import { type ChildProcess, spawn } from 'node:child_process';
import { CoreV1Api, PatchStrategy, setHeaderOptions, type V1Container, type V1EnvVar, type V1Pod } from '@kubernetes/client-node';
import { configError, makeIll } from './illness.ts';
import { type Answering, podHasLogged } from './pods.ts';

/** How often it is looked for pods to run, in milliseconds. */
const EVERY_MS = 300;
/** What is kept of a program's output. Bytes. */
const MOST_BYTES = 1_000_000;

interface Ended {
  exitCode: number;
  lines: string[];
}

/**
 * Runs what short-lived pods are made for: those of Jobs, and others that are not started again. kwok shows such a pod as running;
 * here its first container's command runs on this machine, with the environment that it asks for and no other, and then the pod
 * has succeeded or failed. Left out: images, volumes, limits, and a user other than this process' own.
 */
export function runShortLivedPods(plane: Answering & { tools: string }): { stop(): Promise<void> } {
  const core = plane.admin.makeApiClient(CoreV1Api);
  const known = new Map<string, ChildProcess | undefined>();
  let stopped = false;
  const look = async () => {
    const { items } = await core.listPodForAllNamespaces({ fieldSelector: 'status.phase=Running' });
    const there = items.filter(({ spec, metadata }) => spec?.restartPolicy !== 'Always' && !metadata?.deletionTimestamp);
    const uids = new Set(there.map(uidOf));
    for (const [uid, child] of known) if (!uids.has(uid)) end(child);
    for (const pod of there) {
      if (known.has(uidOf(pod))) continue;
      known.set(uidOf(pod), undefined);
      known.set(uidOf(pod), await begin(plane, core, pod));
    }
  };
  const loop = (async () => {
    while (!stopped) {
      // An API that is away for a moment is asked again.
      await look().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await loop;
      for (const child of known.values()) end(child);
    },
  };
}

/** A container's end is the end of all its programs: one that was left would hold what it says open, and this process with it. */
function end(child: ChildProcess | undefined): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself a moment ago.
  }
}

const uidOf = ({ metadata }: V1Pod) => metadata?.uid ?? '';

async function begin(plane: Answering & { tools: string }, core: CoreV1Api, pod: V1Pod): Promise<ChildProcess | undefined> {
  const [container] = pod.spec?.containers ?? [];
  const [program, ...args] = [...(container?.command ?? []), ...(container?.args ?? [])];
  // What its image would start is not known here: it stays as kwok has it.
  if (!container || program === undefined) return undefined;
  const name = { namespace: pod.metadata?.namespace ?? '', name: pod.metadata?.name ?? '' };
  const env = await environment(core, name.namespace, container).catch(async (error: Error) => {
    await makeIll(plane.admin, name, configError(error.message));
    return undefined;
  });
  if (!env) return undefined;
  const startedAt = new Date();
  const PATH = `${plane.tools}:${process.env.PATH ?? '/usr/bin:/bin'}`;
  // A group of its own, so that what it has started ends with it.
  const child = spawn(program, args, {
    env: { PATH, HOSTNAME: name.name, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  void ending(child)
    .then(async ({ exitCode, lines }) => {
      const at = new Date();
      await podHasLogged(
        plane,
        name,
        lines.map((text) => ({ at, text })),
      );
      await core.patchNamespacedPodStatus({ ...name, body: over(container, exitCode, startedAt, at) }, MERGED);
    })
    .catch(() => undefined);
  return child;
}

const MERGED = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

async function environment(core: CoreV1Api, namespace: string, { env = [] }: V1Container): Promise<Record<string, string>> {
  const pairs = env.map(
    async (variable): Promise<[string, string]> => [variable.name, await resolved(core, namespace, variable)],
  );
  return Object.fromEntries(await Promise.all(pairs));
}

/** @throws {Error} in the kubelet's words when the Secret or its key is not there */
async function resolved(core: CoreV1Api, namespace: string, { value = '', valueFrom }: V1EnvVar): Promise<string> {
  const from = valueFrom?.secretKeyRef;
  if (!from) return value;
  const name = from.name ?? '';
  const secret = await core.readNamespacedSecret({ name, namespace }).catch(() => {
    throw new Error(`secret "${name}" not found`);
  });
  const data = secret.data?.[from.key];
  if (data === undefined) throw new Error(`couldn't find key ${from.key} in Secret ${namespace}/${name}`);
  return Buffer.from(data, 'base64').toString('utf8');
}

function ending(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    let said = '';
    const keep = (text: string) => {
      if (said.length < MOST_BYTES) said += text;
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    const lines = () => said.split('\n').filter((line, at, all) => line !== '' || at < all.length - 1);
    // As a container runtime answers for a program that its image does not have.
    child.once('error', (error) => resolve({ exitCode: 128, lines: [error.message] }));
    child.once('close', (code) => resolve({ exitCode: code ?? 137, lines: lines() }));
  });
}

function over({ name, image }: V1Container, exitCode: number, startedAt: Date, finishedAt: Date): object {
  const at = finishedAt.toISOString();
  const terminated = {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt: startedAt.toISOString(),
    finishedAt: at,
  };
  const unready = { status: 'False', reason: exitCode === 0 ? 'PodCompleted' : 'PodFailed', lastTransitionTime: at };
  return {
    status: {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      conditions: ['Ready', 'ContainersReady'].map((type) => ({ type, ...unready })),
      containerStatuses: [{ name, image, imageID: '', ready: false, restartCount: 0, state: { terminated } }],
    },
  };
}
