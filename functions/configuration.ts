import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { BusinessHours } from '../runbooks/language/business-hours.ts';
import type { Staff } from '../runbooks/language/contact.ts';
import { faultsIn } from '../runbooks/language/faults.ts';
import { names } from '../runbooks/language/names.ts';
import { PagerdutySettings } from '../runbooks/language/pagerduty.ts';
import { peopleOf } from '../runbooks/language/people.ts';
import type { HostedSettings, System } from '../runbooks/language/system.ts';
import { MODES } from './incident/control.ts';

/** What a deployment says of each system and each host command: too much for Lambda's environment, which holds 4 KB in all. */
const PerSystem = {
  /** Settings by system id; what is not given keeps the placeholder of its `system.ts`. */
  systems: z.record(z.string(), z.record(z.string(), z.unknown())),
  /** Who has the roles of a system, and when its team is at work, by system id. */
  people: z.record(z.string(), z.record(z.string(), z.unknown())),
  /**
   * The name of each host command's document. The deployed ones are named by their content too, so that a run that waits across
   * an upgrade ends with the scripts it began with.
   */
  documents: z.record(z.string(), z.string().regex(/^[a-zA-Z0-9_.-]{3,128}$/, 'expected the name of a document')),
};
const FromFile = z.strictObject(PerSystem);

const Given = z.strictObject({
  /** The prefix of every resource's name. */
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,30}$/, 'expected 2 to 31 small letters, digits and hyphens, a letter first')
    .default('firebreak'),
  account: z.string().regex(/^\d{12}$/, 'expected 12 digits'),
  region: z.string().min(1),
  /** What a runbook may do that nobody has promoted or restricted: `observe` on AWS, `auto` in local mode. */
  defaultMode: z.enum(MODES).default('observe'),
  /**
   * Whether a name that somebody gives is taken for them where a second person must approve. On one machine people see each other;
   * on AWS a name proves nothing, and until each person has a link of their own such an act is refused.
   */
  namesAreTrusted: z.boolean().default(false),
  /** Where people find the console; links in pages begin with it. Without one a page names the commands that do the same. */
  consoleUrl: z.url().optional(),
  /** Where the links in pages lead: the public way in, without the path. Without one a page has no links of its reader's own. */
  linksUrl: z.url().optional(),
  /** PagerDuty: where its events go, if not to the service region of the United States; and what proves its webhooks. */
  pagerduty: PagerdutySettings.optional(),
  /** A JSON file beside the function's code, which holds `systems`, `people` and `documents`. */
  file: z
    .string()
    .regex(/^[\w-]+\.json$/, 'expected the name of a JSON file beside the code, such as settings.json')
    .optional(),
  systems: PerSystem.systems.optional(),
  people: PerSystem.people.optional(),
  documents: PerSystem.documents.optional(),
});

export interface Configuration extends Omit<z.output<typeof Given>, keyof typeof PerSystem | 'file'> {
  /** A system's settings. @throws {Error} for a system that is not registered */
  settingsOf(systemId: string): HostedSettings;
  /** Who has each role of a system: every role is there. @throws {Error} for a system that is not registered */
  staffOf(systemId: string): Readonly<Record<string, Staff>>;
  /** When the team of a system is at work. @throws {Error} for a system that is not registered */
  businessHoursOf(systemId: string): BusinessHours;
  /** The name of a host command's document; where nothing was given, the one that follows from the command's name. */
  documentOf(command: string): string;
}

/** The two variables that are read: what was configured, and where Lambda has put the function's code. */
export type ConfiguredBy = Readonly<Partial<Record<'FIREBREAK_CONFIG' | 'LAMBDA_TASK_ROOT', string>>>;

/**
 * Everything that differs between one deployment and another, checked in one place.
 *
 * @param environment `FIREBREAK_CONFIG` as JSON
 * @throws {Error} with one line a fault: which field, and what was expected
 */
export function configuration(environment: ConfiguredBy, systems: readonly System[]): Configuration {
  const text = environment.FIREBREAK_CONFIG;
  if (text === undefined) throw new Error('FIREBREAK_CONFIG is not set: expected JSON with at least account and region');
  const {
    file,
    systems: inline,
    people,
    documents,
    ...rest
  } = check('FIREBREAK_CONFIG', Given, parsed('FIREBREAK_CONFIG', text));
  const twice = Object.entries({ systems: inline, people, documents }).find(([, given]) => given !== undefined);
  if (file && twice) throw new Error(`FIREBREAK_CONFIG: ${twice[0]}: expected in ${file} alone, because file is given`);
  const where = file ?? 'FIREBREAK_CONFIG';
  const per = file
    ? fromFile(file, environment.LAMBDA_TASK_ROOT)
    : { systems: inline ?? {}, people: people ?? {}, documents: documents ?? {} };
  const settings = bySystem(`${where}: systems`, systems, per.systems, (system) => system.settings);
  const peoples = bySystem(`${where}: people`, systems, per.people, peopleOf);
  const named = names(rest.prefix);
  return {
    ...rest,
    settingsOf: settings,
    staffOf: (systemId) => peoples(systemId).staff,
    businessHoursOf: (systemId) => peoples(systemId).businessHours,
    documentOf: (command) => per.documents[command] ?? named.document(command),
  };
}

function fromFile(file: string, folder: string | undefined): z.output<typeof FromFile> {
  if (folder === undefined) throw new Error(`LAMBDA_TASK_ROOT is not set: expected the folder in which ${file} lies`);
  let text: string;
  try {
    text = readFileSync(join(folder, file), 'utf8');
  } catch (error) {
    throw new Error(`FIREBREAK_CONFIG: file: expected to be read: ${said(error)}`);
  }
  return check(file, FromFile, parsed(file, text));
}

/** What is given of each system, checked at once. @returns what is known of one of them */
function bySystem<T>(
  where: string,
  systems: readonly System[],
  given: Readonly<Record<string, unknown>>,
  schemaOf: (system: System) => z.ZodType<T>,
): (systemId: string) => T {
  const ids = systems.map(({ id }) => id);
  const unknown = Object.keys(given).find((id) => !ids.includes(id));
  if (unknown) throw new Error(`${where}.${unknown}: there is no such system; expected ${ids.join(', ')}`);
  const known = new Map(
    systems.map((system) => [system.id, check(`${where}.${system.id}`, schemaOf(system), given[system.id] ?? {})]),
  );
  return (systemId) => {
    const found = known.get(systemId);
    if (found === undefined) throw new Error(`there is no system ${systemId}`);
    return found;
  };
}

function parsed(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${where} is not JSON: ${said(error)}`);
  }
}

function check<T>(where: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(
    faultsIn(result.error.issues)
      .map(({ path, message }) => `${where}: ${path.join('.') || 'the whole'}: ${message}`)
      .join('\n'),
  );
}

const said = (error: unknown) => (error instanceof Error ? error.message : String(error));
