import { endPod } from '../controllers/replicas.ts';
import type { World } from '../fault.ts';
import { apiVersion, type Kind, NAMESPACES, PODS } from '../kinds.ts';
import { KubeObject } from '../objects.ts';
import type { Draft } from '../store.ts';
import { isRecord, type Json, jsonPatch, mergePatch, strategicMerge } from './patch.ts';
import { conflict, notFound, Problem } from './problem.ts';
import type { ApiRequest, Place } from './request.ts';
import { fieldSelector, labelSelector } from './selectors.ts';
import { tableOf } from './tables.ts';

export interface ApiAnswer {
  status: number;
  body: unknown;
}

const ok = (body: unknown, status = 200): ApiAnswer => ({ status, body });

/** One object of a resource, or all of them: get, list, create, replace, patch, delete, and the subresources status and scale. */
export function resource(world: World, request: ApiRequest, place: Place): ApiAnswer {
  const { name } = place;
  if (name === undefined) return collection(world, request, place);
  const object = found(world, place, name);
  if (place.subresource === 'scale' && place.kind.scale) return scaled(world, request, place.kind, object);
  if (place.subresource !== undefined && !(place.subresource === 'status' && place.kind.status))
    throw new Problem('NotFound', 'the server could not find the requested resource');
  if (request.method === 'GET') return ok(shown(world, request, place.kind, [object], object));
  if (request.method === 'DELETE' && place.subresource === undefined) return removed(world, request, place.kind, object);
  return ok(written(world, request, place, object, changed(request, object)));
}

function found({ store }: World, { kind, namespace }: Place, name: string): KubeObject {
  const object = store.get(kind, namespace, name);
  if (!object) throw notFound(kind, name);
  return object;
}

function collection(world: World, request: ApiRequest, place: Place): ApiAnswer {
  if (request.method === 'POST') return ok(created(world, request, place), 201);
  const objects = selected(world, request, place);
  if (request.method === 'DELETE') {
    for (const object of objects) removed(world, request, place.kind, object);
    return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
  }
  if (request.method !== 'GET')
    throw new Problem('MethodNotAllowed', 'the server does not allow this method on the requested resource');
  return ok(page(world, request, place, objects));
}

