import { posix } from 'node:path';
import * as z from 'zod';
import type { Container } from '../host/host-state.ts';
import type { ShimAnswer } from '../host/rpc.ts';
import {
  type ComposePlace,
  chosen,
  composeExec,
  composeLogs,
  config,
  existing,
  type Overrides,
  type Verb,
} from './compose-reading.ts';
import { restarted } from './container-commands.ts';
import type { DockerEngine } from './engine.ts';
import { type Flags, failed, ok, readFlags, UsageError } from './flags.ts';
import { list, type Row, spokenAge } from './format.ts';
import { composeLabels, status } from './views.ts';

/**
 * `docker compose` and `docker-compose`, of the one project that a host has.
 * Left out: profiles, scaling, building and pulling. Of several files the first is the system's, and those behind it may give a
 * service another command; they are read where they are JSON.
 */
export function compose(engine: DockerEngine, args: string[], place: ComposePlace): ShimAnswer {
  const [at, globals] = globalFlags(args);
  const [verb, ...rest] = args.slice(at);
  if (verb === 'version' || globals.has('version'))
    return ok(rest.includes('--short') ? '2.29.7' : 'Docker Compose version v2.29.7');
  const command = verb === undefined ? undefined : VERBS[verb];
  if (!command) return failed(`unknown docker command: "compose ${verb ?? ''}"`);
  const missing = fileMissing(engine, globals, place);
  if (missing !== undefined) return failed(missing, 14);
  const project = globals.value('project-name') ?? engine.parts.settings.composeProject;
  engine.settle();
  const overrides = overriding(globals, place);
  return command(engine, rest, { ...place, ours: project === engine.parts.settings.composeProject, overrides });
}

/** Reads the flags before the verb; returns where the verb stands. */
function globalFlags(args: string[]): [number, Flags] {
  const valued = ['file|f', 'project-name|p', 'project-directory', 'env-file', 'ansi', 'progress', 'profile', 'parallel'];
  const flags = readFlags(args, valued, ['compatibility', 'dry-run', 'version|v', 'verbose'], true);
  return [args.length - flags.words.length, flags];
}

const Override = z.object({ services: z.record(z.string(), z.object({ command: z.array(z.string()) })) });

