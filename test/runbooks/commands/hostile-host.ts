import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SIMULATED } from '../../../local/simulation/host/bin-folder.ts';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { type HostCommand, parameterText } from '../../../runbooks/language/command.ts';
import { environment } from '../../local/simulation/commands.ts';
import { host, openStage, type Stage, settings } from '../../local/simulation/stage.ts';

/** In the sandbox, and on this machine, should a script get out of it. */
const PLACES = (home: string) => [join(home, 'root', CANARY), CANARY];

/** How the tools on the host answer. */
export const WAYS = ['names', 'fields', 'numbers', 'some-numbers', 'lines', 'garbage', 'failing', 'silent'] as const;
export type Way = (typeof WAYS)[number];

/** On a real path of no host: a command that ran would make it in the sandbox, or here. */
const CANARY = `/tmp/canary-${process.pid}`;
// Without a blank, so that it stays one word; the index of a variable that there is, so that arithmetic would read it.
const RUN = `$(touch\${IFS}${CANARY})`;
export const ARITHMETIC = `PPID[${RUN}]`;
export const TEXT = `'"\`touch ${CANARY}\`${RUN};touch ${CANARY};\\{{ssm:x}}*`;

/** Bytes, since not all of it is UTF-8. */
const bytes = (text: string) => Buffer.from(text, 'latin1');
const SAID: Record<string, Buffer> = {
  names: bytes(`${TEXT}\x1b[2J\x1b]0;owned\x07\xff\xc3(\x01`),
  fields: bytes(`|${ARITHMETIC}|"},{"${RUN}":"`),
  numbers: bytes(ARITHMETIC),
  lines: bytes(
    [
      `{"containers":[],"logs":[],"filesystems":[],"files":0,"restarted":["${RUN}"]}`,
      '{"unfinished":"',
      TEXT,
      `${ARITHMETIC}|${ARITHMETIC}|${ARITHMETIC}|${ARITHMETIC}`,
      `-n ${ARITHMETIC} ${ARITHMETIC} ${ARITHMETIC} ${ARITHMETIC} ${ARITHMETIC} /${RUN}`,
      '\x1b[31mpassword\x1b[0m=hunter2\x1b]8;;https://evil\x1b\\ \xff\xfe\x80\xed\xa0\x80 \xe2\x80\xae',
      '',
      '--help',
      '..',
      '',
    ].join('\n'),
  ),
  megabyte: Buffer.concat([Buffer.alloc(1_048_576, 'x"|$'), bytes('\n')]),
};

/**
 * Adds a text to some names of a tool's answer, or puts it in place of some numbers. What is in between stays, and so do ids:
 * the next tool that is asked about one would only say that there is no such thing.
 */
const MUTATE = `
BEGIN { getline text < file }
{
  out = ""; rest = $0
  while (match(rest, /[A-Za-z0-9_]+/)) {
    out = out substr(rest, 1, RSTART - 1); token = substr(rest, RSTART, RLENGTH); rest = substr(rest, RSTART + RLENGTH)
    kind = token ~ /^[0-9]+$/ ? "number" : token ~ /^[0-9a-f]+$/ && length(token) >= 12 ? "id" : "name"
    hit = kind == of && ++count % every == 0
    out = out (hit && of == "number" ? "" : token) (hit ? text : "")
  }
  print out rest
}`;

/** Names that no well host has, in folders that the commands look through. All are past every retention. */
const FILES = [
  `sira_2026-01-01${TEXT.replaceAll('/', '_')}.sql.gz`,
  'sira_2026-01-02\nrm.sql.gz',
  'sira_\x1b[2J\xff\xc3.sql.gz',
  '-rf.log',
  '--help.log',
  `a${TEXT.replaceAll('/', '_')}.log`,
  'b\n{"files":0}\n.log.1',
  'c\x1b]0;owned\x07\xff.log.2.gz',
];

export interface HostileHost {
  stage: Stage;
  /** Runs a command as Systems Manager would, with values that no pattern has seen in place of legal ones. */
  run(command: HostCommand, legal: Parameters, hostile: { way?: Way; raw?: Record<string, string> }): Promise<Result>;
  /** Where something has been carried out that was only a text. */
  canaries(): string[];
  forget(): void;
}
type Parameters = ReturnType<HostCommand>['parameters'];
type Result = Awaited<ReturnType<Stage['run']>>;

/** A well simulated host, whose tools say what they are told to and whose folders hold what they are not meant to. */
export async function hostileHost(): Promise<HostileHost> {
  const stage = await openStage();
  const home = join(stage.folder, 'hosts', host.name);
  deceive(home);
  for (const folder of [...settings.logFolders, settings.backups.folder]) litter(join(home, 'root', folder), stage.clock.now());
  let keys = 0;
  return {
    stage,
    run: (command, legal, { way, raw = {} }) => {
      const call = { kind: 'host' as const, command, parameters: legal };
      const given = Object.fromEntries(Object.entries(raw).map(([name, value]) => [`SSM_${name}`, parameterText(value)]));
      const variables = { ...environment(stage, call, `hostile-${++keys}`), ...given, ...(way && { HOSTILE: way }) };
      return stage.run(scriptOf(command), variables);
    },
    forget: () => {
      for (const path of PLACES(home)) rmSync(path, { force: true });
    },
    canaries: () => PLACES(home).filter((path) => existsSync(path)),
  };
}

/** Puts the deceiver in front of every tool that the simulation answers. */
function deceive(home: string): void {
  const [bin, honest, hostile] = ['bin', 'honest', 'hostile'].map((name) => join(home, name)) as [string, string, string];
  mkdirSync(honest);
  mkdirSync(hostile);
  for (const [name, said] of Object.entries({ ...SAID, 'mutate.awk': MUTATE })) writeFileSync(join(hostile, name), said);
  const deceiver = `#!/bin/bash -p\n${readFileSync(new URL('hostile-tools.bash', import.meta.url), 'utf8')}`;
  for (const tool of readdirSync(bin).filter((name) => SIMULATED.includes(name) && name !== 'sleep')) {
    renameSync(join(bin, tool), join(honest, tool));
    writeFileSync(join(bin, tool), deceiver, { mode: 0o700 });
  }
}

function litter(folder: string, now: Date): void {
  const old = now.getTime() / 1_000 - 40 * 86_400;
  for (const name of FILES) {
    const path = Buffer.concat([Buffer.from(`${folder}/`), bytes(name)]);
    writeFileSync(path, 'x'.repeat(2_000_000));
    utimesSync(path, old, old);
  }
}
