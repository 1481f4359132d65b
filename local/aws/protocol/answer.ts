import { parseQuery } from './query.ts';
import type { AwsRequest } from './request.ts';
import { type CallContext, InvalidInput, type Service, ServiceError } from './service.ts';
import { xmlOf } from './xml.ts';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The two ways in which a service is spoken to: a JSON document with a target header, or a form answered in XML. */
interface Protocol {
  operation: string;
  input: () => unknown;
  success: (output: unknown) => Answer;
  failure: (error: ServiceError) => Answer;
}

/**
 * Carries out one request of a JSON or query service, and answers in the protocol that it came in.
 * @param requestId goes back to the caller with the answer
 */
export async function answer(service: Service, request: AwsRequest, requestId: string): Promise<Answer> {
  const protocol = protocolOf(service, request, requestId);
  try {
    const operation = service.operations[protocol.operation];
    if (!operation || !Object.hasOwn(service.operations, protocol.operation)) throw unknownOperation(service, protocol.operation);
    return protocol.success(await operation(protocol.input(), contextOf(request)));
  } catch (error) {
    return protocol.failure(asServiceError(service, error));
  }
}

/** The refusal of a service that local mode does not have, in the protocol that the request came in. */
export function unknownService(request: AwsRequest, requestId: string): Answer {
  const service: Service = { operations: {} };
  const known = `${request.service} is not among the services of local mode`;
  return protocolOf(service, request, requestId).failure(new ServiceError('UnknownOperationException', known));
}

function contextOf({ region, host, unsigned }: AwsRequest): CallContext {
  return { region, host, ...(unsigned && { unsigned }) };
}

function unknownOperation(service: Service, name: string): ServiceError {
  const said = `local mode has no operation "${name}"; it has ${Object.keys(service.operations).join(', ')}`;
  return new ServiceError(service.xmlNamespace ? 'InvalidAction' : 'UnknownOperationException', said);
}

function asServiceError(service: Service, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof InvalidInput) return new ServiceError(service.invalidInput ?? 'ValidationException', error.message);
  console.error(error);
  return new ServiceError('InternalFailure', error instanceof Error ? error.message : String(error), { status: 500 });
}

function protocolOf(service: Service, request: AwsRequest, requestId: string): Protocol {
  const target = request.headers['x-amz-target'];
  return target === undefined ? query(service, request, requestId) : json(target, request, requestId);
}

function json(target: string, request: AwsRequest, requestId: string): Protocol {
  const headers = {
    'content-type': request.headers['content-type'] ?? 'application/x-amz-json-1.0',
    'x-amzn-requestid': requestId,
  };
  return {
    operation: target.slice(target.lastIndexOf('.') + 1),
    input: () => parseJson(request.body.toString('utf8')),
    success: (output) => ({ status: 200, headers, body: JSON.stringify(jsonOf(output ?? {})) }),
    failure: (error) => ({
      status: error.status,
      headers: { ...headers, 'x-amzn-query-error': `${error.queryCode};${error.status < 500 ? 'Sender' : 'Receiver'}` },
      body: JSON.stringify({ __type: error.name, message: error.message, ...error.fields }),
    }),
  };
}

function query(service: Service, request: AwsRequest, requestId: string): Protocol {
  const form = new URLSearchParams(request.method === 'GET' ? request.url.split('?')[1] : request.body.toString('utf8'));
  const name = form.get('Action') ?? '';
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
  const document = (root: string, inside: string) => `<${root} xmlns="${service.xmlNamespace ?? ''}">${inside}</${root}>`;
  return {
    operation: name,
    input: () => parseQuery(form),
    success: (output) => {
      const result = `<${name}Result>${xmlOf(output)}</${name}Result>`;
      const metadata = xmlOf({ ResponseMetadata: { RequestId: requestId } });
      return { status: 200, headers, body: document(`${name}Response`, result + metadata) };
    },
    failure: (error) => {
      const said = { Type: error.status < 500 ? 'Sender' : 'Receiver', Code: error.queryCode, Message: error.message };
      return { status: error.status, headers, body: document('ErrorResponse', xmlOf({ Error: said, RequestId: requestId })) };
    },
  };
}

function parseJson(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceError('SerializationException', 'the body is not JSON');
  }
}

/** A value as the JSON protocols write it: times are seconds since 1970, broken ones allowed. */
function jsonOf(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1_000;
  if (value instanceof Map) return jsonOf(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, jsonOf(item)]));
}
