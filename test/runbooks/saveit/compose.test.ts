import { describe, expect, it } from 'vitest';
import {
  composeCause,
  composeDependency,
  composeIsWell,
  composeLeftAlone,
  composeRestart,
  type OnHost,
  readiness,
} from '../../../runbooks/saveit/compose.ts';
import { SaveitSettings } from '../../../runbooks/saveit/system.ts';

const settings = SaveitSettings.parse({});
type Container = OnHost['services']['containers'][number];
type Log = OnHost['logs']['logs'][number];
type Answer = OnHost['ready']['services'][number];

const DAY = 86_400;
const container = (service: string, over: Partial<Container> = {}): Container => ({
  ...{ service, name: `saveit-${service}-1`, state: 'running', health: 'healthy', startedSecondsAgo: 12 * DAY },
  ...{ exitCode: 0, restartCount: 0, oomKilled: false, restartPolicy: 'on-failure', ...over },
});
/** Ended by itself six minutes ago, after twelve days. */
const ended = (over: Partial<Container> = {}) =>
  container('backend', { state: 'exited', health: 'none', exitCode: 137, finishedSecondsAgo: 360, ...over });
const REFUSED = { status: 0, reachable: false, error: 'curl: (7) Failed to connect to 127.0.0.1 port 8000: Connection refused' };
const SILENT = { status: 0, reachable: false, error: 'curl: (28) Operation timed out after 5000 milliseconds' };

function host({
  backend = [container('backend')],
  others = [container('db'), container('redis'), container('frontend', { health: 'none' })],
  services = {},
  log = {},
  disk = 60,
  answer = { status: 503 },
}: {
  backend?: Container[];
  others?: Container[];
  services?: Partial<OnHost['services']>;
  log?: Partial<Log>;
  disk?: number;
  answer?: Partial<Answer>;
} = {}): OnHost {
  const { ready } = settings.compose;
  return {
    services: { containers: [...others, ...backend], missing: [], composeReadable: true, dockerLive: true, ...services },
    logs: {
      logs: [
        {
          ...{ container: 'saveit-backend-1', found: true, lines: 100, errors: 2, connectionRefused: 0, timeouts: 0 },
          ...{ noSpaceLeft: 0, stackTraces: [], lastLine: 'INFO', ...log },
        },
      ],
    },
    resources: {
      ...{ memoryFreePercent: 50, memoryAvailableMb: 4_000, load1: 0.4, cpus: 2, rootFreePercent: disk },
      ...{ dockerLive: true, containers: [] },
    },
    ready: { services: [{ url: ready, reachable: true, status: 200, tookMs: 12, error: '', ...answer }] },
  };
}
const well = { answer: { status: 200 } };

describe('readiness', () => {
  it.each([
    ['well', { status: 200 }],
    ['ill', { status: 503 }],
    ['ill', SILENT],
    ['ill', REFUSED],
    // What is no answer of readiness says nothing of it: another address, or somebody in between.
    ['unknown', { status: 404 }],
    ['unknown', { status: 301 }],
    ['unknown', { status: 429 }],
    ['unknown', { status: 0, reachable: false, error: 'bash: line 9: curl: command not found' }],
  ] as const)('is %s for %o', (is, answer) => {
    expect(readiness(host({ answer })).is).toBe(is);
  });

  it('is unknown where it was not asked', () => {
    expect(readiness({ ready: { services: [] } }).is).toBe('unknown');
  });
});

