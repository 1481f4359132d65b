import type { Erring } from '../docker/logs.ts';
import type { ErrorPattern } from '../error-pattern.ts';
import type { FaultKind } from '../fault-kind.ts';
import type { HostState } from '../host/host-state.ts';

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
];

/** Since when the requests end as the faults that are on say: it began some minutes before anybody noticed, and lasts. */
export function patterns(on: HostState['faults']): Erring[] {
  return errorsFaults.flatMap(({ id, errs }) => {
    const since = on[id]?.since;
    if (!errs || since === undefined) return [];
    return [{ from: Date.parse(since) - 10 * 60_000, until: Number.POSITIVE_INFINITY, every: errs.every, as: errs }];
  });
}
