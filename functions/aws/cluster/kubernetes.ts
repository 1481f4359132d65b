import type { KubeConfig } from '@kubernetes/client-node';
import * as z from 'zod';
import { type Cluster, ClusterFault, type Executed, type Kind, type LogQuery } from '../../../runbooks/language/cluster.ts';
import { type Duration, milliseconds } from '../../../runbooks/language/duration.ts';
import { faultOf, json } from './answers.ts';
import { execute } from './execution.ts';
import { type Answer, pathOf, type Request, request } from './requests.ts';

/** What is read of a log at most. Bytes. */
const MOST_LOG_BYTES = 200_000;
/** Objects of one answer; more are asked for, page by page. */
const PAGE = 500;
const ListAnswer = z.object({
  metadata: z.object({ continue: z.string().optional() }).optional(),
  items: z.array(z.record(z.string(), z.unknown())),
});
const PODS: Kind<unknown> = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true, object: z.unknown() };

/** A namespace of a cluster through the Kubernetes API. */
export class Kubernetes implements Cluster {
  readonly namespace: string;
  private config: KubeConfig;
  private readonly renewed: () => Promise<KubeConfig>;

  /** @param connect makes a configuration with a new token */
  static async open(namespace: string, connect: () => Promise<KubeConfig>): Promise<Kubernetes> {
    return new Kubernetes(namespace, await connect(), connect);
  }
  private constructor(namespace: string, config: KubeConfig, renewed: () => Promise<KubeConfig>) {
    this.namespace = namespace;
    this.config = config;
    this.renewed = renewed;
  }

  async get<T>(kind: Kind<T>, name: string): Promise<T | undefined> {
    const what = `get ${kind.plural}/${name}`;
    const { metadataOnly } = kind;
    const answer = await this.ask({ method: 'GET', path: pathOf(kind, this.namespace, name), metadataOnly, what });
    return answer.status === 404 ? undefined : read(kind, what, answer);
  }

  async list<T>(kind: Kind<T>, selector?: string): Promise<T[]> {
    const what = `list ${kind.plural}`;
    const found: T[] = [];
    let next = '';
    do {
      const query = { limit: String(PAGE), ...(selector && { labelSelector: selector }), ...(next && { continue: next }) };
      const answer = await this.ask({ method: 'GET', path: pathOf(kind, this.namespace), query, what });
      if (answer.status !== 200) throw faultOf(what, answer.status, answer.body);
      const list = parsed(ListAnswer, what, json(answer.body));
      found.push(...list.items.map((item) => parsed(kind.object, what, item)));
      next = list.metadata?.continue ?? '';
    } while (next);
    return found;
  }

  async patch<T>(kind: Kind<T>, name: string, patch: Record<string, unknown>, subresource?: 'status' | 'scale'): Promise<T> {
    const what = `patch ${kind.plural}/${name}${subresource ? `/${subresource}` : ''}`;
    const path = pathOf(kind, this.namespace, name, ...(subresource ? [subresource] : []));
    return read(kind, what, await this.ask({ method: 'PATCH', path, body: patch, what }));
  }

  async create<T>(kind: Kind<T>, object: Record<string, unknown>): Promise<T | undefined> {
    const what = `create ${kind.plural}`;
    const body = { apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version, kind: kind.kind, ...object };
    const answer = await this.ask({ method: 'POST', path: pathOf(kind, this.namespace), body, what });
    if (answer.status === 409 && reasonOf(answer) === 'AlreadyExists') return undefined;
    return read(kind, what, answer);
  }

  async remove<T>(kind: Kind<T>, name: string): Promise<boolean> {
    const what = `delete ${kind.plural}/${name}`;
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' };
    const answer = await this.ask({ method: 'DELETE', path: pathOf(kind, this.namespace, name), body, what });
    if (answer.status === 404) return false;
    if (answer.status >= 300) throw faultOf(what, answer.status, answer.body);
    return true;
  }

  async logs(pod: string, { container, lines, sinceSeconds, previous }: LogQuery): Promise<string | undefined> {
    const query = {
      tailLines: String(lines),
      limitBytes: String(MOST_LOG_BYTES),
      ...(container && { container }),
      ...(sinceSeconds !== undefined && { sinceSeconds: String(sinceSeconds) }),
      ...(previous && { previous: 'true' }),
    };
    const what = `logs of ${pod}`;
    const answer = await this.ask({ method: 'GET', path: pathOf(PODS, this.namespace, pod, 'log'), query, what });
    // 400 is its answer for a container that waits to start, and for a previous one that there never was.
    if (answer.status === 404 || answer.status === 400) return undefined;
    if (answer.status !== 200) throw faultOf(what, answer.status, answer.body);
    return answer.body;
  }

  async exec(pod: string, container: string, command: readonly string[], limit: Duration): Promise<Executed> {
    const run = () => execute(this.config, { namespace: this.namespace, pod, container }, command, milliseconds(limit));
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ClusterFault) || error.kind !== 'unauthorized') throw error;
      this.config = await this.renewed();
      return run();
    }
  }

  /** A token that has become too old on the way is made anew, once: who is not known then, is not known. */
  private async ask(asked: Request): Promise<Answer> {
    const answer = await request(this.config, asked);
    if (answer.status !== 401) return answer;
    this.config = await this.renewed();
    const again = await request(this.config, asked);
    if (again.status === 401) throw faultOf(asked.what, again.status, again.body);
    return again;
  }
}

function read<T>(kind: Kind<T>, what: string, { status, body }: Answer): T {
  if (status === 404) throw new ClusterFault('gone', `${what}: it is not there`);
  if (status >= 300) throw faultOf(what, status, body);
  return parsed(kind.object, what, json(body));
}

function parsed<T>(schema: z.ZodType<T>, what: string, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ClusterFault(
    'refused',
    `${what}: what the cluster answered cannot be read: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`,
  );
}

function reasonOf({ body }: Answer): string {
  const said = z.object({ reason: z.string() }).safeParse(json(body));
  return said.success ? said.data.reason : '';
}
