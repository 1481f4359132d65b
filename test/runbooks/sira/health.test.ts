import { describe, expect, it } from 'vitest';
import applicationDown from '../../../runbooks/sira/application-down.ts';
import { allFail, explanation, type Health, ill, likelyCause, whyNot } from '../../../runbooks/sira/health.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';

const settings = SiraSettings.parse({});
const HOUR = 3_600;

type Container = Health['services']['containers'][number];
function container(service: string, more: Partial<Container> = {}): Container {
  return {
    service,
    name: `sira_${service}_prod`,
    state: 'running',
    health: 'none',
    startedSecondsAgo: HOUR,
    exitCode: 0,
    restartCount: 0,
    oomKilled: false,
    restartPolicy: 'always',
    ...more,
  };
}
const log = (name: string, more = {}) => ({
  ...{ container: name, found: true, lines: 100, errors: 0, connectionRefused: 0, timeouts: 0, noSpaceLeft: 0 },
  ...{ stackTraces: [], lastLine: '', ...more },
});
const answer = (url: string, status: number) => ({ url, status, well: status === 200, tookMs: 20, error: '' });

/** Everything well; a test says what is not. */
function health(more: Partial<Health> = {}, containers: Container[] = []): Health {
  const all = ['db', 'backend', 'frontend', 'nginx'].map(
    (service) => containers.find((one) => one.service === service) ?? container(service),
  );
  const others = containers.filter((one) => !all.includes(one));
  return {
    services: { containers: [...all, ...others], missing: [], composeReadable: true, dockerLive: true },
    logs: { logs: [log('sira_backend_prod'), log('sira_frontend_prod'), log('sira_nginx_prod')] },
    answers: { requests: 1_000, status2xx: 1_000, status3xx: 0, status4xx: 0, status5xx: 0, top: [] },
    resources: {
      memoryFreePercent: 50,
      memoryAvailableMb: 4_000,
      load1: 0.4,
      cpus: 2,
      rootFreePercent: 55,
      dockerLive: true,
      containers: [],
    },
    database: {
      state: 'running',
      startedSecondsAgo: HOUR,
      accepting: 'accepting',
      connections: 14,
      maxConnections: 100,
      tooManyClients: false,
      diskFull: false,
      panic: false,
      damaged: false,
    },
    external: { services: [{ url: settings.externalServices.mistral, reachable: true, status: 401, tookMs: 50, error: '' }] },
    api: answer(settings.urls.api, 200),
    site: answer(settings.urls.site, 200),
    ...more,
  };
}
const broken = { api: answer(settings.urls.api, 503) };
const services = (one: Health) => ill(one, settings).map(({ service }) => service);
const mistralDead: Partial<Health> = {
  external: {
    services: [{ url: settings.externalServices.mistral, reachable: false, status: 0, tookMs: 5_000, error: 'timed out' }],
  },
  logs: { logs: [log('sira_backend_prod', { timeouts: 7 })] },
};
const refused: Partial<Health> = {
  answers: { requests: 1_000, status2xx: 90, status3xx: 0, status4xx: 900, status5xx: 10, top: [] },
};

