import * as z from 'zod';
import { ServiceError } from '../protocol/service.ts';

/** An SSM document: its content as it is registered, and the script that its one step runs. */
export interface SsmDocument {
  content: object;
  script: string;
}

const Parameter = z.looseObject({
  type: z.string(),
  allowedPattern: z.string().optional(),
  allowedValues: z.array(z.string()).optional(),
  default: z.union([z.string(), z.array(z.string()), z.number(), z.boolean()]).optional(),
});
const Content = z.looseObject({
  description: z.string().optional(),
  parameters: z.record(z.string(), Parameter).default({}),
  mainSteps: z.array(
    z.looseObject({ name: z.string(), inputs: z.looseObject({ timeoutSeconds: z.coerce.number().optional() }).default({}) }),
  ),
});
export type Content = z.output<typeof Content>;

/** aws:runShellScript's own default. */
const DEFAULT_TIMEOUT_SECONDS = 3_600;

/** @throws {ZodError} when it is no document of schema 2.2 */
export function contentOf(document: SsmDocument): Content {
  return Content.parse(document.content);
}

/** How long the script may run, in seconds of the clock. */
export function timeoutSeconds(document: SsmDocument): number {
  return contentOf(document).mainSteps[0]?.inputs.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
}

/**
 * The values of a command as the agent hands them to the script: one variable `SSM_<name>` a parameter
 * (`interpolationType: ENV_VAR`). A list goes as JSON, as the agent does it.
 *
 * @throws {ServiceError} `InvalidParameters` for an unknown, a missing or a disallowed one
 */
export function environment(document: SsmDocument, given: Readonly<Record<string, string[]>>): Record<string, string> {
  const { parameters } = contentOf(document);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (unknown !== undefined) throw invalid(`the document has no parameter "${unknown}"`);
  const variables = Object.entries(parameters).map(([name, parameter]): [string, string] => {
    const values = given[name] ?? defaults(parameter.default);
    if (!values) throw invalid(`parameter "${name}" is required`);
    for (const value of values) checkValue(name, value, parameter);
    return [`SSM_${name}`, parameter.type === 'StringList' ? JSON.stringify(values) : (values[0] ?? '')];
  });
  return Object.fromEntries(variables);
}

function defaults(value: z.output<typeof Parameter>['default']): string[] | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value : [String(value)];
}

function checkValue(name: string, value: string, { allowedPattern, allowedValues }: z.output<typeof Parameter>): void {
  if (allowedValues && !allowedValues.includes(value))
    throw invalid(`parameter "${name}": "${value}" is not one of ${allowedValues}`);
  if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value))
    throw invalid(`parameter "${name}": "${value}" does not match ${allowedPattern}`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameters', message);
}
