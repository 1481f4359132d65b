import type { Erring, ErrorPattern } from '../error-pattern.ts';
import { outside } from '../faults/errors.ts';
import type { Container, LogLine } from '../host/host-state.ts';
import type { DockerEngine } from './engine.ts';

/** One access line every two seconds; the last hour of them can be asked for. */
const STEP = 2_000;
const WINDOW = 3_600_000;

const PATHS = [
  '/health',
  '/api/v1/recommendations',
  '/api/v1/profile',
  '/',
  '/api/v1/search?q=alpha',
  '/static/app.css',
  '/api/v1/login',
];

/**
 * What a container has said, oldest first. Lines that come again and again (requests, checkpoints) are made here from
 * the times at which containers ran, always the same for the same moment; so nothing grows on disk.
 */
export function logLines(engine: DockerEngine, container: Container, erring: Erring[]): LogLine[] {
  const key = engine.spec(container).key;
  const periodic = key === 'nginx' ? access(engine, container, erring) : chatter(engine, container, erring);
  return [...periodic, ...container.said].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Refusals that nobody calls an error of ours: what is not there is not there. */
const NO_ERROR = [404];

/** The share of errors among the answers that the backend itself gave while it had its database, in the last `ms` milliseconds, in percent. */
export function errorRate(engine: DockerEngine, erring: Erring[], ms: number): number {
  const nginx = engine.of('nginx');
  if (!nginx) return 0;
  const statuses = moments(engine, nginx, ms)
    .filter((at) => ran(engine.of('backend'), at, BOOT.backend) && ran(engine.of('db'), at, BOOT.db))
    .map((at) => statusAt(engine, at, erring));
  return statuses.length === 0
    ? 0
    : (statuses.filter((status) => status >= 400 && !NO_ERROR.includes(status)).length / statuses.length) * 100;
}

function access(engine: DockerEngine, nginx: Container, erring: Erring[]): LogLine[] {
  return moments(engine, nginx, WINDOW).map((at) => {
    const status = statusAt(engine, at, erring);
    const { method, path } = patternAt(at, erring) ?? { method: 'GET', path: PATHS[dice(at, 'path') % PATHS.length] };
    const text = `203.0.113.${dice(at, 'client') % 250} - - [${clf(at)}] "${method} ${path} HTTP/1.1" ${status} ${dice(at, 'size') % 9_000} "-" "Mozilla/5.0"`;
    return { at: new Date(at).toISOString(), stream: 'stdout' as const, text };
  });
}

const BOOT = { backend: 4_000, db: 2_000 };

function ran(container: Container | undefined, at: number, boot: number): boolean {
  const running = ({ from, until }: Container['runs'][number]) =>
    at >= Date.parse(from) + boot && (until === undefined || at < Date.parse(until));
  return container?.runs.some(running) ?? false;
}

function statusAt(engine: DockerEngine, at: number, erring: Erring[]): number {
  const backend = engine.of('backend');
  const db = engine.of('db');
  if (!ran(backend, at, BOOT.backend)) return 502;
  if (!ran(db, at, BOOT.db)) return 500;
  const ill = erring.filter(({ from, until }) => at >= from && at < until);
  const hit = ill.find(({ every }) => (at / STEP) % every === 0);
  if (hit) return hit.as?.status ?? 500;
  // So that a pattern's rate is the pattern's, no other failure comes on top of it.
  if (ill.some(({ as }) => as)) return 200;
  const luck = dice(at, 'status') % 400;
  return luck === 0 ? 500 : luck < 8 ? 404 : 200;
}

/** The pattern that a request of this moment follows; none for most. */
function patternAt(at: number, erring: Erring[]): ErrorPattern | undefined {
  return erring.find(({ from, until, every, as }) => as && at >= from && at < until && (at / STEP) % every === 0)?.as;
}

/** What a log says of the requests that followed a pattern. */
function complaints(
  engine: DockerEngine,
  container: Container,
  erring: Erring[],
  which: 'backend' | 'application' | 'database',
): { at: number; text: string }[] {
  return moments(engine, container, WINDOW).flatMap((at) => (patternAt(at, erring)?.[which] ?? []).map((text) => ({ at, text })));
}

/** What the application has written into its own log, oldest first. */
export function applicationLines(engine: DockerEngine, container: Container, erring: Erring[]): string[] {
  const chatter = moments(engine, container, WINDOW)
    .filter((at) => at % 30_000 === 0)
    .map((at) => ({ at, text: 'INFO jobs: cache refreshed' }));
  return [...chatter, ...complaints(engine, container, erring, 'application')]
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => `${new Date(at).toISOString()} ${text}`);
}