describe('what is ill', () => {
  it('is nothing when all is well', () => expect(services(health())).toEqual([]));
  it('is what has ended', () =>
    expect(services(health(broken, [container('backend', { state: 'exited', exitCode: 137 })]))).toEqual(['backend']));
  it('is what Docker calls unhealthy for over ten minutes', () =>
    expect(services(health(broken, [container('backend', { health: 'unhealthy' })]))).toEqual(['backend']));
  it('is a backend that runs for long and answers 5xx', () => expect(services(health(broken))).toEqual(['backend']));

  it('is not what was started within ten minutes', () => {
    for (const state of ['none', 'unhealthy'] as const)
      expect(services(health(broken, [container('backend', { health: state, startedSecondsAgo: 590 })]))).toEqual([]);
  });
  it('is not what Docker is restarting already', () => {
    const looping = health(broken, [container('backend', { state: 'restarting' })]);
    expect(services(looping)).toEqual([]);
    expect(whyNot(looping, settings)).toContain('again and again');
  });
  it('is not the database, which has a runbook of its own', () =>
    expect(services(health(broken, [container('db', { state: 'exited', exitCode: 1 })]))).not.toContain('db'));
  it('is not a job that ran once and is done', () =>
    expect(services(health({}, [container('migrate', { state: 'exited', exitCode: 0, restartPolicy: 'no' })]))).toEqual([]));
  it('is not what runs while an outside service is what fails', () => {
    const waiting = health({ ...broken, ...mistralDead }, [container('backend', { health: 'unhealthy' })]);
    expect(services(waiting)).toEqual([]);
    expect(whyNot(waiting, settings)).toContain('api.mistral.ai cannot be reached');
  });
  it('is not what runs while most of what fails is refused', () => {
    const asked = health({ ...broken, ...refused }, [container('backend', { health: 'unhealthy' })]);
    expect(services(asked)).toEqual([]);
    expect(whyNot(asked, settings)).toContain('900 answers 4xx');
  });
});

describe('what explains the errors, so that nothing is restarted', () => {
  const cases: [string, Health, string][] = [
    ['a stopped database', health(broken, [container('db', { state: 'exited' })]), 'does not run'],
    ['a panicked database', health({ database: { ...health().database, panic: true } }), 'panicked'],
    ['a full disk, by its size', health({ resources: { ...health().resources, rootFreePercent: 1 } }), 'disk is full'],
    ['a full disk, by the logs', health({ logs: { logs: [log('sira_backend_prod', { noSpaceLeft: 2 })] } }), 'disk is full'],
    ['used up connections', health({ database: { ...health().database, tooManyClients: true } }), 'connection of the database'],
    ['a database that is starting', health({ database: { ...health().database, accepting: 'rejecting' } }), 'rejecting'],
  ];
  it.each(cases)('%s', (_name, found, says) => {
    expect(explanation(found, settings)).toContain(says);
    const act = applicationDown.acts[0];
    const exited = {
      ...found,
      services: {
        ...found.services,
        containers: [
          ...found.services.containers.filter(({ service }) => service !== 'backend'),
          container('backend', { state: 'exited', exitCode: 1 }),
        ],
      },
    };
    expect(act?.when({ ...exited }, {}, settings).needed).toBe(false);
  });
  it('is nothing when the database and the disk are well', () => expect(explanation(health(broken), settings)).toBeUndefined());
});

describe('restarting all', () => {
  const hung = { api: answer(settings.urls.api, 504), site: answer(settings.urls.site, 504) };
  const healthy = [container('backend', { health: 'healthy' })];
  it('is thought of only when everything runs for long and nothing answers', () => {
    expect(allFail(health(hung, healthy), settings)).toBe(true);
    expect(allFail(health({ ...hung, site: answer(settings.urls.site, 200) }, healthy), settings)).toBe(false);
    expect(allFail(health(hung, [container('nginx', { startedSecondsAgo: 60 })]), settings)).toBe(false);
    expect(allFail(health({ ...hung, ...mistralDead }, healthy), settings)).toBe(false);
    expect(allFail(health({ ...hung, ...refused }, healthy), settings)).toBe(false);
  });
  it('is destructive, because it takes the database with it', () =>
    expect(applicationDown.acts.find(({ title }) => title === 'Restart all services')?.safety).toBe('destructive'));
});

describe('what a person is told first', () => {
  it('is Docker, when it does not answer', () => {
    const silent = health({ services: { containers: [], missing: [], composeReadable: true, dockerLive: false } });
    expect(likelyCause(silent, settings)).toContain('Docker does not answer');
  });
  it('is a service that has no container', () => {
    const gone = health({
      services: { containers: [container('db')], missing: ['backend'], composeReadable: true, dockerLive: true },
    });
    expect(likelyCause(gone, settings)).toContain('backend has no container');
  });
});
