import { readFileSync } from 'node:fs';
import { allowedPattern, type HostCommand } from '../language/command.ts';

/** What a document is made of: everything of a command but the way to call it. */
export type DocumentedCommand = Pick<HostCommand, 'name' | 'title' | 'safety' | 'script' | 'parameters' | 'timeoutSeconds'>;

/** A document of Systems Manager, schema 2.2, as far as host commands need it. */
export interface DocumentContent {
  schemaVersion: '2.2';
  description: string;
  parameters: Record<string, DocumentParameter>;
  mainSteps: [{ action: 'aws:runShellScript'; name: string; inputs: { timeoutSeconds: number; runCommand: string[] } }];
}
export interface DocumentParameter {
  type: 'String';
  description: string;
  allowedPattern: string;
  /** The value arrives in the variable `SSM_<name>` and is never script text. From agent 3.3.2746.0 on. */
  interpolationType: 'ENV_VAR';
}

/** The wrapper's own parameters, beside those of the command. */
const WRAPPER_PARAMETERS: Record<string, { description: string; allowedPattern: string }> = {
  key: { description: 'The step: an act is done once for each key', allowedPattern: '^[A-Za-z0-9._-]{1,200}$' },
  notAfter: { description: 'Refuses to begin after this time, in seconds since 1970', allowedPattern: '^[0-9]{1,12}$' },
};

/**
 * The whole script of a command: shebang, wrapper, the command's own script as a function, and one line that runs it.
 * Nothing runs before the last line is read, and then without standard input, so that no tool can eat the script.
 */
export function scriptOf(command: Pick<HostCommand, 'name' | 'safety' | 'script'>): string {
  const run = command.safety === 'observe' ? 'look' : 'act';
  return [
    '#!/usr/bin/env bash',
    source('wrapper.sh'),
    'command_body() {',
    command.script ?? source(`${command.name}.sh`),
    '}',
    `${run} </dev/null`,
    '',
  ].join('\n');
}

/**
 * The content of the command's document.
 * @throws {Error} when a parameter has the name of one of the wrapper's own
 */
export function documentContent(command: DocumentedCommand): DocumentContent {
  const own = Object.entries(command.parameters.shape).map(([name, schema]) => {
    if (name in WRAPPER_PARAMETERS) throw new Error(`command ${command.name}: "${name}" is a parameter of the wrapper`);
    const pattern = allowedPattern(`${command.name}.${name}`, schema);
    return [name, parameter(schema.description ?? name, pattern)] as const;
  });
  const wrapper = Object.entries(WRAPPER_PARAMETERS).map(
    ([name, { description, allowedPattern }]) => [name, parameter(description, allowedPattern)] as const,
  );
  const inputs = { timeoutSeconds: command.timeoutSeconds, runCommand: scriptOf(command).split('\n') };
  return {
    schemaVersion: '2.2',
    description: `${command.title} (${command.safety})`,
    parameters: Object.fromEntries([...own, ...wrapper]),
    mainSteps: [{ action: 'aws:runShellScript', name: command.name.replaceAll('-', '_'), inputs }],
  };
}

function parameter(description: string, pattern: string): DocumentParameter {
  return { type: 'String', description, allowedPattern: pattern, interpolationType: 'ENV_VAR' };
}

const sources = new Map<string, string>();

/** A script's text, with the parts that it names (`. parts/stack.sh`) put in their place. The only reader of these files. */
function source(file: string): string {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
    .replace(/^\. (parts\/[a-z-]+\.sh)$/gm, (_, part: string) => source(part))
    .trimEnd();
  sources.set(file, text);
  return text;
}
