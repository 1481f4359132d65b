import { added } from './lists.ts';
import { NewError, type Wanted } from './wanted.ts';
import { filled, importedAs, type Words, wordsOf } from './words.ts';

/** The repository, as far as it is looked at. */
export interface House {
  /** `undefined` where there is no such file. */
  read(path: string): string | undefined;
  /** A template by its name. */
  template(name: string): string;
  isFolder(path: string): boolean;
  /** The systems that are registered, each with the role that is paged first. */
  systems: readonly { id: string; firstResponder: string }[];
}

/** Files by path: those that are new, and those that get something more. */
export interface Made {
  written: ReadonlyMap<string, string>;
  changed: ReadonlyMap<string, string>;
  /** Whether the system is new, too. */
  system: boolean;
}

const REGISTRY = 'runbooks/registry.ts';
const SIMULATED = 'local/simulation/further.ts';
const ALERTS = 'docs/alerts/README.md';

/**
 * All that begins a runbook: of a system that there is, the runbook alone; otherwise the system, too, with its alerts' rules and
 * its host in local mode. Nothing is written here.
 *
 * @throws {NewError} where a file is there already, or one that must be changed does not look as it should
 */
export function made(wanted: Wanted, house: House): Made {
  const { system, runbook } = wanted;
  const there = house.systems.find(({ id }) => id === system);
  if (!there && house.isFolder(`runbooks/${system}`))
    throw new NewError(`system: runbooks/${system} is there and is no system of ${REGISTRY}: choose another name`);
  const registry = text(house, REGISTRY);
  const words = wordsOf(wanted, there && { identifier: identifierOf(system, registry), owner: there.firstResponder });
  const files = there ? [['further-runbook.ts', `runbooks/${system}/${runbook}.ts`] as const] : newSystem(wanted);
  const written = new Map(files.map(([template, path]) => [path, filled(house.template(template), words)]));
  for (const path of written.keys())
    if (house.read(path) !== undefined) throw new NewError(`${path} is there already, and nothing is overwritten`);
  const more = there ? [] : changedBySystem(words, house);
  return { written, changed: new Map([[REGISTRY, registryWith(wanted, words, registry, !there)], ...more]), system: !there };
}

const newSystem = ({ system, runbook }: Wanted) =>
  [
    ['system.ts', `runbooks/${system}/system.ts`],
    ['ladders.ts', `runbooks/${system}/ladders.ts`],
    ['services.ts', `runbooks/${system}/services.ts`],
    ['first-runbook.ts', `runbooks/${system}/${runbook}.ts`],
    ['services.test.ts', `test/runbooks/${system}/services.test.ts`],
    ['simulation.ts', `local/simulation/systems/${system}.ts`],
    ['rules.yml', `docs/alerts/${system}.rules.yml`],
    ['rules.test.yml', `docs/alerts/${system}.rules.test.yml`],
  ] as const;

function registryWith(wanted: Wanted, { system, identifier, runbook }: Words, registry: string, systemToo: boolean): string {
  const name = importedAs(wanted, registry);
  const list = 'export const runbooks: readonly Runbook[] = [';
  const from = `./${system}/${runbook}.ts`;
  const withRunbook = added(registry, { file: REGISTRY, list, element: name, imported: name, from });
  if (!systemToo) return withRunbook;
  return added(withRunbook, {
    file: REGISTRY,
    list: 'export const systems: readonly System[] = [',
    element: `registered(${identifier})`,
    imported: `{ ${identifier} }`,
    from: `./${system}/system.ts`,
  });
}

function changedBySystem(words: Words, house: House): [string, string][] {
  const simulated = added(text(house, SIMULATED), {
    file: SIMULATED,
    list: 'export const further: readonly SimulatedSystem[] = [',
    element: `${words.identifier}Host`,
    imported: `{ ${words.identifier}Host }`,
    from: `./systems/${words.system}.ts`,
  });
  return [
    [SIMULATED, simulated],
    [ALERTS, text(house, ALERTS) + filled(house.template('alerts.md'), words)],
  ];
}

function identifierOf(system: string, registry: string): string {
  const [, found] = new RegExp(`^import \\{ (\\w+) \\} from './${system}/system\\.ts';$`, 'm').exec(registry) ?? [];
  if (!found) throw new NewError(`${REGISTRY}: expected import { … } from './${system}/system.ts'; on a line of its own`);
  return found;
}

function text(house: House, path: string): string {
  const found = house.read(path);
  if (found === undefined) throw new NewError(`expected ${path}: call this in the folder of the repository`);
  return found;
}
