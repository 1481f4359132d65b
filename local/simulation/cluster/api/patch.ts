import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { Problem } from './problem.ts';

export type Json = Record<string, unknown>;

export const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7396: what is `null` goes, what is an object is merged, anything else takes the place of what was. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged: Json = { ...(isRecord(target) && target) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** Lists whose items have a key, by the list's name: they are merged item by item. */
const KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  ports: 'containerPort',
  conditions: 'type',
  ownerReferences: 'uid',
};

/** Kubernetes' own: as a merge patch, and lists with keys item by item. Left out: its directives but `$patch: delete`. */
export function strategicMerge(target: unknown, patch: unknown, list = ''): unknown {
  const key = KEYS[list];
  if (Array.isArray(patch) && key !== undefined) return mergedList(Array.isArray(target) ? target : [], patch, key);
  if (!isRecord(patch)) return patch;
  const merged: Json = { ...(isRecord(target) && target) };
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith('$')) continue;
    if (value === null) delete merged[name];
    else merged[name] = strategicMerge(merged[name], value, name);
  }
  return merged;
}

function mergedList(before: unknown[], patch: unknown[], key: string): unknown[] {
  const merged = [...before];
  for (const item of patch) {
    if (!isRecord(item)) continue;
    const at = merged.findIndex((one) => isRecord(one) && one[key] === item[key]);
    if (item.$patch === 'delete') merged.splice(at, at < 0 ? 0 : 1);
    else if (at < 0) merged.push(strategicMerge({}, item));
    else merged[at] = strategicMerge(merged[at], item);
  }
  return merged;
}

const Operations = z.array(
  z.object({
    op: z.enum(['add', 'remove', 'replace', 'test', 'copy', 'move']),
    path: z.string(),
    from: z.string().optional(),
    value: z.unknown(),
  }),
);

const refuse = (message: string) => new Problem('Invalid', message);

/** RFC 6902. @throws {Problem} Invalid where an operation can't be carried out, or a `test` fails */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  const operations = Operations.safeParse(patch);
  if (!operations.success) throw new Problem('BadRequest', 'the JSON patch is not a list of operations');
  const root = { root: structuredClone(target) };
  for (const { op, path, from, value } of operations.data) {
    if (op === 'test') {
      if (!isDeepStrictEqual(valueAt(root, path), value)) throw refuse(`testing path ${path} value failed`);
      continue;
    }
    const moved = op === 'copy' || op === 'move' ? valueAt(root, from ?? '') : value;
    if (op === 'move') apply(root, from ?? '', 'remove', undefined);
    apply(root, path, op === 'remove' || op === 'replace' ? op : 'add', structuredClone(moved));
  }
  return root.root;
}

const keysOf = (path: string) => [
  'root',
  ...path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')),
];

function inside(holder: unknown, key: string): unknown {
  if (Array.isArray(holder)) return holder[Number(key)];
  return isRecord(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
}

function valueAt(root: Json, path: string): unknown {
  return keysOf(path).reduce<unknown>(inside, root);
}

function apply(root: Json, path: string, op: 'add' | 'remove' | 'replace', value: unknown): void {
  const keys = keysOf(path);
  const last = keys.pop() ?? '';
  const holder = keys.reduce<unknown>(inside, root);
  const missing = () =>
    refuse(
      `the server rejected our request due to an error in our request: ${op} operation does not apply: doc is missing path: ${path}`,
    );
  if (Array.isArray(holder)) {
    const at = last === '-' ? holder.length : Number(last);
    if (!Number.isInteger(at) || at < 0 || at > holder.length || (op !== 'add' && at === holder.length)) throw missing();
    if (op === 'add') holder.splice(at, 0, value);
    else holder.splice(at, 1, ...(op === 'replace' ? [value] : []));
    return;
  }
  if (!isRecord(holder) || (op !== 'add' && !Object.hasOwn(holder, last))) throw missing();
  if (op === 'remove') delete holder[last];
  else holder[last] = value;
}
