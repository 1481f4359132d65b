import { describe, expect, it } from 'vitest';
import highResponseTime from '../../../runbooks/sira/high-response-time.ts';
import {
  againstCancelling,
  againstWorkers,
  cancellable,
  fastAgain,
  type Slowness,
  tellSlowness,
  wanted,
} from '../../../runbooks/sira/slowness.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';

const settings = SiraSettings.parse({});
const parameters = { slowerThanMs: 2_000, overSeconds: 5 };
const { mistral, pinecone } = settings.externalServices;

const query = (more: Partial<Slowness['queries']['queries'][number]> = {}) => ({
  ...{ pid: 71, id: '71:1:2', seconds: 42, role: 'sira', kind: 'client backend', application: 'sira-backend' },
  ...{ waitsFor: '', ordinary: true, text: 'SELECT * FROM users WHERE email = ?', ...more },
});
const outside = (url: string, more = {}) => ({ url, reachable: true, status: 401, tookMs: 80, error: '', ...more });
const api = { url: settings.urls.api, status: 200, well: true, tookMs: 90, error: '' };

/** Slow for want of workers, with room for more; a test says what is different. */
function slow(more: Partial<Slowness> = {}): Slowness {
  return {
    answers: { samples: 8, answered: 8, failed: 0, medianMs: 3_000, p95Ms: 3_400, slowestMs: 3_500 },
    resources: {
      ...{ memoryFreePercent: 60, memoryAvailableMb: 5_000, load1: 0.5, cpus: 2, rootFreePercent: 60, dockerLive: true },
      containers: [{ name: 'sira_backend_prod', cpuPercent: 30, memoryPercent: 40 }],
    },
    io: { source: 'iostat', devices: [{ name: 'nvme0n1', utilPercent: 4, awaitMs: 1 }] },
    queries: { readable: true, queries: [] },
    workers: { state: 'running', workers: 4, processes: 6, waiting: 12, asWritten: true, why: '', added: false },
    database: {
      ...{ state: 'running', accepting: 'accepting', connections: 20, maxConnections: 100 },
      ...{ tooManyClients: false, diskFull: false, panic: false, damaged: false, startedSecondsAgo: 7_200 },
    },
    external: { services: [outside(mistral), outside(pinecone)] },
    ...more,
  };
}
const against = (found: Slowness) => againstWorkers(found, parameters, settings);
const workers = (more: Partial<Slowness['workers']>) => ({ workers: { ...slow().workers, ...more } });
const resources = (more: Partial<Slowness['resources']>) => ({ resources: { ...slow().resources, ...more } });
const database = (connections: number | null) => ({ database: { ...slow().database, connections } });

describe('more workers', () => {
  it('are the remedy where requests wait and everything has room', () => {
    expect(against(slow())).toBeUndefined();
    expect(wanted(slow(), settings)).toBe(6);
    expect(wanted(slow(workers({ workers: 7 })), settings)).toBe(8);
  });

  const no: [string, Partial<Slowness>, string][] = [
    ['where answers come in time', { answers: { ...slow().answers, p95Ms: 400 } }, '400 ms'],
    ['where a service of others is slow', { external: { services: [outside(mistral, { tookMs: 4_800 })] } }, 'theirs'],
    ['where a service of others is dead', { external: { services: [outside(mistral, { reachable: false })] } }, 'theirs'],
    ['where a query is slow', { queries: { readable: true, queries: [query()] } }, 'they come first'],
    ['where the database tells no queries', { queries: { readable: false, queries: [] } }, 'not known'],
    ['where the load is high', resources({ load1: 1.7 }), 'processors are busy'],
    [
      'where containers take the processors',
      resources({ containers: [{ name: 'b', cpuPercent: 178, memoryPercent: 1 }] }),
      'processors are busy',
    ],
    ['where memory is short', resources({ memoryAvailableMb: 900, memoryFreePercent: 11 }), 'of memory are too few'],
    ['where connections are short', database(75), '75 of 100 connections'],
    ['where connections are not known', database(null), 'connections the database has left is not known'],
    [
      'where a disk is busy',
      { io: { source: 'iostat', devices: [{ name: 'sda', utilPercent: 97, awaitMs: 40 }] } },
      'a disk is busy',
    ],
    ['where the disks can not be measured', { io: { source: 'unknown', devices: [] } }, 'disks are is not known'],
    ['where nobody waits', workers({ waiting: 0 }), 'no request waits'],
    ['where the queue can not be read', workers({ waiting: null }), 'not known'],
    ['where workers were added before', workers({ added: true }), 'added before'],
    ['where there are as many as there may be', workers({ workers: 8 }), '8 workers already'],
    ['where the command says no number', workers({ workers: null }), 'does not say'],
    [
      'where the compose file has changed',
      workers({ asWritten: false, why: 'what runs is not what the compose file says' }),
      'more than its workers',
    ],
  ];
  it.each(no)('are none %s', (_name, more, says) => expect(against(slow(more))).toContain(says));
});

describe('cancelling', () => {
  const queries = (...found: ReturnType<typeof query>[]) => slow({ queries: { readable: true, queries: found } });
  it("is for the application's own slow queries", () => {
    const found = queries(query(), query({ pid: 72, role: 'postgres', application: 'pg_dump', ordinary: false }));
    expect(againstCancelling(found, parameters)).toBeUndefined();
    expect(cancellable(found).map(({ pid }) => pid)).toEqual([71]);
  });
  it('is not for what must be let finish', () =>
    expect(againstCancelling(queries(query({ application: 'pg_dump', ordinary: false })), parameters)).toContain('pg_dump'));
  it('is not needed where answers come in time all the same', () => {
    const found = { ...queries(query()), answers: { ...slow().answers, p95Ms: 300 } };
    expect(againstCancelling(found, parameters)).toContain('in time all the same');
  });
  it('asks a person, and more workers are taken back', () => {
    const [add, cancel] = highResponseTime.acts;
    expect([add?.safety, cancel?.safety]).toEqual(['disruptive', 'destructive']);
    expect(add?.undo?.takeBackSeconds).toBe(7_200);
  });
});

it('is well again when answers come in time, from here and from outside', () => {
  const fast = { ...slow().answers, p95Ms: 300 };
  expect(fastAgain(fast, api, parameters)).toBe(true);
  expect(fastAgain({ ...fast, failed: 1 }, api, parameters)).toContain('failed');
  expect(fastAgain(fast, { ...api, tookMs: 2_500 }, parameters)).toContain('2500 ms');
  expect(fastAgain(fast, { ...api, status: 503, well: false }, parameters)).toContain('503');
  expect(fastAgain(slow().answers, api, parameters)).toContain('3400 ms');
});

it('tells a person what explains it, and everything that was measured', () => {
  const told = tellSlowness(slow({ queries: { readable: true, queries: [query()] } }), parameters, settings);
  for (const part of ['1 slow queries', 'pid 71 for 42 s, sira (sira-backend)', 'nvme0n1 4 %', 'Workers: 4, 12 requests wait'])
    expect(told).toContain(part);
  const theirs = slow({ external: { services: [outside(mistral, { tookMs: 4_800 })] } });
  expect(tellSlowness(theirs, parameters, settings)).toContain('api.mistral.ai answers after 4.8 s: theirs');
});
