import { functionName } from './arns.ts';
import type { Answer } from './protocol/answer.ts';
import type { AwsRequest } from './protocol/request.ts';
import type { Invoke } from './step-functions/tasks.ts';

/** Of what a name or ARN is made of, only the colon is encoded on the way. */
const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations/;

/**
 * Lambda's Invoke, REST and JSON: what `aws lambda invoke` sends, the way in when nothing else works.
 * A function's own error answers 200 with `X-Amz-Function-Error`, as on AWS. Not here: everything else of Lambda.
 *
 * @param invoke throws an error named `ResourceNotFoundException` for a function that does not exist
 */
export async function lambda(invoke: Invoke, request: AwsRequest, requestId: string): Promise<Answer> {
  const encoded = INVOCATION.exec(request.url)?.[1]?.replaceAll('%3A', ':');
  const refuse = (status: number, code: string, message: string) => ({
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code, 'x-amzn-requestid': requestId },
    body: JSON.stringify({ Type: 'User', Message: message, message }),
  });
  if (encoded === undefined || request.method !== 'POST')
    return refuse(404, 'UnknownOperationException', `local mode has no ${request.method} ${request.url}; it has Invoke`);
  const payload = parse(request.body);
  if (payload === undefined) return refuse(400, 'InvalidRequestContentException', 'Could not parse request body into json');

  const name = functionName(encoded);
  const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST', 'x-amzn-requestid': requestId };
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'DryRun') return { status: 204, headers, body: '' };
  if (type === 'Event') {
    invoke(name, payload.value).catch((error: unknown) => console.error(`function ${name}, invoked as an event:`, error));
    return { status: 202, headers, body: '' };
  }
  try {
    return { status: 200, headers, body: JSON.stringify((await invoke(name, payload.value)) ?? null) };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (error.name === 'ResourceNotFoundException') return refuse(404, error.name, error.message);
    const body = JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') });
    return { status: 200, headers: { ...headers, 'x-amz-function-error': 'Unhandled' }, body };
  }
}

function parse(body: Buffer): { value: unknown } | undefined {
  try {
    return { value: body.length === 0 ? {} : JSON.parse(body.toString('utf8')) };
  } catch {
    return undefined;
  }
}