export function selected({ store }: World, { query }: ApiRequest, { kind, namespace }: Place): KubeObject[] {
  const [labels, fields] = [labelSelector(query.get('labelSelector') ?? ''), fieldSelector(query.get('fieldSelector') ?? '')];
  return store
    .list(kind, namespace)
    .filter((object) => labels(object) && fields(object))
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

/** The token of the next page says how many came before. */
function page(world: World, request: ApiRequest, { kind }: Place, objects: KubeObject[]): unknown {
  const limit = Number(request.query.get('limit') ?? 0);
  const from = Number(request.query.get('continue') ?? 0);
  if (!Number.isInteger(from) || !Number.isInteger(limit)) throw new Problem('BadRequest', 'limit and continue are numbers here');
  const items = limit > 0 ? objects.slice(from, from + limit) : objects.slice(from);
  const left = objects.length - from - items.length;
  const metadata = {
    resourceVersion: world.store.version,
    ...(left > 0 && { continue: String(from + items.length), remainingItemCount: left }),
  };
  return shown(
    world,
    request,
    kind,
    items,
    { kind: `${kind.kind}List`, apiVersion: apiVersion(kind), metadata, items },
    metadata,
  );
}

/** As a table where the client asks for one. */
export function shown(
  world: World,
  { accept, query }: ApiRequest,
  kind: Kind,
  objects: KubeObject[],
  plain: unknown,
  metadata: object = {},
): unknown {
  if (!accept.includes('as=Table')) return plain;
  return tableOf(kind, objects, { now: world.now, whole: query.get('includeObject') === 'Object', metadata });
}

function created(world: World, { body, query }: ApiRequest, { kind, namespace }: Place): KubeObject {
  const { status: _, ...draft } = record(body);
  const metadata = isRecord(draft.metadata) ? draft.metadata : {};
  if (draft.kind !== undefined && draft.kind !== kind.kind)
    throw new Problem('BadRequest', `the object of kind ${String(draft.kind)} is not a ${kind.kind}`);
  if (kind.namespaced && namespace === undefined)
    throw new Problem('BadRequest', 'an empty namespace may not be set during creation');
  if (namespace !== undefined && !world.store.get(NAMESPACES, undefined, namespace)) throw notFound(NAMESPACES, namespace);
  const { uid: _uid, resourceVersion: _version, creationTimestamp: _time, ...given } = metadata;
  const whole: Draft = { ...draft, metadata: { ...given, ...(namespace !== undefined && { namespace }) } };
  if (query.get('dryRun') === 'All')
    return world.store.check(kind, {
      ...whole,
      apiVersion: apiVersion(kind),
      kind: kind.kind,
      metadata: { name: '', uid: '', resourceVersion: '', creationTimestamp: '', ...whole.metadata },
    });
  return world.store.create(kind, whole);
}

function record(body: unknown): Json {
  if (isRecord(body)) return body;
  throw new Problem('BadRequest', 'the body is not an object');
}

/** The object as the request wants it. @throws {Problem} UnsupportedMediaType for a patch of a kind that is not known */
function changed({ method, contentType, body }: ApiRequest, object: unknown): unknown {
  if (method === 'PUT') return record(body);
  if (method !== 'PATCH')
    throw new Problem('MethodNotAllowed', 'the server does not allow this method on the requested resource');
  const [type] = contentType.split(';');
  if (type === 'application/json-patch+json') return jsonPatch(object, body);
  if (type === 'application/merge-patch+json') return mergePatch(object, record(body));
  if (type === 'application/strategic-merge-patch+json') return strategicMerge(object, record(body));
  const known = ['json-patch', 'merge-patch', 'strategic-merge-patch'].map((one) => `application/${one}+json`).join(', ');
  throw new Problem(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${known}`,
  );
}

/** What is the cluster's own stays as it is, and so does the status, or all but the status. */
function written(
  world: World,
  { query }: ApiRequest,
  { kind, subresource }: Place,
  before: KubeObject,
  wanted: unknown,
): KubeObject {
  const { store } = world;
  const parsed = KubeObject.safeParse(
    mergePatch(
      {
        apiVersion: before.apiVersion,
        kind: before.kind,
        metadata: {
          uid: before.metadata.uid,
          creationTimestamp: before.metadata.creationTimestamp,
          resourceVersion: before.metadata.resourceVersion,
        },
      },
      wanted,
    ),
  );
  if (!parsed.success)
    throw new Problem('Invalid', parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(', '));
  const { data } = parsed;
  const { resourceVersion, name } = data.metadata;
  if (name !== before.metadata.name) throw new Problem('BadRequest', 'the name of the object does not match the name on the URL');
  if (resourceVersion !== before.metadata.resourceVersion) throw conflict(kind, name);
  const { uid, creationTimestamp, generation, deletionTimestamp, namespace } = before.metadata;
  const kept = {
    uid,
    creationTimestamp,
    ...(generation !== undefined && { generation }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    ...(namespace !== undefined && { namespace }),
  };
  const metadata = { ...data.metadata, ...kept };
  const { status, ...rest } = data;
  const own = { ...rest, metadata, ...('status' in before && { status: before.status }) };
  const whole = subresource === 'status' ? { ...before, metadata, status } : kind.status ? own : { ...data, metadata };
  const checked = store.check(kind, whole);
  return query.get('dryRun') === 'All' ? checked : store.save(kind, checked);
}

function scaled(world: World, request: ApiRequest, kind: Kind, object: KubeObject): ApiAnswer {
  if (request.method === 'GET') return ok(scaleOf(object));
  const wanted = changed(request, scaleOf(object));
  const replicas = isRecord(wanted) && isRecord(wanted.spec) ? (wanted.spec.replicas ?? 0) : undefined;
  const version = isRecord(wanted) && isRecord(wanted.metadata) ? wanted.metadata.resourceVersion : undefined;
  if (version !== undefined && version !== '' && version !== object.metadata.resourceVersion)
    throw conflict(kind, object.metadata.name);
  const next = world.store.check(kind, { ...object, spec: { ...(isRecord(object.spec) && object.spec), replicas } });
  return ok(scaleOf(request.query.get('dryRun') === 'All' ? next : world.store.save(kind, next)));
}

function scaleOf({ metadata, spec, status }: KubeObject): object {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const labels =
    isRecord(spec) && isRecord(spec.selector) && isRecord(spec.selector.matchLabels) ? spec.selector.matchLabels : {};
  const selector = Object.entries(labels)
    .map(([label, value]) => `${label}=${String(value)}`)
    .join(',');
  const replicas = isRecord(spec) ? spec.replicas : 0;
  const current = isRecord(status) ? (status.replicas ?? 0) : 0;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas },
    status: { replicas: current, selector },
  };
}

function removed(world: World, { body, query }: ApiRequest, kind: Kind, object: KubeObject): ApiAnswer {
  const options = isRecord(body) ? body : {};
  const preconditions = isRecord(options.preconditions) ? options.preconditions : {};
  const { uid, resourceVersion, name } = object.metadata;
  if ((preconditions.uid ?? uid) !== uid || (preconditions.resourceVersion ?? resourceVersion) !== resourceVersion)
    throw conflict(kind, name);
  if (query.get('dryRun') === 'All') return ok(object);
  const policy = options.propagationPolicy ?? query.get('propagationPolicy');
  const grace = options.gracePeriodSeconds ?? query.get('gracePeriodSeconds');
  if (kind.resource === PODS.resource && kind.group === '') {
    const pod = PODS.schema.parse(object);
    endPod(world, pod, grace === null || grace === undefined ? pod.spec.terminationGracePeriodSeconds : Number(grace));
    return ok(world.store.get(PODS, pod.metadata.namespace, name) ?? object);
  }
  // A client that says nothing leaves a Job's pods behind, as the API has it for this one kind.
  world.store.remove(kind, object, policy === 'Orphan' || (kind.kind === 'Job' && policy === null));
  return ok({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, group: kind.group, kind: kind.resource, uid },
  });
}
