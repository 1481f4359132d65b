import * as z from 'zod';
import { faultsIn } from './faults.ts';
import { PagerdutySettings } from './pagerduty.ts';
import { type GivenPeople, givenPeople, type People, peopleOf } from './people.ts';
import type { HostedSettings, System } from './system.ts';

const Email = z.email('expected an email address');
const Tag = z
  .string()
  .max(256)
  .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, 'expected letters, digits, spaces and _ . : / = + - @');
const of = (kind: string) =>
  z.string().regex(new RegExp(`^${kind}-[0-9a-f]{8,17}$`), `expected an id such as ${kind}-0a1b2c3d4e5f60718`);

/** What Lambda takes for itself, and what the stack sets: nothing that is given may change it. */
const RESERVED =
  /^(FIREBREAK_CONFIG$|_|LAMBDA_|AWS_(REGION|DEFAULT_REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$|AWS_(LAMBDA|EXECUTION)_)/;
/** Lambda's environment holds 4 KB in all, and Firebreak's own part needs a quarter of it. */
const MOST_ENVIRONMENT_BYTES = 3_000;

/** What no group of an access entry may begin with, before its colon. */
const OF_EKS = ['system', 'eks', 'aws', 'amazon', 'iam'];

const Given = z.strictObject({
  /** For people who read the file: JSON has no comments. */
  $comment: z.string().optional(),
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,30}$/, 'expected 2 to 31 small letters, digits and hyphens, a letter first')
    .refine((prefix) => !OF_EKS.includes(prefix), 'expected another name: EKS keeps groups that begin so for itself')
    .default('firebreak'),
  tags: z.record(z.string().min(1).max(128), Tag).default({}),
  consoleUrl: z.url('expected a URL such as https://firebreak.example.com').optional(),
  linksUrl: z.url('expected a URL such as https://pages.example.com').optional(),
  operators: z.array(Email).default([]),
  pagerduty: PagerdutySettings.optional(),
  /** By system: the settings of its `system.ts`, and beside them `contacts`, who has which role, and `businessHours`. */
  systems: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  vpc: z
    .strictObject({
      id: of('vpc'),
      subnetIds: z.array(of('subnet')).min(1, 'expected one subnet at least, with a way to the AWS APIs'),
      securityGroupIds: z.array(of('sg')).min(1).optional(),
    })
    .optional(),
  encryptTopics: z.boolean().default(false),
  environment: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]+$/, 'expected the name of an environment variable'), z.string())
    .default({}),
});

/** What a deployment knows of one of its systems. Nobody has a role that none was given for: a placeholder must not get mail. */
export interface DeployedSystem extends People {
  /** All of them: what was not given has the placeholder of `system.ts`. */
  settings: HostedSettings;
  /** The names of the settings that were given. The others are placeholders: nobody's hosts, and nobody's addresses. */
  given: ReadonlySet<string>;
}

/** Everything that differs between one deployment and another. */
export interface Deployment {
  prefix: string;
  tags: Readonly<Record<string, string>>;
  consoleUrl?: string | undefined;
  /** Where the links in pages lead, where that is not the HTTP API's own address: a domain that is mapped to it. */
  linksUrl?: string | undefined;
  /** Who hears of Firebreak itself. */
  operators: readonly string[];
  pagerduty?: PagerdutySettings | undefined;
  /** Every registered system. */
  systems: Readonly<Record<string, DeployedSystem>>;
  vpc?: { id: string; subnetIds: string[]; securityGroupIds?: string[] | undefined } | undefined;
  /** Whether topics are encrypted with a key of the deployment's own. */
  encryptTopics: boolean;
  /** What is added to every function's environment: a proxy, an emulator's endpoints. */
  environment: Readonly<Record<string, string>>;
}

/**
 * Reads what a deployment is given, all of it optional.
 *
 * @param given parsed JSON, as `firebreak.example.json` shows it
 * @param where what the faults begin with: the file's name
 * @throws {Error} with one line a fault: which field, and what was expected there
 */
export function deployment(given: unknown, systems: readonly System[], where = 'firebreak.json'): Deployment {
  const read = Given.safeParse(given);
  if (!read.success) throw new Error(faultsOf(where, '', read.error.issues).join('\n'));
  const { $comment: _forPeople, systems: perSystem, ...rest } = read.data;
  const known = systems.map(({ id }) => id);
  const faults = [
    ...Object.keys(perSystem)
      .filter((id) => !known.includes(id))
      .map((id) => `${where}: systems.${id}: there is no such system; expected ${known.join(', ')}`),
    ...known
      .filter((id) => mixed(rest.prefix, id))
      .map(
        (id) =>
          `${where}: prefix: expected a name that no alarm of ${id} begins with, because alarms called ${rest.prefix}-* are Firebreak's own`,
      ),
    ...environmentFaults(rest.environment).map((fault) => `${where}: ${fault}`),
  ];
  const deployed = systems.map((system) => [system.id, ofSystem(where, system, perSystem[system.id] ?? {}, faults)] as const);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { ...rest, systems: Object.fromEntries(deployed) };
}

/** The settings of each system, as a function's configuration takes them. */
export function settingsOf({ systems }: Pick<Deployment, 'systems'>): Record<string, HostedSettings> {
  return Object.fromEntries(Object.entries(systems).map(([id, { settings }]) => [id, settings]));
}

/** The people of each system, as a function's configuration takes them. */
export function givenPeopleOf({ systems }: Pick<Deployment, 'systems'>): Record<string, GivenPeople> {
  return Object.fromEntries(Object.entries(systems).map(([id, people]) => [id, givenPeople(people)]));
}

function ofSystem(where: string, system: System, given: Record<string, unknown>, faults: string[]): DeployedSystem {
  const { contacts, businessHours, ...settings } = given;
  const at = `systems.${system.id}.`;
  const people = peopleOf(system).safeParse({ contacts, businessHours });
  if (!people.success) faults.push(...faultsOf(where, at, people.error.issues));
  const read = strict(system.settings).safeParse(settings);
  if (!read.success) faults.push(...faultsOf(where, at, read.error.issues));
  return {
    settings: read.success ? read.data : { hosts: [], hostTag: '' },
    given: new Set(Object.keys(settings)),
    ...(people.success ? people.data : peopleOf(system).parse({})),
  };
}

/** A misspelt setting would leave its placeholder in force, and nobody would know. */
function strict(schema: z.ZodType<HostedSettings>): z.ZodType<HostedSettings> {
  return schema instanceof z.ZodObject ? (schema.strict() as unknown as z.ZodType<HostedSettings>) : schema;
}

/** Whether some alarm's name could belong to both. */
function mixed(prefix: string, system: string): boolean {
  return `${system}-`.startsWith(`${prefix}-`) || `${prefix}-`.startsWith(`${system}-`);
}

function environmentFaults(environment: Readonly<Record<string, string>>): string[] {
  const bytes = new TextEncoder().encode(JSON.stringify(environment)).length;
  return [
    ...Object.keys(environment)
      .filter((name) => RESERVED.test(name))
      .map((name) => `environment.${name}: expected another name: this one is Lambda's or Firebreak's own`),
    ...(bytes > MOST_ENVIRONMENT_BYTES ? [`environment: expected ${MOST_ENVIRONMENT_BYTES} bytes at most, got ${bytes}`] : []),
  ];
}

function faultsOf(where: string, prefix: string, issues: readonly z.core.$ZodIssue[]): string[] {
  return faultsIn(issues).map(({ path, message }) => {
    const field = `${prefix}${path.join('.')}`.replace(/\.$/, '');
    return `${where}: ${field || 'the whole'}: ${message}`;
  });
}