function overriding(globals: Flags, { cwd, read }: ComposePlace): Overrides {
  const files = globals.values('file').slice(1);
  const found = files.map((file) => {
    const text = (read(posix.resolve(cwd, file)) ?? '').replace(/^#.*$/gm, '');
    return Override.parse(JSON.parse(text)).services;
  });
  return Object.fromEntries(
    found.flatMap((services) => Object.entries(services).map(([service, { command }]) => [service, command] as const)),
  );
}

function fileMissing(engine: DockerEngine, globals: Flags, { cwd, exists }: ComposePlace): string | undefined {
  const given = globals.values('file').map((file) => posix.resolve(cwd, file));
  const gone = given.find((path) => !exists(path));
  if (gone !== undefined) return `open ${gone}: no such file or directory`;
  if (given.length > 0) return undefined;
  if (globals.value('project-name') === engine.parts.settings.composeProject) return undefined;
  const folder = posix.resolve(cwd, globals.value('project-directory') ?? '.');
  const usual = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
  return usual.some((name) => exists(posix.join(folder, name))) ? undefined : 'no configuration file provided: not found';
}

const ps: Verb = (engine, args, { ours }) => {
  const flags = readFlags(args, ['format', 'filter', 'status'], ['all|a', 'quiet|q', 'services', 'no-trunc', 'orphans']);
  const wanted = [...flags.values('status'), ...flags.values('filter').map((filter) => filter.replace('status=', ''))];
  const containers = (ours ? existing(engine, chosen(engine, flags.words)) : []).filter(({ state }) =>
    wanted.length > 0 ? wanted.includes(state) : flags.has('all') || state === 'running',
  );
  if (flags.has('quiet')) return ok(containers.map(({ id }) => id).join('\n'));
  if (flags.has('services')) return ok(containers.map(({ service }) => service).join('\n'));
  const columns = {
    NAME: 'Name',
    IMAGE: 'Image',
    COMMAND: 'Command',
    SERVICE: 'Service',
    CREATED: 'RunningFor',
    STATUS: 'Status',
    PORTS: 'Ports',
  };
  return ok(
    list(
      containers.map((container) => row(engine, container)),
      flags.value('format'),
      columns,
    ),
  );
};

function row(engine: DockerEngine, container: Container): Row {
  const spec = engine.spec(container);
  const running = container.state === 'running';
  const publishers = running
    ? spec.published.map((port) => ({ URL: '0.0.0.0', TargetPort: port, PublishedPort: port, Protocol: 'tcp' }))
    : [];
  return {
    Command: `"${spec.command.join(' ').slice(0, 20)}…"`,
    CreatedAt: container.createdAt,
    ExitCode: container.exitCode,
    Health: engine.health(container) && running ? engine.health(container) : '',
    ID: container.id,
    Image: container.image,
    Labels: Object.entries(composeLabels(engine, container))
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    Name: container.name,
    Names: container.name,
    Ports: publishers.map(({ PublishedPort: port }) => `0.0.0.0:${port}->${port}/tcp`).join(', '),
    Project: engine.parts.settings.composeProject,
    Publishers: publishers,
    RunningFor: `${spokenAge(engine.now() - Date.parse(container.createdAt))} ago`,
    Service: container.service,
    State: container.state,
    Status: status(engine, container),
  };
}

/** Restart, stop, start and kill tell of each container on standard error, as Compose does. */
const lifecycle =
  (done: string, act: (engine: DockerEngine, container: Container) => void): Verb =>
  (engine, args) => {
    const flags = readFlags(args, ['timeout|t', 'signal|s'], ['no-deps', 'remove-orphans']);
    const containers = existing(engine, chosen(engine, flags.words));
    if (containers.length === 0) return failed('no container to start');
    for (const container of containers) act(engine, container);
    return { exitCode: 0, stdout: '', stderr: containers.map(({ name }) => ` Container ${name}  ${done}\n`).join('') };
  };

/** Creates what is missing, makes anew what has another configuration, starts what stands still. */
const up: Verb = (engine, args, { overrides }) => {
  const switches = [
    'detach|d',
    'no-deps',
    'no-recreate',
    'force-recreate',
    'wait',
    'remove-orphans',
    'no-build',
    'quiet-pull',
    'no-start',
  ];
  const flags = readFlags(args, ['timeout|t', 'pull', 'wait-timeout', 'scale'], switches);
  if (!flags.has('detach') && !flags.has('wait')) throw new UsageError('staying attached is not simulated: use --detach');
  const named = chosen(engine, flags.words);
  const needed = flags.has('no-deps')
    ? []
    : engine.parts.services.filter(({ key }) => named.some(({ needs }) => needs.includes(key)));
  const told = engine.parts.services
    .filter((spec) => named.includes(spec) || needed.includes(spec))
    .map((spec) => {
      const [old] = existing(engine, [spec]);
      const anew =
        old &&
        !flags.has('no-recreate') &&
        (old.configHash !== engine.configHash(spec, overrides[spec.service]) ||
          (flags.has('force-recreate') && named.includes(spec)));
      if (old && !anew) {
        const was = old.state;
        engine.start(old);
        return ` Container ${spec.container}  ${was === 'running' ? 'Running' : 'Started'}\n`;
      }
      if (old) {
        engine.stop(old);
        engine.remove(old);
      }
      const made = engine.create(spec, engine.now(), overrides[spec.service]);
      // What nginx answered before is still true after a new container took the old one's place.
      made.runs = old?.runs ?? [];
      engine.start(made);
      return ` Container ${spec.container}  ${old ? 'Recreated' : 'Created'}\n Container ${spec.container}  Started\n`;
    });
  return { exitCode: 0, stdout: '', stderr: told.join('') };
};

const down: Verb = (engine, args) => {
  const flags = readFlags(args, ['timeout|t', 'rmi'], ['volumes|v', 'remove-orphans']);
  if (flags.has('volumes') || flags.has('rmi'))
    throw new UsageError('compose down that removes volumes or images is not simulated');
  const containers = existing(engine, engine.parts.services);
  for (const container of containers) {
    engine.stop(container);
    engine.remove(container);
  }
  return { exitCode: 0, stdout: '', stderr: containers.map(({ name }) => ` Container ${name}  Removed\n`).join('') };
};

const VERBS: Record<string, Verb | undefined> = {
  ps,
  up,
  down,
  config,
  logs: composeLogs,
  exec: composeExec,
  restart: lifecycle('Started', restarted),
  stop: lifecycle('Stopped', (engine, container) => engine.stop(container)),
  start: lifecycle('Started', (engine, container) => engine.start(container)),
  kill: lifecycle('Killed', (engine, container) => engine.end(container, 137)),
};
