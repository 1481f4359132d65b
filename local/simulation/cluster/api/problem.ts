/** Why a request is refused, by the API's own words. */
export type Reason =
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Expired'
  | 'UnsupportedMediaType'
  | 'Invalid'
  | 'TooManyRequests'
  | 'InternalError';

const CODES: Record<Reason, number> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
};

/** A refusal, which the API answers with as a Status object. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly reason: Reason;
  readonly code: number;
  readonly details: Record<string, unknown>;
  constructor(reason: Reason, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.reason = reason;
    this.code = CODES[reason];
    this.details = details;
  }

  status(): Record<string, unknown> {
    const { reason, code, details, message } = this;
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
  }
}

interface Named {
  group: string;
  resource: string;
}

const full = ({ group, resource }: Named) => (group === '' ? resource : `${resource}.${group}`);

export const notFound = (kind: Named, name: string): Problem =>
  new Problem('NotFound', `${full(kind)} "${name}" not found`, { name, group: kind.group, kind: kind.resource });

export const conflict = (kind: Named, name: string): Problem =>
  new Problem(
    'Conflict',
    `Operation cannot be fulfilled on ${full(kind)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    { name, group: kind.group, kind: kind.resource },
  );

export const alreadyExists = (kind: Named, name: string): Problem =>
  new Problem('AlreadyExists', `${full(kind)} "${name}" already exists`, { name, group: kind.group, kind: kind.resource });

export const invalid = (kind: Named & { kind: string }, name: string, causes: { field: string; message: string }[]): Problem =>
  new Problem(
    'Invalid',
    `${kind.kind}${kind.group && `.${kind.group}`} "${name}" is invalid: ${causes.map(({ field, message }) => `${field}: ${message}`).join(', ')}`,
    { name, group: kind.group, kind: kind.kind, causes: causes.map((cause) => ({ reason: 'FieldValueInvalid', ...cause })) },
  );

/** There is nothing at this path. */
export const noSuchPath = (): Problem => new Problem('NotFound', 'the server could not find the requested resource');
