import type { Erring, ErrorPattern } from '../error-pattern.ts';
import type { FaultKind } from '../fault-kind.ts';
import type { HostState } from '../host/host-state.ts';
import { type OutsidePattern, WELL } from '../outside.ts';

/** Every 30th request: 3.3 %, for which the page has a section of its own. No restart ends any of these. */
const EVERY = 30;

const nothing = () => undefined;
const fault = (
  id: string,
  title: string,
  errs: Partial<ErrorPattern> & Pick<ErrorPattern, 'status' | 'method' | 'path'>,
): FaultKind => ({
  id,
  title,
  errs: { every: EVERY, backend: [], application: [], database: [], ...errs },
  on: nothing,
  off: nothing,
});

const slow = (id: string, title: string, outside: OutsidePattern): FaultKind => ({
  id,
  title,
  outside,
  on: nothing,
  off: nothing,
});

export const errorsFaults: FaultKind[] = [
  fault('error-rate-auth', 'One of thirty requests is a 401 at the login: the key that signs tokens was changed', {
    status: 401,
    method: 'POST',
    path: '/api/v1/auth/login',
    backend: [
      'WARNING:  jose.exceptions.JWTError: Signature verification failed for user maria.sommer@example.com from 203.0.113.77',
    ],
    application: ['ERROR auth: invalid token, signature verification failed (user 4711008)'],
  }),
  fault('error-rate-invalid-input', 'One of thirty requests is a 422: a client sends what the validation refuses', {
    status: 422,
    method: 'POST',
    path: '/api/v1/profile/58112/preferences',
    backend: ['ERROR:    fastapi.exceptions.RequestValidationError: 1 validation error: body.budget: field required'],
    application: ['ERROR validation: body.budget: field required'],
  }),
  fault('error-rate-external', 'One of thirty requests is a 504: Mistral answers too late', {
    status: 504,
    method: 'GET',
    path: '/api/v1/recommendations/58112',
    backend: ['ERROR:    httpx.ReadTimeout: timed out while waiting for https://api.mistral.ai/v1/chat/completions'],
    application: ['ERROR recommendations: mistral timed out after 30.0 s'],
  }),
  fault('error-rate-database', 'One of thirty requests is a 500: a query asks for a column that is not there', {
    status: 500,
    method: 'GET',
    path: '/api/v1/search',
    backend: [
      'ERROR:    Exception in ASGI application',
      'Traceback (most recent call last):',
      '  File "/app/app/search/query.py", line 88, in find',
      'sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedColumn) column "rank_v2" does not exist',
      "[parameters: ('maria.sommer@example.com', 'alpha')]",
    ],
    application: ['ERROR search: sqlalchemy.exc.ProgrammingError: column "rank_v2" does not exist'],
    database: [
      '[412] ERROR:  column "rank_v2" does not exist at character 41',
      "[412] STATEMENT:  SELECT rank_v2 FROM docs WHERE owner = 'maria.sommer@example.com'",
    ],
  }),
  slow('recommendations-slow-theirs', 'Recommendations are slow because Mistral is; its status page says so', {
    mistral: { status: 200, seconds: 6.8 },
    indicator: { mistral: 'minor' },
    recommendation: { all: 8.4, mistral: 7.6, pinecone: 0.2 },
    lines: [],
  }),
  slow('recommendations-slow-ours', 'Recommendations are slow although Mistral and Pinecone answer at once', {
    recommendation: { all: 7.9, mistral: 0.8, pinecone: 0.2 },
    lines: [],
  }),
  slow('recommendations-key-refused', 'Mistral refuses the key, and each recommendation tries three times before it gives up', {
    mistral: { status: 401, seconds: 0.1 },
    recommendation: { all: 6.2, mistral: 0.1, pinecone: 0.2 },
    lines: ['ERROR:    mistral answered 401 Unauthorized: gave up after 3 attempts (user maria.sommer@example.com)'],
  }),
];

/** All of it began some minutes before anybody noticed. */
const UNNOTICED = 10 * 60_000;

/** How the services outside are, or were at a time in milliseconds, while these faults are on. */
export function outside(on: HostState['faults'], at = Number.POSITIVE_INFINITY): OutsidePattern {
  const began = (id: string) => Date.parse(on[id]?.since ?? '') - UNNOTICED;
  return errorsFaults.find(({ id, outside }) => outside && on[id] && began(id) <= at)?.outside ?? WELL;
}

/** Since when the requests end as the faults that are on say; no restart changes it. */
export function patterns(on: HostState['faults']): Erring[] {
  return errorsFaults.flatMap(({ id, errs }) => {
    const since = on[id]?.since;
    if (!errs || since === undefined) return [];
    return [{ from: Date.parse(since) - UNNOTICED, until: Number.POSITIVE_INFINITY, every: errs.every, as: errs }];
  });
}
