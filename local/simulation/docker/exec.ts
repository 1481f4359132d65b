import type { Container } from '../host/host-state.ts';
import type { ShimAnswer } from '../host/rpc.ts';
import type { DockerEngine } from './engine.ts';
import { failed, ok, readFlags, UsageError } from './flags.ts';

/**
 * `docker exec`: nothing runs in a simulated container, so only what operators type there is known: `pg_isready`,
 * `psql` with the questions of {@link QUESTIONS}, `ps`, and a look at the backend's own health.
 */
export function exec(engine: DockerEngine, args: string[]): ShimAnswer {
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
  const known = PROGRAMS[program];
  if (!known)
    return failed(
      `OCI runtime exec failed: exec failed: unable to start container process: exec: "${program}": executable file not found in $PATH: unknown`,
      127,
    );
  return known(engine, container, rest);
}

type Program = (engine: DockerEngine, container: Container, args: string[]) => ShimAnswer;

const pgIsReady: Program = (engine, container) => {
  const ready = engine.spec(container).key === 'db' && engine.booted(container);
  return ready
    ? ok('/var/run/postgresql:5432 - accepting connections')
    : failed('', 1, '/var/run/postgresql:5432 - rejecting connections\n');
};

/** What a healthy database of this size would answer, by the question's gist. */
const QUESTIONS: [RegExp, string][] = [
  [/max_connections/i, '100'],
  [/pg_database_size/i, '4831838208'],
  [/count\(\*\)[\s\S]*pg_stat_activity[\s\S]*state\s*=\s*'idle in transaction'/i, '0'],
  [/count\(\*\)[\s\S]*pg_stat_activity/i, '14'],
  [/query_start|duration/i, ''],
  [/^\s*select\s+1\s*;?\s*$/i, '1'],
  [/^\s*select\s+version\(\)/i, 'PostgreSQL 16.4 on x86_64-pc-linux-musl'],
];

const psql: Program = (engine, container, args) => {
  if (engine.spec(container).key !== 'db' || !engine.booted(container))
    return failed(
      'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: No such file or directory',
      2,
    );
  const flags = readFlags(
    args,
    ['username|U', 'dbname|d', 'command|c', 'host|h', 'port|p', 'set|v', 'pset|P', 'field-separator|F'],
    ['no-align|A', 'tuples-only|t', 'no-psqlrc|X', 'quiet|q', 'no-password|w', 'single-transaction|1'],
  );
  const answers = flags.values('command').map((question) => {
    const answer = QUESTIONS.find(([pattern]) => pattern.test(question))?.[1];
    if (answer === undefined) throw new UsageError(`ERROR:  the simulated database does not know this question: ${question}`);
    return answer;
  });
  if (flags.has('tuples-only')) return ok(answers.join('\n'));
  return ok(answers.map((answer) => ` ?column? \n----------\n ${answer}\n(${answer ? '1 row' : '0 rows'})\n`).join('\n'));
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

const PROGRAMS: Record<string, Program | undefined> = {
  pg_isready: pgIsReady,
  psql,
  ps: processes,
  curl: health,
  wget: health,
  true: () => ok(),
  nginx: () => ({ exitCode: 0, stdout: '', stderr: 'nginx: configuration file /etc/nginx/nginx.conf test is successful\n' }),
};
