import type * as z from 'zod';

/** What an operation may need to know of its caller. */
export interface CallContext {
  region: string;
  /** Host and port under which the caller reached the server: queue URLs are made with it. */
  host: string;
  /** Whoever opens a link of a mail calls without a signature: what may then be done is up to the operation. */
  unsigned?: true;
}

/**
 * One operation of a service. Its input comes as JSON or as a form, its answer goes as JSON or as XML: in an answer a
 * `Date` is a timestamp and a `Map` is a map (in XML the two differ from strings and structures).
 */
export type Operation = (input: unknown, context: CallContext) => unknown;

export interface Service {
  /** The XML namespace of its answers, where it speaks the query protocol. */
  xmlNamespace?: string;
  /** The code with which the service refuses an input that it can't read. `ValidationException` if not said. */
  invalidInput?: string;
  operations: Readonly<Record<string, Operation>>;
}

/** An error that the service itself answers with. Its `name` is the error's code, as the SDK shows it. */
export class ServiceError extends Error {
  readonly status: number;
  /** The older code that SQS and CloudWatch also send, for callers from the days of the query protocol. */
  readonly queryCode: string;
  /** What else the error says, beside its message: only in JSON. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(
    code: string,
    message: string,
    more: { status?: number; queryCode?: string; fields?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = code;
    this.status = more.status ?? 400;
    this.queryCode = more.queryCode ?? code;
    this.fields = more.fields ?? {};
  }
}

/** Thrown where an input has the wrong shape; the service turns it into its own code. */
export class InvalidInput extends Error {}

/** An operation whose input is checked first. What the schema returned is what is used. */
export function operation<S extends z.ZodType>(
  schema: S,
  carryOut: (input: z.output<S>, context: CallContext) => unknown,
): Operation {
  return (input, context) => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) {
      const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`);
      throw new InvalidInput(`${reasons.length} validation error(s) detected: ${reasons.join('; ')}`);
    }
    return carryOut(parsed.data, context);
  };
}
