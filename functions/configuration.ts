import * as z from 'zod';
import type { HostedSettings, System } from '../runbooks/language/system.ts';
import { MODES } from './incident/control.ts';

const Given = z.strictObject({
  /** The prefix of every resource's name. */
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,30}$/)
    .default('firebreak'),
  account: z.string().regex(/^\d{12}$/),
  region: z.string().min(1),
  /** What a runbook may do that nobody has promoted or restricted: `observe` on AWS, `auto` in local mode. */
  defaultMode: z.enum(MODES).default('observe'),
  /** Where people find the console; links in pages begin with it. */
  consoleUrl: z.url(),
  /** Settings by system id; what is not given keeps the placeholder of its `system.ts`. */
  systems: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

export interface Configuration extends Omit<z.output<typeof Given>, 'systems'> {
  /** A system's settings. @throws {Error} for a system that is not registered */
  settingsOf(systemId: string): HostedSettings;
}

/**
 * Everything that differs between one deployment and another, checked in one place.
 *
 * @param text JSON, from the environment variable `FIREBREAK_CONFIG`
 * @throws {Error} with one line a fault: which field, and what was expected
 */
export function configuration(text: string | undefined, systems: readonly System[]): Configuration {
  if (text === undefined)
    throw new Error('FIREBREAK_CONFIG is not set: expected JSON with at least account, region and consoleUrl');
  const given = check('FIREBREAK_CONFIG', Given, parsed(text));
  const unknown = Object.keys(given.systems).find((id) => !systems.some((system) => system.id === id));
  if (unknown)
    throw new Error(
      `FIREBREAK_CONFIG: systems.${unknown}: there is no such system; expected ${systems.map((s) => s.id).join(', ')}`,
    );
  const settings = new Map(
    systems.map((system) => [
      system.id,
      check(`FIREBREAK_CONFIG: systems.${system.id}`, system.settings, given.systems[system.id] ?? {}),
    ]),
  );
  const { systems: _raw, ...rest } = given;
  return {
    ...rest,
    settingsOf(systemId) {
      const found = settings.get(systemId);
      if (!found) throw new Error(`there is no system ${systemId}`);
      return found;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`FIREBREAK_CONFIG is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function check<T>(where: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(
    result.error.issues.map((issue) => `${where}: ${issue.path.join('.') || 'the whole'}: ${issue.message}`).join('\n'),
  );
}
