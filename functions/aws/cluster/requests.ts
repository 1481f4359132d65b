import { IsomorphicFetchHttpLibrary, type KubeConfig, RequestContext } from '@kubernetes/client-node';
import type { Kind } from '../../../runbooks/language/cluster.ts';
import { noAnswer } from './answers.ts';

export interface Request {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  metadataOnly?: true | undefined;
  /** For the person who reads that it failed. */
  what: string;
}
export interface Answer {
  status: number;
  body: string;
}

/** No request of the API may take longer: the invocation that waits for it has half a minute in all. Milliseconds. */
const LIMIT_MS = 8_000;
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
/** A merge patch is the one that every kind takes: the strategic one is not for custom resources. */
const MERGE_PATCH = 'application/merge-patch+json';

/** Where objects of a kind are: `/apis/apps/v1/namespaces/saveit/deployments/saveit-backend/scale`. */
export function pathOf(kind: Kind<unknown>, namespace: string, ...rest: readonly string[]): string {
  const group = kind.group === '' ? ['api', kind.version] : ['apis', kind.group, kind.version];
  const place = kind.namespaced ? ['namespaces', namespace] : [];
  return ['', ...group, ...place, kind.plural, ...rest].map(encodeURIComponent).join('/');
}

/**
 * Makes one request with the official client's own HTTP library, so that the cluster's certificate authority and the token are
 * used as it uses them. Its generated classes are not loaded: they are megabytes, and the paths are regular.
 *
 * @throws {ClusterFault} `unreachable` when there is no answer
 */
export async function request(
  config: KubeConfig,
  { method, path, query = {}, body, metadataOnly, what }: Request,
): Promise<Answer> {
  const server = config.getCurrentCluster()?.server ?? '';
  const context = new RequestContext(`${server}${path}`, method);
  for (const [name, value] of Object.entries(query)) context.setQueryParam(name, value);
  context.setHeaderParam('Accept', metadataOnly ? METADATA_ONLY : 'application/json');
  if (body !== undefined) {
    context.setHeaderParam('Content-Type', method === 'PATCH' ? MERGE_PATCH : 'application/json');
    context.setBody(JSON.stringify(body));
  }
  try {
    await config.applySecurityAuthentication(context);
    context.setSignal(AbortSignal.timeout(LIMIT_MS));
    const answer = await new IsomorphicFetchHttpLibrary().send(context).toPromise();
    return { status: answer.httpStatusCode, body: await answer.body.text() };
  } catch (error) {
    throw noAnswer(what, error);
  }
}
