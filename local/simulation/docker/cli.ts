import type { ShimAnswer } from '../host/rpc.ts';
import type { Command } from './command.ts';
import { compose } from './compose.ts';
import type { ComposePlace } from './compose-reading.ts';
import { inspect, lifecycle, logs, ps, remove, restarted, stats, top } from './container-commands.ts';
import type { DockerEngine } from './engine.ts';
import { exec } from './exec.ts';
import { failed, ok, readFlags, UsageError } from './flags.ts';
import type { Row } from './format.ts';
import { imageInspect, imageRemove, images } from './image-commands.ts';
import { execScratch, inspectScratch, psScratch, removeScratch, run } from './scratch.ts';
import { builderPrune, buildxDu, systemDf, volumeInspect, volumeRemove, volumes } from './store-commands.ts';
import { render, TemplateError } from './templates.ts';

export interface DockerCall extends ComposePlace {
  /** `docker` or `docker-compose`. */
  tool: string;
  args: string[];
  /** What it read from its standard input. */
  input: string;
  /** Told of every invocation that the simulation does not know, so that it is not mistaken for a fault of the host. */
  unknown(line: string): void;
}

/** Answers one `docker` command line as the daemon's client would. */
export function docker(engine: DockerEngine, call: DockerCall): ShimAnswer {
  try {
    if (call.tool === 'docker-compose') return compose(engine, call.args, call);
    const args = withoutGlobals(call.args);
    if (args[0] === 'compose') return compose(engine, args.slice(1), call);
    const commands = table(call);
    const two = commands[`${args[0]} ${args[1]}`];
    if (two) return two(engine, args.slice(2));
    const one = commands[args[0] ?? ''];
    if (one) return one(engine, args.slice(1));
    call.unknown([call.tool, ...call.args].join(' '));
    return failed(`docker: '${args[0] ?? ''}' is not a docker command.\nSee 'docker --help'`);
  } catch (error) {
    if (error instanceof TemplateError) return failed(error.message, 1);
    if (error instanceof UsageError) {
      call.unknown(`${[call.tool, ...call.args].join(' ')}: ${error.message}`);
      return failed(`${error.message}\nSee 'docker --help'.\n\nUsage:  docker [OPTIONS] COMMAND`, error.exitCode);
    }
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function withoutGlobals(args: string[]): string[] {
  return readFlags(args, ['host|H', 'context|c', 'log-level|l', 'config'], ['debug|D', 'version|v'], true).words;
}

const information =
  (facts: (engine: DockerEngine) => Row, plain: (row: Row) => string): Command =>
  (engine, args) => {
    const format = readFlags(args, ['format|f'], []).value('format');
    const row = facts(engine);
    if (format === 'json') return ok(JSON.stringify(row));
    return ok(format === undefined ? plain(row) : render(format, row));
  };

const info = information(
  (engine) => ({
    Containers: engine.state.containers.length,
    ContainersRunning: engine.state.containers.filter(({ state }) => state === 'running').length,
    Images: engine.state.images.length,
    Driver: 'overlay2',
    DockerRootDir: '/var/lib/docker',
    ServerVersion: VERSION,
    Name: engine.parts.hostname,
    NCPU: 2,
    MemTotal: 8_323_072_000,
    LoggingDriver: 'json-file',
    OperatingSystem: 'Amazon Linux 2023',
  }),
  (row) =>
    Object.entries(row)
      .map(([name, value]) => ` ${name}: ${value}`)
      .join('\n'),
);

const VERSION = '27.3.1';
const version = information(
  () => ({ Client: { Version: VERSION, ApiVersion: '1.47' }, Server: { Version: VERSION, ApiVersion: '1.47' } }),
  () => `Client:\n Version:    ${VERSION}\n\nServer:\n Engine:\n  Version:  ${VERSION}`,
);

function table({ erring, input }: Pick<DockerCall, 'erring' | 'input'>): Record<string, Command | undefined> {
  const stop = lifecycle((engine, container) => engine.stop(container));
  const start = lifecycle((engine, container) => engine.start(container));
  const kill = lifecycle((engine, container) => engine.end(container, 137));
  const containers: Record<string, Command> = {
    inspect: inspectScratch(inspect),
    logs: logs(erring),
    stats,
    top,
    stop,
    start,
    kill,
    exec: execScratch(input, exec(input)),
    rm: removeScratch(remove),
    run,
    restart: lifecycle(restarted),
  };
  return {
    ps: psScratch(ps),
    ...containers,
    ...Object.fromEntries(Object.entries(containers).map(([name, command]) => [`container ${name}`, command])),
    'container ls': ps,
    'container ps': ps,
    images,
    'image ls': images,
    'image inspect': imageInspect,
    'image rm': imageRemove,
    rmi: imageRemove,
    'volume ls': volumes,
    'volume inspect': volumeInspect,
    'volume rm': volumeRemove,
    'system df': systemDf,
    'builder prune': builderPrune,
    'buildx prune': builderPrune,
    'buildx du': buildxDu,
    info,
    'system info': info,
    version,
  };
}
