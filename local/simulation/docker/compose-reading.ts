import type { Erring } from '../error-pattern.ts';
import type { Container } from '../host/host-state.ts';
import type { ShimAnswer } from '../host/rpc.ts';
import type { Command } from './command.ts';
import { logs } from './container-commands.ts';
import type { DockerEngine } from './engine.ts';
import { exec } from './exec.ts';
import { failed, ok, readFlags, UsageError } from './flags.ts';
import { composeYaml, type ServiceSpec } from './services.ts';

/** What Compose needs to know of the place it was called in. */
export interface ComposePlace {
  cwd: string;
  /** Whether a file is there, by its path on the host. */
  exists(path: string): boolean;
  /** What a file says; `undefined` when it is not there. */
  read(path: string): string | undefined;
  erring(): Erring[];
}

/** One verb of Compose. `ours`: whether the project asked for is the one that the host has. */
export type Verb = (
  engine: DockerEngine,
  args: string[],
  place: ComposePlace & { ours: boolean; overrides: Overrides },
) => ShimAnswer;

/** Commands that further files give to services. */
export type Overrides = Record<string, string[] | undefined>;

/** The services named, or all of them. @throws {UsageError} for one that the file does not have */
export function chosen(engine: DockerEngine, names: string[]): ServiceSpec[] {
  const unknown = names.find((name) => !engine.parts.services.some(({ service }) => service === name));
  if (unknown !== undefined) throw new UsageError(`no such service: ${unknown}`);
  return engine.parts.services.filter(({ service }) => names.length === 0 || names.includes(service));
}

export const existing = (engine: DockerEngine, specs: ServiceSpec[]): Container[] =>
  specs.flatMap(({ service }) => engine.state.containers.filter((container) => container.service === service));

/** `compose config`, in the forms in which scripts read a compose file. */
export const config: Verb = (engine, args, { overrides }) => {
  const flags = readFlags(
    args,
    ['hash', 'format', 'output|o'],
    ['services', 'images', 'volumes', 'quiet|q', 'profiles', 'no-interpolate', 'environment'],
  );
  const { services, settings } = engine.parts;
  if (flags.has('quiet')) return ok();
  const hash = flags.value('hash');
  if (hash !== undefined) {
    const asked = chosen(engine, hash === '*' ? [] : hash.split(','));
    return ok(
      asked
        .map((spec) => `${spec.service} ${engine.configHash(spec, overrides[spec.service])}`)
        .sort()
        .join('\n'),
    );
  }
  if (flags.has('services'))
    return ok(
      chosen(engine, flags.words)
        .map(({ service }) => service)
        .join('\n'),
    );
  if (flags.has('images'))
    return ok(
      chosen(engine, flags.words)
        .map(({ image }) => image)
        .join('\n'),
    );
  const volumes = services.flatMap((spec) => Object.values(spec.volumes));
  const plain = (name: string) => name.replace(`${settings.composeProject}_`, '');
  if (flags.has('volumes')) return ok(volumes.map(plain).join('\n'));
  if (flags.value('format') === 'json') {
    const described = services.map((spec) => [
      spec.service,
      { image: spec.image, container_name: spec.container, command: null },
    ]);
    const named = volumes.map((name) => [plain(name), { name }]);
    return ok(
      JSON.stringify(
        { name: settings.composeProject, services: Object.fromEntries(described), volumes: Object.fromEntries(named) },
        null,
        2,
      ),
    );
  }
  return ok(composeYaml(services, settings.composeProject));
};

export const composeLogs: Verb = (engine, args, place) => {
  const flags = readFlags(args, ['tail|n', 'since', 'until'], ['timestamps|t', 'no-color', 'no-log-prefix', 'follow|f']);
  const passed = ['tail', 'since'].flatMap((name) => (flags.has(name) ? [`--${name}=${flags.value(name)}`] : []));
  const read: Command = logs(place.erring);
  const parts = existing(engine, chosen(engine, flags.words)).map((container) => {
    const { stdout, stderr } = read(engine, [...passed, ...(flags.has('follow') ? ['--follow'] : []), container.id]);
    const prefix = flags.has('no-log-prefix') ? '' : `${container.name}  | `;
    return `${stdout}${stderr}`.replace(/^(?=.)/gm, prefix);
  });
  return ok(parts.join(''));
};

export const composeExec: Verb = (engine, args) => {
  const flags = readFlags(
    args,
    ['user|u', 'env|e', 'workdir|w', 'index'],
    ['no-TTY|T', 'detach|d', 'interactive|i', 'privileged'],
    true,
  );
  const [service = '', ...command] = flags.words;
  const [container] = existing(engine, chosen(engine, [service]));
  if (container?.state !== 'running') return failed(`service "${service}" is not running`);
  return exec('')(engine, [container.id, ...command]);
};