function chatter(engine: DockerEngine, container: Container, erring: Erring[]): LogLine[] {
  const { key, murmur } = engine.spec(container);
  if (murmur)
    return moments(engine, container, WINDOW)
      .filter((at) => at % murmur.everyMs === 0)
      .map((at) => ({ at: new Date(at).toISOString(), stream: 'stdout', text: murmur.text }));
  const every = key === 'db' ? 300_000 : 10_000;
  const complained =
    key === 'db' || key === 'backend' ? complaints(engine, container, erring, key === 'db' ? 'database' : key) : [];
  const said = complained.map(({ at, text }) => ({ at: new Date(at).toISOString(), stream: 'stderr' as const, text }));
  const regular = moments(engine, container, WINDOW)
    .filter((at) => at % every === 0)
    .flatMap((at) => {
      const line = (text: string) => ({
        at: new Date(at).toISOString(),
        stream: key === 'db' ? ('stderr' as const) : ('stdout' as const),
        text,
      });
      if (key === 'db') return [line(`[27] LOG:  checkpoint complete: wrote ${dice(at, 'wrote') % 90} buffers`)];
      if (key === 'backend' && erring.some(({ from, until, as }) => !as && at >= from && at < until)) return TRACE.map(line);
      return [line(`INFO:     10.0.1.9:${40_000 + (dice(at, 'port') % 9_000)} - "GET /health HTTP/1.1" 200 OK`)];
    });
  return [...regular, ...said, ...(key === 'backend' ? recommendations(engine, container) : [])];
}

/** A recommendation every twenty seconds, and how long it took. */
function recommendations(engine: DockerEngine, container: Container): LogLine[] {
  return moments(engine, container, WINDOW)
    .filter((at) => at % 20_000 === 0)
    .flatMap((at) => {
      const { recommendation, lines } = outside(engine.state.faults, at);
      const [all, mistral, pinecone] = [recommendation.all, recommendation.mistral, recommendation.pinecone].map((seconds) =>
        (seconds * (0.9 + (dice(at, 'took') % 20) / 100)).toFixed(2),
      );
      const text = `INFO:     recommendation generated in ${all}s (mistral ${mistral}s, pinecone ${pinecone}s)`;
      return [text, ...lines].map((one) => ({ at: new Date(at).toISOString(), stream: 'stdout' as const, text: one }));
    });
}

const TRACE = [
  'ERROR:    Exception in ASGI application',
  'Traceback (most recent call last):',
  '  File "/app/app/db/session.py", line 41, in get_session',
  'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00',
];

/** The moments of the last `ms` milliseconds at which a container ran. */
function moments(engine: DockerEngine, container: Container, ms: number): number[] {
  const now = engine.now();
  const found: number[] = [];
  for (const run of container.runs) {
    const until = Math.min(now, run.until === undefined ? now : Date.parse(run.until));
    const from = Math.max(now - ms, Date.parse(run.from));
    for (let at = Math.ceil(from / STEP) * STEP; at < until; at += STEP) found.push(at);
  }
  return found;
}

/** A number that looks like chance and is the same whenever the same moment is asked for. */
function dice(at: number, what: string): number {
  let hash = at / STEP;
  for (const letter of what) hash = (Math.imul(hash ^ letter.charCodeAt(0), 2_654_435_761) ^ (hash >>> 15)) >>> 0;
  return hash;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The common log format's time, in UTC. */
function clf(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

/** An id that is the same for the same words, in the length that Docker shows. */
export function shortId(id: string): string {
  return id.replace('sha256:', '').slice(0, 12);
}
