import fc from 'fast-check';
import * as z from 'zod';
import type { HostCommand } from '../../../runbooks/language/command.ts';
import { commandsOf } from '../../../runbooks/language/commands-of.ts';
import type { Given, Look, Runbook } from '../../../runbooks/language/definition.ts';
import { registry } from '../../../runbooks/registry.ts';

/** Every command that is deployed: one that is added has its turn without a word here. */
export const COMMANDS = [...commandsOf(registry).values()];

/** What the runbooks' looks would send to a host of theirs, by command, and all of it together by the parameters' names. */
const looked = registry.runbooks.flatMap((runbook) =>
  [...runbook.looks, ...(runbook.verify?.looks ?? [])].flatMap((look) => given(runbook, look)),
);
const sent = new Map(looked);
const seen: Given = Object.assign({}, ...looked.map(([, parameters]) => parameters));

function given(runbook: Runbook, look: Look): [string, Given][] {
  if (look.kind !== 'host') return [];
  return [[look.command.name, look.with(runbook.parameters.parse({}), runbook.system.settings.parse({}))]];
}

/** What fits an act better than any value that its type allows: something that there is on a well host. */
const LIKELY: Given = {
  services: ['backend'],
  service: 'backend',
  container: 'sira_backend_prod',
  containers: ['sira_backend_prod'],
  paths: ['/srv/sira', '/backups'],
  tools: ['docker', 'gzip'],
};

/**
 * Values that the command takes: as a runbook's look sends them, else as another command takes a parameter of that name, else
 * some that its type allows, the same at each run.
 */
export function legalParameters(command: HostCommand): Record<string, Taken> {
  const own = sent.get(command.name) ?? {};
  const chosen = Object.entries(command.parameters.shape).map(([name, schema]) => {
    const candidates = [own[name], LIKELY[name], seen[name], undefined, ...samples(schema)];
    const fitting = candidates.find((value) => schema.safeParse(value).success);
    return [name, fitting] as const;
  });
  return command(Object.fromEntries(chosen)).parameters;
}
type Taken = ReturnType<HostCommand>['parameters'][string];

interface Shape {
  type?: string;
  pattern?: string;
  minimum?: number;
  enum?: string[];
  items?: Shape;
}

/** A type as JSON Schema says it: what it takes, without its default. */
export function shapeOf(schema: z.ZodType): Shape & { maxItems?: number } {
  return z.toJSONSchema(schema, { io: 'input' }) as Shape;
}

function samples(schema: z.ZodType): unknown[] {
  return fc.sample(valuesOf(shapeOf(schema)), { seed: 3, numRuns: 20 });
}

function valuesOf(shape: Shape): fc.Arbitrary<unknown> {
  if (shape.enum) return fc.constantFrom(...shape.enum);
  if (shape.type === 'integer') return fc.constant(Math.max(1, shape.minimum ?? 1));
  if (shape.type === 'boolean') return fc.constant(true);
  if (shape.type === 'array') return fc.array(valuesOf(shape.items ?? {}), { minLength: 1, maxLength: 1 });
  return fc.stringMatching(new RegExp(shape.pattern ?? '^[a-z]{1,9}$'), { size: 'small' });
}
