import {
  type Cluster,
  type ClusterCommand,
  ClusterFault,
  type ClusterProgress,
  type ClusterTurn,
  type Executed,
  type Kind,
} from '../../../runbooks/language/cluster.ts';
import { withinRules } from '../../../runbooks/language/within-rules.ts';

type Stored = Record<string, unknown> & {
  metadata: { name: string; labels?: Record<string, string>; annotations?: object; resourceVersion?: string };
};
/** What a program in a container answers. */
type Program = (pod: string, command: readonly string[]) => Executed | Promise<Executed>;

/**
 * Objects in memory, with a merge patch and nothing that moves by itself: for the tests of one command. What a controller does is
 * the simulated cluster's, and the real one's.
 */
export class InMemoryCluster implements Cluster {
  readonly namespace = 'saveit';
  /** Every call that changed something, such as `patch deployments/saveit-backend`. */
  readonly changes: string[] = [];
  /** Pod and container's log; with `previous:` before the pod's name, that before its last restart. */
  readonly logTexts = new Map<string, string>();
  program: Program = () => ({ exitCode: 127, stdout: '', stderr: 'not found' });
  /** What calls of a verb and a kind meet instead of an answer, one after the other: `list metrics.k8s.io/pods`. */
  readonly faults = new Map<string, ClusterFault[]>();
  private readonly objects = new Map<string, Stored>();

  put(kind: Kind<unknown>, object: Stored): this {
    this.objects.set(key(kind, object.metadata.name), object);
    return this;
  }
  /** As it is stored, unread. */
  raw(kind: Kind<unknown>, name: string): Stored | undefined {
    return this.objects.get(key(kind, name));
  }

  private meet(verb: string, { group, plural }: Kind<unknown>): void {
    const fault = this.faults.get(`${verb} ${group ? `${group}/` : ''}${plural}`)?.shift();
    if (fault) throw fault;
  }

  async get<T>(kind: Kind<T>, name: string): Promise<T | undefined> {
    this.meet('get', kind);
    const found = this.raw(kind, name);
    return found && kind.object.parse(found);
  }
  async list<T>(kind: Kind<T>, selector = ''): Promise<T[]> {
    this.meet('list', kind);
    const wanted = selector
      .split(',')
      .filter(Boolean)
      .map((pair) => pair.split('='));
    return [...this.objects]
      .filter(
        ([id, { metadata }]) =>
          id.startsWith(key(kind, '')) && wanted.every(([name = '', value]) => metadata.labels?.[name] === value),
      )
      .map(([, object]) => kind.object.parse(object));
  }
  async patch<T>(kind: Kind<T>, name: string, patch: Record<string, unknown>, subresource?: string): Promise<T> {
    this.meet('patch', kind);
    const found = this.raw(kind, name);
    if (!found) throw new ClusterFault('gone', `patch ${kind.plural}/${name}: it is not there`);
    const merged = merge(found, patch) as Stored;
    const version = found.metadata.resourceVersion;
    if (version !== undefined) {
      if (merged.metadata.resourceVersion !== version)
        throw new ClusterFault('conflict', `patch ${kind.plural}/${name}: the object has been modified`);
      merged.metadata.resourceVersion = String(Number(version) + 1);
    }
    this.changes.push(`patch ${kind.plural}/${name}${subresource ? `/${subresource}` : ''}`);
    this.objects.set(key(kind, name), merged);
    return kind.object.parse(merged);
  }
  async create<T>(kind: Kind<T>, object: Record<string, unknown>): Promise<T | undefined> {
    const made = { creationTimestamp: '2026-10-04T03:14:00Z' };
    const stored = merge({ metadata: made }, object) as Stored;
    if (this.raw(kind, stored.metadata.name)) return undefined;
    this.changes.push(`create ${kind.plural}/${stored.metadata.name}`);
    this.put(kind, stored);
    return kind.object.parse(stored);
  }
  async remove<T>(kind: Kind<T>, name: string): Promise<boolean> {
    this.changes.push(`delete ${kind.plural}/${name}`);
    return this.objects.delete(key(kind, name));
  }
  async logs(pod: string, { previous = false }: { previous?: boolean }): Promise<string | undefined> {
    return this.logTexts.get(`${previous ? 'previous:' : ''}${pod}`);
  }
  async exec(pod: string, _container: string, command: readonly string[]): Promise<Executed> {
    return this.program(pod, command);
  }
}

export const TURN: ClusterTurn = {
  key: '01J9ZK3V5Q8XN4C2W7H6T0RBDM-1-the-step-saveit',
  startedAt: '2026-10-04T03:14:20.000Z',
  now: '2026-10-04T03:14:25.000Z',
};

/** One turn of a command, within its own rights. @param on the names that a runbook gives it */
export async function oneTurn<C extends ClusterCommand>(
  cluster: Cluster,
  command: C,
  parameters: Parameters<C>[0],
  { on = [], turn = TURN }: { on?: readonly string[]; turn?: ClusterTurn } = {},
): Promise<ClusterProgress<unknown>> {
  return command.run(withinRules(cluster, command.rights(on)), command(parameters).parameters, turn);
}

const key = ({ group, plural }: Kind<unknown>, name: string) => `${group}/${plural}/${name}`;

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = merge(merged[name], value);
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
