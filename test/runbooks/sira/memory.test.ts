import { describe, expect, it } from 'vitest';
import {
  databaseProof,
  type Growth,
  growing,
  holders,
  proofs,
  restartable,
  spokenGrowth,
  tellMemory,
  type Usage,
  wellAgain,
  whyNot,
} from '../../../runbooks/sira/memory.ts';
import memoryExhausted from '../../../runbooks/sira/memory-exhausted.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';

const settings = SiraSettings.parse({});
const parameters = { freeAtLeast: 10, atLimit: 95 };

type Container = Usage['containers'][number];
const container = (service: string, more: Partial<Container> = {}): Container => ({
  ...{ service, name: `sira_${service}_prod`, state: 'running', oomKilled: false, exitCode: 0, usedMb: 400, limitMb: 2_048 },
  ...{ startedSecondsAgo: 7_200, finishedSecondsAgo: null, oomKills: 0, ...more },
});
const process = (name: string, rssMb: number, inside: string | null = null) => ({
  ...{ name, pid: 77, user: 'root', rssMb, container: inside },
});

function usage(containers: Container[] = [], more: Partial<Usage> = {}): Usage {
  const all = ['db', 'backend', 'frontend', 'nginx'].map(
    (service) => containers.find((one) => one.service === service) ?? container(service),
  );
  return {
    ...{ totalMb: 8_000, usedMb: 2_500, cacheMb: 2_000, availableMb: 5_000, swapTotalMb: 0, swapFreeMb: 0, dockerLive: true },
    ...{ containers: all, others: [], processes: [], busy: [], kernelKills: 0, killed: [], ...more },
  };
}
const growth = (mbPerMinute: number | null, lastMb = 400): Growth => ({
  seconds: 60,
  containers: [{ name: 'sira_backend_prod', samples: 4, firstMb: 400, lastMb, mbPerMinute }],
});
const services = (found: Usage) => restartable(found, parameters, settings).map(({ service }) => service);
const short = { availableMb: 300, usedMb: 7_700 };

describe('what is restarted', () => {
  it('is nothing while there is room', () => expect(services(usage())).toEqual([]));
  it('is what was killed and stayed down', () =>
    expect(services(usage([container('frontend', { state: 'exited', oomKilled: true, exitCode: 137 })]))).toEqual(['frontend']));
  it('is what holds 95 % of its own limit', () => {
    expect(services(usage([container('backend', { usedMb: 1_946 })]))).toEqual(['backend']);
    expect(services(usage([container('backend', { usedMb: 1_940 })]))).toEqual([]);
  });
  it('is by far the largest of a host that runs short', () => {
    expect(services(usage([container('backend', { usedMb: 5_000, limitMb: 0 })], short))).toEqual(['backend']);
    expect(services(usage([container('backend', { usedMb: 5_000, limitMb: 0 })]))).toEqual([]);
    const two = [container('backend', { usedMb: 3_500, limitMb: 0 }), container('frontend', { usedMb: 3_000, limitMb: 0 })];
    expect(services(usage(two, short))).toEqual([]);
    const beside = { ...short, processes: [process('java', 2_600)] };
    expect(services(usage([container('backend', { usedMb: 5_000, limitMb: 0 })], beside))).toEqual([]);
  });

  it('is not what somebody killed: exit code 137 alone proves nothing', () =>
    expect(services(usage([container('backend', { state: 'exited', exitCode: 137 })]))).toEqual([]));
  it('is not what Docker is restarting already, nor what runs again', () => {
    expect(services(usage([container('backend', { state: 'restarting', oomKilled: true })]))).toEqual([]);
    expect(services(usage([container('backend', { state: 'running', oomKilled: true })]))).toEqual([]);
  });
  it('is not what was started within ten minutes', () => {
    const young = usage([container('backend', { usedMb: 2_040, startedSecondsAgo: 500 })]);
    expect(services(young)).toEqual([]);
    expect(whyNot(young, parameters, settings)).toContain('a restart would not last');
  });
  it('is never the database, whatever the list says', () => {
    const full = usage([container('db', { usedMb: 2_040 })]);
    const listed = SiraSettings.parse({ memory: { restart: ['db', 'backend'] } });
    expect(restartable(full, parameters, listed)).toEqual([]);
    expect(databaseProof(full, parameters, listed)?.service).toBe('db');
  });
  it('is nothing outside the list', () => {
    const full = usage([container('worker', { usedMb: 2_040 })]);
    full.containers.push(container('worker', { usedMb: 2_040 }));
    expect(services(full)).toEqual([]);
    expect(whyNot(full, parameters, settings)).toContain('not among those that may be restarted');
  });
  it('is nothing in which a dump is at work', () => {
    const dumping = { busy: [process('pg_dump', 10, 'sira_backend_prod')] };
    const full = usage([container('backend', { usedMb: 2_040 })], dumping);
    expect(services(full)).toEqual([]);
    expect(whyNot(full, parameters, settings)).toContain('pg_dump (pid 77) is at work in it and must be let finish');
  });
});

