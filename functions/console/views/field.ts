import type { RunbookView } from './runbook.ts';

/** One field of a form, as a parameter's JSON Schema describes it. */
export interface Field {
  name: string;
  label: string;
  description: string;
  kind: 'number' | 'text' | 'choice' | 'list';
  required: boolean;
  /** What the field shows at first, as text. */
  standard: string;
  choices: string[];
  min: number | null;
  max: number | null;
  step: string;
}

interface Schema {
  type?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  description?: string;
}

/** The parameters of a runbook as fields. */
export function fieldsOf({ parameters }: Pick<RunbookView, 'parameters'>): Field[] {
  const required = new Set(parameters.required ?? []);
  return Object.entries(parameters.properties ?? {}).map(([name, property]) => {
    const schema: Schema = typeof property === 'boolean' ? {} : (property as Schema);
    const bound = (value: number | undefined) =>
      value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : null;
    return {
      name,
      label: spaced(name),
      description: schema.description ?? '',
      kind: kindOf(schema),
      required: required.has(name),
      standard: textOf(schema.default),
      choices: schema.enum?.map(String) ?? (schema.type === 'boolean' ? ['true', 'false'] : []),
      min: bound(schema.minimum),
      max: bound(schema.maximum),
      step: schema.type === 'integer' ? '1' : 'any',
    };
  });
}

/** What stands below a field: what it is, its bounds, and how several are given. */
export function helpOf({ description, min, max, kind }: Field): string {
  const range = [min === null ? '' : `from ${min}`, max === null ? '' : `to ${max}`].filter(Boolean).join(' ');
  return [description, range, kind === 'list' ? 'several are parted by commas' : ''].filter(Boolean).join(' · ');
}

/**
 * What was typed into the fields, as parameters. An empty field was not given, and has its default; a text that is no
 * number stays a text, so that the check names what was expected.
 */
export function parametersOf(view: Pick<RunbookView, 'parameters'>, typed: (name: string) => string): Record<string, unknown> {
  const given = fieldsOf(view).flatMap((field) => {
    const text = typed(field.name).trim();
    return text === '' ? [] : [[field.name, parameterOf(field, text)] as const];
  });
  return Object.fromEntries(given);
}

function kindOf({ type, enum: choices }: Schema): Field['kind'] {
  if (choices || type === 'boolean') return 'choice';
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'array' ? 'list' : 'text';
}

function parameterOf({ kind, choices }: Field, text: string): unknown {
  if (kind === 'number') return Number.isNaN(Number(text)) ? text : Number(text);
  if (kind === 'choice' && choices.join() === 'true,false') return text === 'true' ? true : text === 'false' ? false : text;
  if (kind === 'list')
    return text
      .split(/[\s,]+/)
      .map((item) => item.trim())
      .filter(Boolean);
  return text;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.map(String).join(', ') : String(value);
}

/** `keepLogsDays` as a person reads it: `Keep logs days`. */
function spaced(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
