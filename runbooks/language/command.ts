import * as z from 'zod';
import { type Duration, seconds } from './duration.ts';
import type { Safety } from './safety.ts';

/** What a command may take. Each becomes one environment variable of the script, never script text. */
type ParameterValue = string | number | boolean | string[];
export type CommandParameters = z.ZodObject<Record<string, z.ZodType<ParameterValue>>>;

export interface HostCommandSpec<P extends CommandParameters, F extends z.ZodType> {
  /** What it does, as a person would say it: `Restart a Compose service`. */
  title: string;
  safety: Safety;
  /** The field's word for the act, under which the breaker counts: `restart`, `delete-logs`. Not needed to observe. */
  verb?: string;
  /** What the act touches on its host, under which the breaker counts. `host` if not said. */
  resource?: (parameters: z.output<P>) => string;
  parameters: P;
  /** The shape of the script's first line of output. */
  facts: F;
  /** How long the script may run on the host before it is ended. */
  timeout: Duration;
  /** The script itself, where it does not lie beside the command's file: the tests' own commands. */
  script?: string;
  /** The line a person types to do the same by hand, for the runbook's page. */
  byHand: string;
}

/** One command with its parameters, ready to be sent to a host. A value: making it does nothing. */
export interface HostCall<Facts> {
  kind: 'host';
  command: HostCommand<CommandParameters, z.ZodType<Facts>>;
  parameters: Record<string, ParameterValue>;
}

export interface HostCommand<P extends CommandParameters = CommandParameters, F extends z.ZodType = z.ZodType>
  extends HostCommandSpec<P, F> {
  kind: 'host';
  name: string;
  timeoutSeconds: number;
  (parameters: z.input<P>): HostCall<z.output<F>>;
}

/**
 * Declares a host command. The script of the same name lies beside the file that calls this.
 *
 * @param name the file's name without its ending, such as `disk-usage`
 * Whether its parameters' types say enough is checked when its document is made (see {@link allowedPattern}): at synthesis, when
 * local mode starts, and for the whole registry in the suite. A function that starts has no time for it.
 *
 * @throws {Error} for an act that has no verb
 */
export function hostCommand<P extends CommandParameters, F extends z.ZodType>(
  name: string,
  spec: HostCommandSpec<P, F>,
): HostCommand<P, F> {
  if (spec.safety !== 'observe' && spec.verb === undefined)
    throw new Error(`command ${name}: an act needs a verb to be counted under`);
  // The compiler does not see a parameter too many in what a function returns, so a misspelt one is an error here.
  const strict = spec.parameters.strict();
  const call = (parameters: z.input<P>): HostCall<z.output<F>> => ({
    kind: 'host',
    command: command as unknown as HostCommand<CommandParameters, z.ZodType<z.output<F>>>,
    parameters: strict.parse(parameters) as Record<string, ParameterValue>,
  });
  const described = { ...spec, kind: 'host' as const, timeoutSeconds: seconds(spec.timeout) };
  const command = Object.defineProperty(Object.assign(call, described), 'name', { value: name }) as HostCommand<P, F>;
  return command;
}

/** What SSM's document demands of a parameter: a pattern that an attacker can't get a quote, a newline or a `$(` through. */
interface StringSchema {
  type?: string;
  pattern?: string;
  minimum?: number;
  items?: StringSchema;
  enum?: string[];
}

/**
 * The document's `allowedPattern` for a parameter, derived from its zod type: whole numbers, booleans, enums,
 * strings with a regular expression, and lists of those (joined by one space).
 *
 * @throws {Error} naming the parameter, for a type that says too little (a free string)
 */
export function allowedPattern(where: string, schema: z.ZodType): string {
  return `^${fragment(where, z.toJSONSchema(schema, { io: 'input' }) as StringSchema)}$`;
}

function fragment(where: string, schema: StringSchema): string {
  if (schema.enum) return `(${schema.enum.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`;
  if (schema.type === 'integer') return `${(schema.minimum ?? -1) < 0 ? '-?' : ''}[0-9]{1,15}`;
  if (schema.type === 'boolean') return '(true|false)';
  if (schema.type === 'array' && schema.items) {
    const item = fragment(where, schema.items);
    return `(${item}( ${item})*)?`;
  }
  if (schema.type === 'string' && schema.pattern?.startsWith('^') && schema.pattern.endsWith('$'))
    return `(${schema.pattern.slice(1, -1)})`;
  throw new Error(
    `command parameter ${where}: expected an integer, a boolean, an enum, a string with a regular expression from ^ to $, or a list of those`,
  );
}

/** A parameter as the script sees it in `SSM_<name>`: lists are joined by one space, which no item may contain. */
export function parameterText(value: ParameterValue): string {
  return Array.isArray(value) ? value.join(' ') : String(value);
}