describe('why nothing is restarted', () => {
  it('is room, where only the cache fills the rest', () =>
    expect(whyNot(usage([], { cacheMb: 5_300 }), parameters, settings)).toContain('4.9 GB of 7.8 GB can still be had'));
  it("is somebody's program", () =>
    expect(whyNot(usage([], { ...short, processes: [process('java', 5_000)] }), parameters, settings)).toContain('held by java'));
  it('is Docker, when it does not answer', () =>
    expect(whyNot(usage([], { dockerLive: false }), parameters, settings)).toContain('Docker does not answer'));
});

it('adds up programs of one name, and leaves out those in containers', () =>
  expect(
    holders(
      usage([], { processes: [process('cc1', 900), process('cc1', 800), process('uvicorn', 390, 'sira_backend_prod')] }),
    )[0],
  ).toEqual({ name: 'cc1', usedMb: 1_700, what: 'program' }));

describe('afterwards', () => {
  it('all is well with room and no growth', () => expect(wellAgain(usage(), growth(0.3), parameters)).toBe(true));
  it('a slope that fills it within the hour is not well', () => {
    expect(wellAgain(usage(), growth(60), parameters)).toContain('grows by 60.0 MB a minute and is full in 27 minutes');
    expect(wellAgain(usage(), growth(5), parameters)).toBe(true);
  });
  it('neither is what has come to its limit again, however young', () =>
    expect(wellAgain(usage([container('backend', { usedMb: 2_000, startedSecondsAgo: 60 })]), growth(0), parameters)).toContain(
      'again',
    ));
  it('without a limit it is the host that gets full', () =>
    expect(growing(usage([container('backend', { limitMb: 0 })]), growth(100))[0]?.minutesLeft).toBe(50));
  it('too few samples are no slope', () => {
    expect(growing(usage(), growth(null))).toEqual([]);
    expect(spokenGrowth(growth(null))).toContain('4 samples only');
  });
});

it('tells the person who holds what, whom the kernel has killed, and what grows', () => {
  const found = usage([container('db', { usedMb: 2_040 })], {
    killed: [{ pid: 4_711, name: 'uvicorn', secondsAgo: 240 }],
    processes: [process('postgres', 1_900, 'sira_db_prod')],
  });
  const told = tellMemory(found, growth(12.5), parameters, settings);
  for (const part of ['db holds 2.0 GB', 'postgres (pid 77, sira_db_prod) 1.9 GB', 'uvicorn (pid 4711) 4 min ago', '+12.5 MB'])
    expect(told).toContain(part);
});

it('acts once an hour, and asks before it touches the database', () => {
  expect(memoryExhausted.limits).toEqual({ acts: 1, per: '1h' });
  expect(memoryExhausted.acts.map(({ safety }) => safety)).toEqual(['disruptive', 'destructive']);
  expect(proofs(usage(), parameters)).toEqual([]);
});
