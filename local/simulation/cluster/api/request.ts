import { KINDS, type Kind } from '../kinds.ts';
import { noSuchPath } from './problem.ts';

/** One request, as far as its kind of resource has to know it. */
export interface ApiRequest {
  method: string;
  /** Below the cluster's own path, without empty parts. */
  path: string[];
  query: URLSearchParams;
  accept: string;
  contentType: string;
  /** `undefined` where none was sent. */
  body: unknown;
}

/** What a path of a resource means. */
export interface Place {
  kind: Kind;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

/** @returns `undefined` where the path is one of discovery. @throws {Problem} NotFound for a resource that there is not */
export function placeOf(path: readonly string[]): Place | undefined {
  const [root, ...rest] = path;
  const [group, version, ...below] = root === 'api' ? ['', ...rest] : rest;
  if ((root !== 'api' && root !== 'apis') || below.length === 0) return undefined;
  const spaced = below[0] === 'namespaces' && below.length > 2;
  const [resource, name, subresource] = spaced ? below.slice(2) : below;
  const kind = KINDS.find((one) => one.group === group && one.version === version && one.resource === resource);
  if (!kind) throw noSuchPath();
  if (!kind.namespaced && spaced) throw noSuchPath();
  return { kind, namespace: spaced ? below[1] : undefined, name, subresource };
}
