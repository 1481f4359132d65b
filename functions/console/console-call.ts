import { Hono } from 'hono';
import * as z from 'zod';
import type { Surroundings } from '../surroundings.ts';
import { api } from './api.ts';
import { errorAnswer, logOutage, nothingAt } from './outage.ts';
import { checked, errorBody, invalid, Rejected } from './rejected.ts';

const Call = z.strictObject({
  method: z.enum(['GET', 'POST']).default('GET'),
  path: z.string().regex(/^\/api\//),
  body: z.record(z.string(), z.unknown()).optional(),
});

export interface Answered {
  status: number;
  body: unknown;
}

/**
 * The console's JSON without a console: one call of it, as a payload. What lets a runbook do more, and what lets an act happen,
 * have functions of their own, so that IAM can tell who may do which.
 *
 * @param requestId the same when Lambda tries an invocation again: what was declared or noted then is not so twice
 */
export const consoleCall =
  (around: Surroundings) =>
  async (given: unknown, requestId: string): Promise<Answered> => {
    const { method, path, body } = checked(Call, given, '', (field) =>
      field === 'path' ? 'a path of the API, such as /api/incidents' : undefined,
    );
    if (method === 'GET' && body) throw invalid('method', 'POST, where there is a body', 'a GET takes no body');
    const app = theApi(around, requestId);
    const headers = { 'content-type': 'application/json' };
    const answer = await app.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    // A review is Markdown: a text, where everything else is JSON.
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, body: isJson ? await answer.json() : await answer.text() };
  };

/** Refused by the router that would otherwise have taken it, so that no other spelling of the path leads around it. */
function theApi(around: Surroundings, requestId: string): Hono {
  const app = new Hono();
  app.post('/api/automation', () => elsewhere(`${around.names.modeFunction} or ${around.names.promoteFunction}`));
  app.post('/api/approvals/:id', () => elsewhere(around.names.approveFunction));
  app.route(
    '/api',
    api(around, () => requestId),
  );
  app.notFound((c) => c.json(errorBody(nothingAt(c.req.path)), 404));
  app.onError((error, c) => {
    logOutage(c.req, error);
    return c.json(...errorAnswer(error));
  });
  return app;
}

function elsewhere(functions: string): never {
  throw new Rejected(403, {
    field: 'path',
    expected: `an invocation of ${functions}`,
    message: `this function does not do that: invoke ${functions} with the same body`,
  });
}
