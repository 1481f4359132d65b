import { arns, functionName } from './arns.ts';
import type { AwsOptions } from './options.ts';
import type { Answer } from './protocol/answer.ts';
import type { AwsRequest } from './protocol/request.ts';

/** Of what a name or ARN is made of, only the colon is encoded on the way. */
const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations/;
const CONFIGURATION = /^\/2015-03-31\/functions\/([^/]+)\/configuration/;

type Functions = Pick<AwsOptions, 'invoke' | 'environments' | 'region'>;
type Refuse = (status: number, code: string, message: string) => Answer;

/**
 * Lambda's Invoke, REST and JSON: what `aws lambda invoke` sends, the way in when nothing else works; and its
 * GetFunctionConfiguration, for the environment and the role. A function's own error answers 200 with `X-Amz-Function-Error`, as on AWS.
 * Not here: everything else of Lambda.
 */
export async function lambda(functions: Functions, request: AwsRequest, requestId: string): Promise<Answer> {
  const refuse: Refuse = (status, code, message) => ({
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code, 'x-amzn-requestid': requestId },
    body: JSON.stringify({ Type: 'User', Message: message, message }),
  });
  const named = (pattern: RegExp) => pattern.exec(request.url)?.[1]?.replaceAll('%3A', ':');
  const configured = request.method === 'GET' ? named(CONFIGURATION) : undefined;
  if (configured !== undefined) return configuration(functions, functionName(configured), refuse);
  const invoked = request.method === 'POST' ? named(INVOCATION) : undefined;
  if (invoked !== undefined) return await invocation(functions, functionName(invoked), request, requestId, refuse);
  const it = `local mode has no ${request.method} ${request.url}; it has Invoke and GetFunctionConfiguration`;
  return refuse(404, 'UnknownOperationException', it);
}

function configuration({ environments, region = 'us-east-1' }: Functions, name: string, refuse: Refuse): Answer {
  const Variables = environments?.get(name);
  const FunctionArn = arns(region).function(name);
  if (!Variables) return refuse(404, 'ResourceNotFoundException', `Function not found: ${FunctionArn}`);
  const Role = arns(region).role(name);
  const told = { FunctionName: name, FunctionArn, Role, Version: '$LATEST', State: 'Active', Environment: { Variables } };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(told) };
}

/** `invoke` throws an error named `ResourceNotFoundException` for a function that does not exist. */
async function invocation(
  { invoke }: Functions,
  name: string,
  request: AwsRequest,
  requestId: string,
  refuse: Refuse,
): Promise<Answer> {
  const payload = parse(request.body);
  if (payload === undefined) return refuse(400, 'InvalidRequestContentException', 'Could not parse request body into json');

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
