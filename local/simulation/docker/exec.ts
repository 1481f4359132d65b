import { refusal, reload } from '../host/certificates.ts';
import type { Container } from '../host/host-state.ts';
import type { ShimAnswer } from '../host/rpc.ts';
import { tail } from './application-log.ts';
import type { Command } from './command.ts';
import { pgDump } from './dump.ts';
import type { DockerEngine } from './engine.ts';
import { failed, ok, readFlags } from './flags.ts';
import { psql } from './psql.ts';

/**
 * `docker exec`: nothing runs in a simulated container, so only what operators type there is known: `pg_isready`,
 * `psql` and `pg_dump` with what database.ts keeps, `ps`, and a look at the backend's own health.
 */
export const exec =
  (input: string): Command =>
  (engine, args) => {
    const flags = readFlags(
      args,
      ['user|u', 'env|e', 'workdir|w', 'env-file'],
      ['interactive|i', 'tty|t', 'detach|d', 'privileged'],
      true,
    );
    const [name = '', program = '', ...rest] = flags.words;
    const container = engine.find(name);
    if (!container) return failed(`Error response from daemon: No such container: ${name}`);
    if (container.state !== 'running') return failed(`Error response from daemon: container ${container.id} is not running`);
    const { script } = engine.parts.settings.backups;
    const known = program === script && engine.spec(container).key === 'backend' ? backup : PROGRAMS[program];
    if (!known)
      return failed(
        `OCI runtime exec failed: exec failed: unable to start container process: exec: "${program}": executable file not found in $PATH: unknown`,
        127,
      );
    return known(engine, container, rest, input);
  };

type Program = (engine: DockerEngine, container: Container, args: string[], input: string) => ShimAnswer;

const pgIsReady: Program = (engine, container) => {
  const socket = '/var/run/postgresql:5432';
  const { answers } = engine.parts.database();
  if (engine.spec(container).key !== 'db' || answers === 'nothing') return failed('', 2, `${socket} - no response\n`);
  return engine.booted(container) && answers === 'accepting'
    ? ok(`${socket} - accepting connections`)
    : failed('', 1, `${socket} - rejecting connections\n`);
};

/** Whole databases in plain text are all that it writes: to standard output. */
const dump: Program = (engine, container, args) => {
  const flags = readFlags(
    args,
    ['username|U', 'dbname|d', 'host|h', 'port|p', 'format|F'],
    ['no-password|w', 'clean|c', 'if-exists', 'no-owner|O', 'verbose|v'],
  );
  const name = flags.value('dbname') ?? flags.words[0] ?? '';
  const probe = psql(engine, container, ['-U', flags.value('username') ?? '', '-d', name, '-c', 'SELECT 1'], '');
  return probe.exitCode === 0 ? pgDump(engine, name) : failed(probe.stderr.trim().replace('psql:', 'pg_dump:'), 1);
};

const processes: Program = (engine, container) => {
  const spec = engine.spec(container);
  const lines = Array.from({ length: Math.min(spec.processes, 5) }, (_, at) =>
    [
      'root',
      String(at + 1).padStart(5),
      (spec.cpuPercent / 5).toFixed(1),
      '1.2',
      '412000',
      '98304',
      '?',
      'Sl',
      '03:10',
      '0:04',
      spec.command.join(' '),
    ].join(' '),
  );
  return ok(['USER   PID %CPU %MEM    VSZ   RSS TTY STAT START TIME COMMAND', ...lines].join('\n'));
};

const health: Program = (engine, container) => {
  if (engine.spec(container).key !== 'backend') return ok();
  if (!engine.booted(container)) return failed('curl: (7) Failed to connect to localhost port 8000: Connection refused', 7);
  return engine.serves('backend') ? ok('{"status":"healthy"}') : failed('curl: (22) The requested URL returned error: 503', 22);
};

const backup: Program = (engine) => engine.parts.backupScript();
/** `nginx -t` and `nginx -s reload`, as far as they depend on the certificate. */
const nginx: Program = (engine, container, args) => {
  const ground = { engine, tree: engine.parts.tree };
  if (engine.spec(container).key !== 'nginx') return failed('exec: "nginx": executable file not found in $PATH', 127);
  const why = refusal(ground);
  if (why !== undefined) return failed(`nginx: [emerg] ${why}\nnginx: configuration file /etc/nginx/nginx.conf test failed`);
  if (args.includes('reload')) {
    reload(ground);
    return ok();
  }
  return { exitCode: 0, stdout: '', stderr: 'nginx: configuration file /etc/nginx/nginx.conf test is successful\n' };
};

const PROGRAMS: Record<string, Program | undefined> = {
  pg_isready: pgIsReady,
  psql,
  pg_dump: dump,
  ps: processes,
  curl: health,
  wget: health,
  true: () => ok(),
  tail,
  nginx,
};
