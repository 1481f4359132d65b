import type { ServerResponse } from 'node:http';
import type { SimulatedCluster } from '../cluster.ts';
import type { KubeObject } from '../objects.ts';
import type { Change } from '../store.ts';
import { Problem } from './problem.ts';
import type { ApiRequest, Place } from './request.ts';
import { selected, shown } from './resources.ts';
import { fieldSelector, labelSelector } from './selectors.ts';

/** How often the controllers are let work while somebody watches, in milliseconds of the clock. */
const EVERY = 500;
const LONGEST_SECONDS = 3_600;

/** Streams what changes, one JSON line a change, until the caller goes or `timeoutSeconds` have passed. */
export async function watch(
  cluster: SimulatedCluster,
  request: ApiRequest,
  place: Place,
  response: ServerResponse,
): Promise<void> {
  const { query } = request;
  const { kind, namespace, name } = place;
  const [labels, fields] = [labelSelector(query.get('labelSelector') ?? ''), fieldSelector(query.get('fieldSelector') ?? '')];
  const fits = (object: KubeObject) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    labels(object) &&
    fields(object);
  const tell = (type: string, object: KubeObject) => {
    if (fits(object)) response.write(`${JSON.stringify({ type, object: shown(cluster, request, kind, [object], object) })}\n`);
  };
  const change = (one: Change) => {
    if (one.kind === kind) tell(one.type, one.object);
  };
  const from = query.get('resourceVersion') ?? '';
  const missed = from === '' || from === '0' ? undefined : cluster.store.since(Number(from));
  if (from !== '' && from !== '0' && !missed)
    throw new Problem('Expired', `too old resource version: ${from} (${cluster.store.version})`);
  response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  if (missed) missed.forEach(change);
  else for (const object of selected(cluster, request, { ...place, name: undefined })) tell('ADDED', object);
  const stop = cluster.store.watch(change);
  try {
    await untilGone(cluster, response, Math.min(LONGEST_SECONDS, Number(query.get('timeoutSeconds') ?? LONGEST_SECONDS)));
  } finally {
    stop();
    response.end();
  }
}

async function untilGone(cluster: SimulatedCluster, response: ServerResponse, seconds: number): Promise<void> {
  const { clock } = cluster.parts;
  const until = clock.now().getTime() + seconds * 1_000;
  while (!response.destroyed && !response.closed && clock.now().getTime() < until) {
    await clock.sleep(EVERY);
    cluster.settle();
  }
}
