import { iso } from '../../../functions/incident/clock.ts';
import { type Crash, sha256 } from '../docker/engine.ts';
import type { FaultKind, Ground } from '../fault-kind.ts';
import { GiB } from '../host/tree.ts';
import { kill, revive } from './ended.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

const CRASHING: Crash = { afterSeconds: 90, exitCode: 139, lines: ['Fatal Python error: Segmentation fault'] };
const BAD_CONFIG: Crash = {
  afterSeconds: 3,
  exitCode: 1,
  lines: [
    'Traceback (most recent call last):',
    '  File "/app/app/main.py", line 11, in <module>',
    '    settings = Settings()',
    'pydantic_core.ValidationError: 1 validation error for Settings: DATABASE_URL: Field required',
  ],
};
const REFUSED =
  'sqlalchemy.exc.OperationalError: connection to server at "db", port 5432 failed: Connection refused. Is the server running?';

function says({ engine }: Ground, ago: number, lines: readonly string[]): void {
  const container = engine.of('backend');
  const at = iso(new Date(engine.now() - ago));
  if (container) for (const text of lines) engine.say(container, { at, stream: 'stderr', text });
}

/** Started anew four minutes ago, and ended as it always does with this configuration. */
function endAtOnce(ground: Ground, { afterSeconds, exitCode, lines }: Crash): void {
  const { engine } = ground;
  const container = engine.of('backend');
  if (container?.state !== 'running') return;
  const from = iso(new Date(engine.now() - 4 * MINUTE - afterSeconds * 1_000));
  engine.end(container, 0, Date.parse(from));
  Object.assign(container, { state: 'running', startedAt: from });
  container.runs = [...container.runs, { from }];
  says(ground, 4 * MINUTE, lines);
  kill(ground, 'backend', 4 * MINUTE, exitCode, false);
}

const IMAGE = /saveit\/backend:/;
const BIG_FILE = '/var/lib/uploads.img';
const marker = ({ engine }: Ground) => `${engine.parts.settings.projectDir}/.deploying`;

/** What can befall the Docker Compose host of Save-It. Each makes its alarm fire, but for the deployment. */
export const COMPOSE_FAULTS: FaultKind[] = [
  {
    id: 'saveit-compose-hung',
    title: 'On the Compose host: the backend runs and answers nobody; a restart brings it back',
    hangs: 'backend',
    on: () => undefined,
    off: () => undefined,
  },
  {
    id: 'saveit-compose-killed',
    title: 'On the Compose host: the backend was killed for its memory and stayed down; a restart brings it back',
    on: (ground) => kill(ground, 'backend', 6 * MINUTE, 137, true),
    off: (ground) => revive(ground, 'backend'),
  },
  {
    id: 'saveit-compose-crashing',
    title: 'On the Compose host: the backend ends a minute and a half after each start; a restart does not help',
    crash: { service: 'backend', ...CRASHING },
    on: (ground) => {
      says(ground, 4 * MINUTE, CRASHING.lines);
      kill(ground, 'backend', 4 * MINUTE, CRASHING.exitCode, false);
    },
    off: (ground) => revive(ground, 'backend'),
  },
  {
    id: 'saveit-compose-bad-config',
    title: 'On the Compose host: the backend ends at once, for its configuration lacks something',
    crash: { service: 'backend', ...BAD_CONFIG },
    on: (ground) => endAtOnce(ground, BAD_CONFIG),
    off: (ground) => revive(ground, 'backend'),
  },
  {
    id: 'saveit-compose-image-gone',
    title: "On the Compose host: somebody has removed the backend's container and its image",
    on: ({ engine }) => {
      const container = engine.of('backend');
      if (container) engine.remove(container);
      engine.state.images = engine.state.images.filter(({ tags }) => !tags.some((tag) => IMAGE.test(tag)));
    },
    off: ({ engine }) => {
      const spec = engine.parts.services.find(({ key }) => key === 'backend');
      if (!spec || engine.of('backend')) return;
      const at = engine.now() - 12 * DAY;
      const id = `sha256:${sha256(spec.image)}`;
      engine.state.images.push({ id, tags: [spec.image], digests: [], createdAt: iso(new Date(at)), bytes: GiB });
      engine.start(engine.create(spec, at));
    },
  },
  {
    id: 'saveit-compose-stopped',
    title: 'On the Compose host: somebody has stopped the backend',
    on: (ground) => {
      says(ground, 5 * MINUTE, ['received SIGTERM, shutting down']);
      kill(ground, 'backend', 5 * MINUTE, 0, false);
    },
    off: (ground) => revive(ground, 'backend'),
  },
  {
    id: 'saveit-compose-database-down',
    title: 'On the Compose host: the database has ended, and the backend is refused by it',
    on: (ground) => {
      kill(ground, 'db', 5 * MINUTE, 1, false);
      for (const minutes of [4, 3, 2, 1]) says(ground, minutes * MINUTE, [REFUSED]);
    },
    off: (ground) => revive(ground, 'db'),
  },
  {
    id: 'saveit-compose-disk-full',
    title: 'On the Compose host: the disk is full, and the backend waits for room to write',
    hangs: 'backend',
    on: (ground) => {
      ground.tree.sized(BIG_FILE, 40 * GiB, ground.engine.now());
      says(ground, MINUTE, ['OSError: [Errno 28] No space left on device']);
    },
    off: ({ tree }) => tree.remove(BIG_FILE),
  },
  {
    id: 'saveit-compose-unreachable',
    title: 'The Compose host does not answer: no command reaches it, and neither do users',
    unreachable: true,
    on: () => undefined,
    off: () => undefined,
  },
  {
    id: 'saveit-compose-deploying',
    title: 'On the Compose host: a deployment is under way',
    on: (ground) => ground.tree.text(marker(ground), `${iso(new Date(ground.engine.now()))}\n`, ground.engine.now()),
    off: (ground) => ground.tree.remove(marker(ground)),
  },
];
