import { execFile } from 'node:child_process';
import * as z from 'zod';
import { type Cluster, ClusterFault, type Kind } from '../../../runbooks/language/cluster.ts';

const Manifest = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        securityContext: z.object({ runAsUser: z.number(), runAsGroup: z.number() }),
        containers: z.tuple([
          z.object({
            name: z.string(),
            command: z.tuple([z.string()], z.string()),
            env: z.array(
              z.object({
                name: z.string(),
                value: z.string().optional(),
                valueFrom: z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) }).optional(),
              }),
            ),
          }),
        ]),
      }),
    }),
  }),
});
type Manifest = z.output<typeof Manifest>;

const MOST_MS = 90_000;

/**
 * What a Job of the cluster does, with the program of this machine: its container's command and environment, as its user, and what
 * it says is its pod's log. No image, no scheduler and no API: those are proven elsewhere.
 */
export class JobRunner implements Cluster {
  readonly namespace = 'saveit';
  /** The Secret, by its keys. */
  secret: Record<string, string> = {};
  /** What a cluster gives to each container beside that. */
  around: Record<string, string> = {};
  readonly created: Record<string, unknown>[] = [];
  removed = 0;
  private readonly objects = new Map<string, Record<string, unknown>>();
  private readonly said = new Map<string, string>();

  async get<T>(kind: Kind<T>, name: string): Promise<T | undefined> {
    const found = this.objects.get(`${kind.plural}/${name}`);
    return found && kind.object.parse(found);
  }
  async list<T>(kind: Kind<T>): Promise<T[]> {
    return [...this.objects].filter(([id]) => id.startsWith(`${kind.plural}/`)).map(([, one]) => kind.object.parse(one));
  }
  async create<T>(kind: Kind<T>, object: Record<string, unknown>): Promise<T | undefined> {
    const job = Manifest.parse(object);
    this.created.push(object);
    this.objects.set(`${kind.plural}/${job.metadata.name}`, object);
    const pod = `${job.metadata.name}-pod`;
    const [container] = job.spec.template.spec.containers;
    const { exitCode, log } = await this.runContainer(job);
    this.said.set(pod, log);
    const state = { terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' } };
    this.objects.set(`pods/${pod}`, {
      metadata: { name: pod, labels: job.spec.template.metadata.labels },
      spec: { containers: [{ name: container.name }] },
      status: { phase: exitCode === 0 ? 'Succeeded' : 'Failed', containerStatuses: [{ name: container.name, state }] },
    });
    return kind.object.parse(object);
  }
  async remove<T>(kind: Kind<T>, name: string): Promise<boolean> {
    this.objects.delete(`pods/${name}-pod`);
    this.removed += 1;
    return this.objects.delete(`${kind.plural}/${name}`);
  }
  async logs(pod: string): Promise<string | undefined> {
    return this.said.get(pod);
  }
  patch<T>(): Promise<T> {
    return Promise.reject(new ClusterFault('refused', 'nothing is patched here'));
  }
  exec(): Promise<never> {
    return Promise.reject(new ClusterFault('refused', 'nothing is run here'));
  }

  private runContainer({ spec: { template } }: Manifest): Promise<{ exitCode: number; log: string }> {
    const [{ command, env }] = template.spec.containers;
    const [program, ...words] = command;
    const values = env.map(({ name, value, valueFrom }) => [name, value ?? this.secret[valueFrom?.secretKeyRef.key ?? ''] ?? '']);
    const { runAsUser: uid, runAsGroup: gid } = template.spec.securityContext;
    const user = process.getuid?.() === 0 ? { uid, gid } : {};
    const environment = { PATH: process.env.PATH ?? '', ...this.around, ...Object.fromEntries(values) };
    return new Promise((resolve) => {
      execFile(program, words, { cwd: '/', env: environment, timeout: MOST_MS, ...user }, (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? 137), log: `${stdout}${stderr}` }),
      );
    });
  }
}
