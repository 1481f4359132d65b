import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { alreadyExists, invalid } from './api/problem.ts';
import { apiVersion, KINDS, type Kind } from './kinds.ts';
import type { KubeObject, Metadata, OwnerReference } from './objects.ts';
import { type ClusterState, stamp } from './state.ts';

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  kind: Kind;
  object: KubeObject;
  version: number;
}

/** What is told to whoever makes an object: the rest of its metadata is the cluster's. */
export type Draft = Record<string, unknown> & { metadata: Partial<Metadata> & { generateName?: string } };

/** So many changes can be asked for afterwards; who comes later lists anew. */
const REMEMBERED = 2_000;

/** The characters of generated names, as Kubernetes has them: no vowels, so no words. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Letters that look random and are the same for the same text. */
export function letters(text: string, count: number): string {
  const bytes = Buffer.from(sha256(text), 'hex');
  return Array.from({ length: count }, (_, at) => ALPHABET[(bytes[at] ?? 0) % ALPHABET.length]).join('');
}

/** The cluster's etcd: objects by resource, namespace and name. What it gives out is a copy; what changed is saved again. */
export class ObjectStore {
  readonly state: ClusterState;
  readonly #watchers = new Set<(change: Change) => void>();
  readonly #changes: Change[] = [];
  /** The time at which the controllers are at work, in milliseconds. */
  now: number;
  /** Of what was before this process nothing is remembered but what it left. */
  readonly #began: number;

  constructor(state: ClusterState) {
    this.state = state;
    this.#began = state.serial;
    this.now = Date.parse(state.settled);
  }

  get version(): string {
    return String(this.state.serial);
  }

  list<T extends KubeObject>(kind: Kind<T>, namespace?: string): T[] {
    const prefix = `${keyOf(kind, namespace, '')}`;
    return Object.entries(this.state.objects)
      .filter(([key]) => key.startsWith(namespace === undefined ? `${kind.resource}.${kind.group}/` : prefix))
      .map(([, object]) => kind.schema.parse(object));
  }

  get<T extends KubeObject>(kind: Kind<T>, namespace: string | undefined, name: string): T | undefined {
    const found = this.state.objects[keyOf(kind, namespace, name)];
    return found && kind.schema.parse(found);
  }

  /** @throws {Problem} where there is one of this name, or the object is not as its kind must be */
  create<T extends KubeObject>(kind: Kind<T>, draft: Draft): T {
    const { generateName, ...given } = draft.metadata;
    const serial = this.#next();
    const name = given.name || (generateName ? `${generateName}${letters(`name ${serial}`, 5)}` : '');
    if (name === '')
      throw invalid(kind, '', [{ field: 'metadata.name', message: 'Required value: name or generateName is required' }]);
    const key = keyOf(kind, given.namespace, name);
    if (this.state.objects[key]) throw alreadyExists(kind, name);
    const id = sha256(`uid ${serial}`);
    const metadata: Metadata = {
      ...given,
      ...(generateName && { generateName }),
      name,
      uid: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-a${id.slice(17, 20)}-${id.slice(20, 32)}`,
      resourceVersion: String(serial),
      creationTimestamp: stamp(this.now),
      ...('spec' in draft && { generation: 1 }),
    };
    const object = this.check(kind, { ...draft, apiVersion: apiVersion(kind), kind: kind.kind, metadata });
    this.state.objects[key] = object;
    this.#tell({ type: 'ADDED', kind, object, version: serial });
    return object;
  }

  /** What is the same as before is no change. A new `spec` is a new generation. */
  save<T extends KubeObject>(kind: Kind<T>, object: T): T {
    const key = keyOf(kind, object.metadata.namespace, object.metadata.name);
    const before = this.state.objects[key];
    if (!before || isDeepStrictEqual(before, object)) return object;
    const serial = this.#next();
    const generation = (before.metadata.generation ?? 1) + (isDeepStrictEqual(before.spec, object.spec) ? 0 : 1);
    const metadata = { ...object.metadata, resourceVersion: String(serial), ...('spec' in object && { generation }) };
    const saved = this.check(kind, { ...object, metadata });
    this.state.objects[key] = saved;
    this.#tell({ type: 'MODIFIED', kind, object: saved, version: serial });
    return saved;
  }

  /** At once. What belongs to it goes with it, or is left behind on its own. */
  remove(kind: Kind, { metadata }: KubeObject, orphan = false): void {
    const key = keyOf(kind, metadata.namespace, metadata.name);
    const object = this.state.objects[key];
    if (!object) return;
    delete this.state.objects[key];
    delete this.state.lives[metadata.uid];
    const serial = this.#next();
    this.#tell({
      type: 'DELETED',
      kind,
      object: { ...object, metadata: { ...object.metadata, resourceVersion: String(serial) } },
      version: serial,
    });
    for (const [owned, of] of this.#ownedBy(metadata.uid)) {
      if (!orphan) this.remove(of, owned);
      else {
        const { ownerReferences = [], ...rest } = owned.metadata;
        this.save(of, {
          ...owned,
          metadata: { ...rest, ownerReferences: ownerReferences.filter(({ uid }) => uid !== metadata.uid) },
        });
      }
    }
  }

  /** Told of every change from now on. @returns what ends that */
  watch(watcher: (change: Change) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** What has changed since a version; `undefined` where that is not known any more. */
  since(version: number): Change[] | undefined {
    const first = this.#changes[0]?.version ?? this.state.serial + 1;
    if (version < this.#began || (this.#changes.length === REMEMBERED && version < first - 1)) return undefined;
    return this.#changes.filter((change) => change.version > version);
  }

  /** @throws {Problem} Invalid, with every field that is not as it must be */
  check<T extends KubeObject>(kind: Kind<T>, object: KubeObject): T {
    const parsed = kind.schema.safeParse(object);
    if (parsed.success) return parsed.data;
    const causes = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
    throw invalid(kind, object.metadata.name, causes);
  }

  #ownedBy(uid: string): [KubeObject, Kind][] {
    return KINDS.flatMap((kind) =>
      this.list(kind)
        .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid))
        .map((object): [KubeObject, Kind] => [object, kind]),
    );
  }

  #next(): number {
    this.state.serial += 1;
    return this.state.serial;
  }

  #tell(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length > REMEMBERED) this.#changes.shift();
    for (const watcher of this.#watchers) watcher(change);
  }
}

const keyOf = ({ resource, group }: Kind, namespace: string | undefined, name: string) =>
  `${resource}.${group}/${namespace ?? ''}/${name}`;

export function ownerOf(kind: Kind, { metadata }: KubeObject): OwnerReference {
  return {
    apiVersion: apiVersion(kind),
    kind: kind.kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

export const isOwned = (object: KubeObject, owner: KubeObject): boolean =>
  object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) ?? false;
