import type { Scratch } from '../host/host-state.ts';
import type { Command } from './command.ts';
import { dumpTables } from './dump-text.ts';
import type { DockerEngine } from './engine.ts';
import { failed, ok, readFlags } from './flags.ts';
import { render } from './templates.ts';

/**
 * Containers that are no service's: what `docker run` makes of an image that is there. Left out: they are in no list but one that
 * asks for their label, live until they are removed, and of their programs only those of the restore test are known.
 */
export const run: Command = (engine, args) => {
  const flags = readFlags(
    args,
    [
      ...['name', 'label|l', 'pull', 'network', 'memory|m', 'memory-swap', 'cpu-shares', 'pids-limit', 'cap-drop', 'cap-add'],
      ...['security-opt', 'log-driver', 'volume|v', 'entrypoint', 'env|e', 'user|u'],
    ],
    ['rm', 'interactive|i', 'detach|d', 'init'],
    true,
  );
  const [reference = ''] = flags.words;
  const image = engine.state.images.find(({ id, tags }) => id === reference || tags.includes(reference));
  if (!image) return failed(`docker: Error response from daemon: No such image: ${reference}`, 125);
  const name = flags.value('name') ?? engine.newId('name').slice(0, 12);
  if (engine.find(name) || scratch(engine, name))
    return failed(`docker: Error response from daemon: Conflict. The container name "/${name}" is already in use`, 125);
  const labels = Object.fromEntries(flags.values('label').map((label) => label.split(/=(.*)/s).slice(0, 2)));
  const id = engine.newId('scratch');
  engine.state.scratch.push({ id, name, image: image.id, labels, tables: {} });
  engine.parts.changed();
  return ok(flags.has('detach') ? id : '');
};

const scratch = (engine: DockerEngine, reference: string): Scratch | undefined =>
  engine.state.scratch.find(({ id, name }) => name === reference || id === reference);

/** `docker ps` with a filter for a label that only such containers have. */
export const psScratch =
  (otherwise: Command): Command =>
  (engine, args) => {
    const flags = readFlags(args, ['filter|f', 'format', 'last|n'], ['all|a', 'quiet|q', 'no-trunc', 'size|s', 'latest|l']);
    const labels = flags.values('filter').flatMap((filter) => filter.match(/^label=(firebreak\.[^=]+)=(.*)$/)?.slice(1, 3) ?? []);
    const [key, value] = labels;
    if (key === undefined) return otherwise(engine, args);
    return ok(
      engine.state.scratch
        .filter((one) => one.labels[key] === value)
        .map(({ id }) => id)
        .join('\n'),
    );
  };

export const inspectScratch =
  (otherwise: Command): Command =>
  (engine, args) => {
    const flags = readFlags(args, ['format|f', 'type'], ['size|s']);
    const found = scratch(engine, flags.words[0] ?? '');
    if (!found) return otherwise(engine, args);
    const row = { Id: found.id, Name: `/${found.name}`, Image: found.image, State: { Status: 'running', Running: true } };
    return ok(render(flags.value('format') ?? '{{json .}}', row));
  };

export const removeScratch =
  (otherwise: Command): Command =>
  (engine, args) => {
    const flags = readFlags(args, [], ['force|f', 'volumes|v', 'link|l']);
    const ours = flags.words.filter((name) => scratch(engine, name));
    if (ours.length === 0) return otherwise(engine, args);
    engine.state.scratch = engine.state.scratch.filter(({ id, name }) => !ours.includes(id) && !ours.includes(name));
    engine.parts.changed();
    return ok(ours.join('\n'));
  };

/** `docker exec ... sh -c <program> <its name> ...`: the restore test's four programs, by their names. */
export const execScratch =
  (input: string, otherwise: Command): Command =>
  (engine, args) => {
    const flags = readFlags(args, ['user|u', 'env|e', 'workdir|w'], ['interactive|i', 'tty|t', 'detach|d'], true);
    const [name = '', , , , program] = flags.words;
    const found = scratch(engine, name);
    if (!found) return otherwise(engine, args);
    if (program === 'prepare' || program === 'begin') return ok();
    if (program === 'load') {
      found.tables = dumpTables(input);
      return ok();
    }
    if (program === 'count') return ok(counts(found, engine.parts.backups().losesRows ?? false, input).join('\n'));
    return failed(`sh: ${program}: not found`, 127);
  };

/** Answers `SELECT <n>, count(*) FROM [ONLY] <table>`, a line each; a table that is not there has no answer. */
function counts({ tables }: Scratch, losesRows: boolean, sql: string): string[] {
  const asked = [...sql.matchAll(/SELECT (\d+), count\(\*\) FROM (?:ONLY )?(?:public\.)?"?(\w+)"?/g)];
  return asked.flatMap(([, number = '', table = '']) => {
    if (table === 'pg_class') return [`${number}|${Object.keys(tables).length}`];
    const rows = tables[table];
    return rows === undefined ? [] : [`${number}|${losesRows ? Math.floor(rows / 2) : rows}`];
  });
}