describe('restarting the backend', () => {
  it.each([
    ['it answers 503', host(), 'readiness answers 503'],
    ['it hangs', host({ answer: SILENT }), 'timed out'],
    ['nothing listens', host({ answer: REFUSED }), 'refused'],
    [
      'its own check fails, and it was not asked',
      host({ backend: [container('backend', { health: 'unhealthy' })], answer: { status: 404 } }),
      'unhealthy',
    ],
    [
      'it was killed for memory and stayed down',
      host({ backend: [ended({ oomKilled: true })], answer: REFUSED }),
      'exited (exit code 137, out of memory)',
    ],
    ['it crashed after days', host({ backend: [ended({ exitCode: 139 })], answer: REFUSED }), 'exit code 139'],
    [
      'the frontend is ill, too',
      host({ others: [container('db'), container('redis'), container('frontend', { state: 'exited' })] }),
      'answers 503',
    ],
    ['the database lives elsewhere', host({ others: [] }), 'answers 503'],
    ['its log speaks of a lost connection now and then', host({ log: { connectionRefused: 2 } }), 'answers 503'],
  ])('where %s', (_, facts, why) => {
    expect(composeRestart(facts, settings)).toEqual({ needed: true, why: expect.stringContaining(why) });
  });

  it.each([
    ['it is well', host(well), 'answers on this host'],
    ['something else answers', host({ answer: { status: 404 } }), 'readiness answers 404'],
    ['Docker does not answer', host({ services: { containers: [], dockerLive: false } }), 'Docker does not answer'],
    ['it has no container', host({ backend: [], services: { missing: ['backend'] } }), 'a restart makes none'],
    ['nobody can read the compose file', host({ backend: [], services: { composeReadable: false } }), 'can not read its file'],
    ['the disk is full', host({ disk: 1.2 }), 'a disk is full'],
    ['a disk is full, by its log', host({ log: { noSpaceLeft: 1 } }), 'a disk is full'],
    ['somebody works at it', host({ backend: [container('backend', { state: 'paused' })] }), 'paused'],
    [
      'Docker is at it already',
      host({ backend: [container('backend', { state: 'restarting', restartCount: 7 })] }),
      '7 times so far',
    ],
    ['it never ran', host({ backend: [container('backend', { state: 'created', exitCode: 127 })] }), 'has never run'],
    ['Docker can not end it', host({ backend: [container('backend', { state: 'dead' })] }), 'dead'],
    ['somebody has stopped it', host({ backend: [ended({ exitCode: 0 })] }), 'switched it off'],
    ['somebody has ended it', host({ backend: [ended({ exitCode: 143 })] }), 'switched it off'],
    [
      'Docker would have started it again, had nobody stopped it',
      host({ backend: [ended({ restartPolicy: 'unless-stopped' })] }),
      'restart policy unless-stopped',
    ],
    [
      'it ends at once: its configuration',
      host({ backend: [ended({ exitCode: 1, startedSecondsAgo: 363, finishedSecondsAgo: 360 })] }),
      'ended 3 s after its start',
    ],
    ['the database does not run', host({ others: [container('db', { state: 'exited' })] }), 'db is exited'],
    ['the database is unhealthy', host({ others: [container('db', { health: 'unhealthy' })] }), 'db is unhealthy'],
    ['Redis does not run', host({ others: [container('db'), container('redis', { state: 'exited' })] }), 'redis is exited'],
    ['the database has no container', host({ others: [], services: { missing: ['db'] } }), 'db has no container'],
    ['its log says that it is refused', host({ log: { connectionRefused: 3 } }), 'refuses connections, in 3 lines'],
    ['it has only just been started', host({ backend: [container('backend', { startedSecondsAgo: 90 })] }), 'only just'],
    ['its check has not had its time', host({ backend: [container('backend', { health: 'starting' })] }), 'only just'],
    [
      'others of it answer',
      host({ ...well, backend: [container('backend'), ended({ name: 'saveit-backend-2' })] }),
      'it answers all the same',
    ],
  ])('not where %s', (_, facts, why) => {
    expect(composeRestart(facts, settings)).toEqual({ needed: false, why: expect.stringContaining(why) });
  });

  it('looks at the services that the settings name', () => {
    const other = SaveitSettings.parse({ compose: { dependencies: ['postgres'] } });
    const facts = host({ others: [container('db', { state: 'exited' }), container('postgres')] });
    expect([composeDependency(facts, settings), composeDependency(facts, other)]).toEqual(['db is exited', undefined]);
    expect(composeLeftAlone(facts, other)).toBeUndefined();
  });
});

describe('well again', () => {
  const young = (over: Partial<Container> = {}) => container('backend', { startedSecondsAgo: 45, ...over });
  it.each([
    ['it answers', host({ ...well, backend: [young()] }), true],
    [
      'it has been well for days, and was restarted once',
      host({ ...well, backend: [container('backend', { restartCount: 1 })] }),
      true,
    ],
    ['its check has not ended', host({ ...well, backend: [young({ health: 'starting' })] }), { notYet: 'backend is starting' }],
    ['it ended again', host({ backend: [ended()] }), 'backend is exited'],
    [
      'Docker had to start it again',
      host({ ...well, backend: [young({ restartCount: 2 })] }),
      'Docker has had to start backend again, 2 times',
    ],
    ['its check fails', host({ ...well, backend: [young({ health: 'unhealthy' })] }), 'backend is unhealthy'],
    ['it does not answer', host({ backend: [young()] }), 'readiness answers 503'],
    ['something else answers', host({ backend: [young()], answer: { status: 404 } }), 'readiness answers 404'],
    ['there is none', host({ ...well, backend: [] }), 'backend has no container'],
  ])('where %s', (_, facts, holds) => {
    expect(composeIsWell(facts, settings)).toEqual(holds);
  });
});

describe('the page', () => {
  it('says what is likely, with the stack trace of the log', () => {
    const trace = 'ValidationError: DATABASE_URL: Field required (File "/app/main.py", line 11)';
    const facts = host({ backend: [ended({ exitCode: 1, startedSecondsAgo: 363 })], log: { stackTraces: [trace] } });
    expect(composeCause(facts, settings)).toBe(
      `Likely cause: backend ended 3 s after its start (exit code 1): its image or its configuration does not fit.\nFirst stack trace: ${trace}`,
    );
  });

  it('says what was seen where nothing explains it', () => {
    expect(composeCause(host(), settings)).toBe('Likely cause: readiness answers 503.');
    expect(composeCause(host({ answer: { status: 404 } }), settings)).toBe('Likely cause: readiness answers 404.');
  });
});
