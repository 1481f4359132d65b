import type * as z from 'zod';

/** What was wrong with one field: which one, what was expected there, and a sentence for a person. */
export interface Fault {
  field: string;
  expected: string;
  message: string;
}

/**
 * - 400: a field is not as expected;
 * - 403: the request came from another site, or by a way in that does not lead there;
 * - 404: there is no such thing;
 * - 409: it is there, and not in a state in which this can be done;
 * - 415: neither JSON nor a form.
 */
export type RejectedStatus = 400 | 403 | 404 | 409 | 415;

/** A request that changed nothing, and why. Everything else that is thrown is an outage. */
export class Rejected extends Error {
  override name = 'Rejected';
  readonly status: RejectedStatus;
  readonly faults: readonly [Fault, ...Fault[]];
  constructor(status: RejectedStatus, first: Fault, ...more: Fault[]) {
    super(first.message);
    this.status = status;
    this.faults = [first, ...more];
  }
}

export const invalid = (field: string, expected: string, message: string) => new Rejected(400, { field, expected, message });
export const absent = (field: string, expected: string, message: string) => new Rejected(404, { field, expected, message });
export const conflict = (field: string, expected: string, message: string) => new Rejected(409, { field, expected, message });

/** The shape of every error of the API. */
export function errorBody(rejected: Rejected): { error: Fault } {
  return { error: rejected.faults[0] };
}

/** Says what a field takes; the path goes into it. */
type Expected = (field: string, path: readonly PropertyKey[]) => string | undefined;

/**
 * Reads what was given by its schema. What comes back is what is used, never the original.
 * @param prefix stands before each field's name, such as `parameters.`
 * @param expected what a field takes, in words, where somebody can say it better than the schema
 * @throws {Rejected} with one fault a field
 */
export function checked<S extends z.ZodType>(
  schema: S,
  given: unknown,
  prefix = '',
  expected: Expected = () => undefined,
): z.output<S> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [first, ...more] = result.error.issues.flatMap((issue) => faultsOf(issue, prefix, expected));
  throw new Rejected(400, first ?? { field: prefix, expected: 'something else', message: result.error.message }, ...more);
}

function faultsOf(issue: z.core.$ZodIssue, prefix: string, expected: Expected): Fault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((name) => {
      const field = `${prefix}${[...issue.path, name].join('.')}`;
      return { field, expected: 'no such field', message: `${field} is not a field that is known here` };
    });
  const name = issue.path.join('.');
  const field = `${prefix}${name}` || 'body';
  const wanted = expected(String(issue.path[0] ?? ''), issue.path) ?? wantedBy(issue);
  const missing = issue.code === 'invalid_type' && issue.input === undefined && issue.message.includes('received undefined');
  return [
    { field, expected: wanted, message: missing ? `${field} is missing: expected ${wanted}` : `${field}: expected ${wanted}` },
  ];
}

/** What an issue asks for, in words. */
function wantedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `at least ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    case 'too_big':
      return `at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? `text in the form ${issue.format}`;
    default:
      return issue.message;
  }
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};
const FORMATS: Record<string, string> = {
  datetime: 'a time in UTC such as 2026-10-04T03:14:00Z',
  date: 'a date such as 2026-10-12',
};
const UNITS: Record<string, string> = { string: ' characters', array: ' items' };
