import { PODS } from '../kinds.ts';
import type { Pod } from '../objects.ts';
import { appOf, effectsOn, isReady, type World } from '../world.ts';
import { APPLICATION_ROLE, refusal } from './postgres.ts';
import { type Ended, failed, NoSuchProgram, ok } from './program.ts';
import { psql } from './psql.ts';
import { redisTrouble } from './redis.ts';

interface Place {
  world: World;
  pod: Pod;
  environment: Readonly<Record<string, string>>;
}

type Program = (place: Place, args: string[], input: string) => Ended;

/** The page's own check: the application's engine connects, with a pool of its own. */
const python: Program = ({ world }, args) => {
  const code = args[args.indexOf('-c') + 1] ?? '';
  if (!args.includes('-c') || !/engine/.test(code))
    return failed('the simulated python knows the check of app.core.database only', 2);
  const refused = refusal(world, APPLICATION_ROLE);
  if (refused === undefined)
    return /print/.test(code)
      ? ok('<sqlalchemy.engine.base.Connection object at 0x7f3c9a1b2d50>')
      : { exitCode: 0, stdout: '', stderr: '' };
  const trace = ['Traceback (most recent call last):', '  File "<string>", line 1, in <module>'];
  return failed([...trace, `sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) ${refused}`].join('\n'));
};

const redisCli: Program = ({ world, pod }, args) => {
  const host = args[args.indexOf('-h') + 1] ?? '127.0.0.1';
  const connection = `Could not connect to Redis at ${host}:${args[args.indexOf('-p') + 1] ?? '6379'}`;
  const trouble = redisTrouble(world, pod);
  if (trouble === 'refused') return failed(`${connection}: Connection refused`);
  // redis-cli itself ends well when the server answers with an error.
  if (trouble === 'loading') return ok('LOADING Redis is loading the dataset in memory');
  if (trouble === 'noauth') return ok('NOAUTH Authentication required.');
  return ok(args.includes('ping') || args.includes('PING') ? 'PONG' : 'OK');
};

const nc: Program = ({ world, pod }, args) => {
  const [host = '', port = ''] = args.filter((word) => !word.startsWith('-')).slice(-2);
  const closed = effectsOn(world, pod).some(({ mqttClosed }) => mqttClosed);
  const own = appOf(pod) === 'saveit-backend' && isReady(pod) && (port === '8000' || (port === '1883' && !closed));
  const open = ['localhost', '127.0.0.1'].includes(host) ? own : serviceAnswers(world, pod, host, port);
  const to = `${host} (127.0.0.1) ${port} port`;
  return open
    ? { exitCode: 0, stdout: '', stderr: `Connection to ${to} [tcp/*] succeeded!\n` }
    : failed(`nc: connect to ${to} (tcp) failed: Connection refused`);
};

/** By the name of a Service: some pod behind it is ready, and takes connections. */
function serviceAnswers(world: World, from: Pod, host: string, port: string): boolean {
  if (SERVICE_PORTS[host] !== port || (host === 'redis' && redisTrouble(world, from) === 'refused')) return false;
  return world.store.list(PODS, from.metadata.namespace).some((pod) => appOf(pod) === host && isReady(pod));
}
const SERVICE_PORTS: Readonly<Record<string, string>> = { 'saveit-backend': '8000', 'saveit-frontend': '80', redis: '6379' };

const PROGRAMS: Readonly<Record<string, Program>> = {
  python,
  python3: python,
  'redis-cli': redisCli,
  nc,
  psql: ({ world, environment }, args, input) => psql(world, args, environment, input),
  sleep: (_, [time = '0']) => ({ exitCode: 0, stdout: '', stderr: '', seconds: Number.parseFloat(time) || 0 }),
  echo: (_, words) => ok(words.join(' ')),
  true: () => ({ exitCode: 0, stdout: '', stderr: '' }),
};

/** `sh -c '...'`: programs one after the other, with `&&`, `;`, quotes, `exec` and variables of the container's environment. */
const shell: Program = (place, args, input) => {
  const script = args[args.indexOf('-c') + 1] ?? '';
  const answer: Ended = { exitCode: 0, stdout: '', stderr: '', seconds: 0 };
  const piped = /^printf '%s\\n' ("?\$\w+"?) \| (.*)$/s.exec(script);
  // As a script hands its statements to psql.
  if (piped) return run(place, words(piped[2] ?? '', place.environment), words(piped[1] ?? '', place.environment).join('\n'));
  for (const command of script.split(/\s*(?:&&|;|\n)\s*/).filter((one) => one !== '')) {
    const argv = words(command, place.environment).filter((word, at) => at > 0 || word !== 'exec');
    const one = orMissing(() => run(place, argv, input), argv[0] ?? '');
    Object.assign(answer, {
      exitCode: one.exitCode,
      stdout: answer.stdout + one.stdout,
      stderr: answer.stderr + one.stderr,
      seconds: (answer.seconds ?? 0) + (one.seconds ?? 0),
    });
    if (one.exitCode !== 0) break;
  }
  return answer;
};

function orMissing(program: () => Ended, name: string): Ended {
  try {
    return program();
  } catch (error) {
    if (error instanceof NoSuchProgram) return failed(`sh: 1: ${name}: not found`, 127);
    throw error;
  }
}

/** A line's words as a shell takes them apart: quotes, and variables outside of single ones. */
function words(line: string, environment: Readonly<Record<string, string>>): string[] {
  const valued = (text: string) => text.replace(/\$\{?(\w+)\}?/g, (_, name: string) => environment[name] ?? '');
  return [...line.matchAll(/(?:'[^']*'|"(?:[^"\\]|\\.)*"|[^\s'"]+)+/g)].map(([word]) =>
    word.replace(
      /'([^']*)'|"((?:[^"\\]|\\.)*)"|([^'"]+)/g,
      (_, single?: string, double?: string, bare?: string) => single ?? valued(double ?? bare ?? ''),
    ),
  );
}

/**
 * What a program in a pod's container answers. Nothing really runs there: known are the checks of the runbook's page, `psql`,
 * and the little that a shell puts around them.
 * @throws {NoSuchProgram} where the image does not have it
 */
export function runProgram(world: World, pod: Pod, argv: readonly string[]): Ended {
  const [container] = pod.spec.containers;
  const given = Array.isArray(container?.env) ? container.env : [];
  const environment = Object.fromEntries(given.flatMap((one: unknown) => (isVariable(one) ? [[one.name, one.value]] : [])));
  return run({ world, pod, environment }, [...argv], '');
}

const isVariable = (one: unknown): one is { name: string; value: string } =>
  typeof one === 'object' &&
  one !== null &&
  'name' in one &&
  'value' in one &&
  typeof one.name === 'string' &&
  typeof one.value === 'string';

function run(place: Place, [name = '', ...args]: string[], input: string): Ended {
  const program = /(^|\/)(ba|da)?sh$/.test(name) ? shell : PROGRAMS[name];
  const lacks = appOf(place.pod) === 'saveit-backend' && place.world.active().some(({ fault }) => fault.lacks?.includes(name));
  if (!program || lacks) throw new NoSuchProgram(name);
  return program(place, args, input);
}
