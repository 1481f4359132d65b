import * as z from 'zod';

/** One parameter of a runbook, in words: for its page and for the error that names it. */
export interface ParameterRow {
  name: string;
  /** `whole number from 1 to 90`, `one of a, b`. */
  takes: string;
  /** The regular expression that a text must match, or `''`. */
  pattern: string;
  /** As JSON, or `''` where there is none. */
  standard: string;
  required: boolean;
  description: string;
}

interface Schema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  default?: unknown;
  description?: string;
}

/** The parameters of a zod object, as its JSON Schema tells them. */
export function parameterRows(parameters: z.ZodObject): ParameterRow[] {
  const schema = z.toJSONSchema(parameters, { io: 'input' });
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, value]) => {
    const property: Schema = typeof value === 'boolean' ? {} : (value as Schema);
    return {
      name,
      takes: takes(property),
      pattern: property.pattern ?? property.items?.pattern ?? '',
      standard: property.default === undefined ? '' : JSON.stringify(property.default),
      required: required.has(name),
      description: property.description ?? '',
    };
  });
}

const WORDS: Record<string, string> = { integer: 'whole number', number: 'number', boolean: 'true or false', string: 'text' };

function takes(schema: Schema): string {
  if (schema.enum) return `one of ${schema.enum.map(String).join(', ')}`;
  if (schema.const !== undefined) return String(schema.const);
  if (schema.type === 'array') return `list of: ${takes(schema.items ?? {})}`;
  const word = WORDS[schema.type ?? ''] ?? 'any value';
  return [word, range(schema)].filter(Boolean).join(' ');
}

function range(schema: Schema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  // zod states the bounds of every safe integer; they tell a reader nothing.
  const said = (bound: number | undefined) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  return [
    said(minimum) ? `from ${minimum}` : '',
    said(exclusiveMinimum) ? `above ${exclusiveMinimum}` : '',
    said(maximum) ? `to ${maximum}` : '',
    said(exclusiveMaximum) ? `below ${exclusiveMaximum}` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
