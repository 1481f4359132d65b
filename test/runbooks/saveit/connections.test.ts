import { describe, expect, it } from 'vitest';
import {
  type Connections,
  connectedAgain,
  connectionCause,
  databaseDown,
  exhausted,
  isForTheDatabaseAdmin,
  sayConnections,
  whyEnd,
  whyRestart,
} from '../../../runbooks/saveit/connections.ts';

interface Change {
  sessions?: Partial<Connections['sessions']>;
  reach?: Connections['connectivity']['reach'];
  deployment?: Partial<Connections['deployment']>;
  status?: number;
}

/** All is well; a test says what is not. */
function facts({ sessions, reach = 'ok', deployment, status = 200 }: Change = {}): Connections {
  return {
    sessions: {
      ...{ reach: 'ok', words: '', most: 100, reserved: 5, roleMost: -1, clients: 16, role: 'ordinary' },
      ...{ longestActiveSeconds: 1, page: { connections: 16, longestSeconds: 5 }, groups: [] },
      application: { all: 15, active: 3, inTransaction: 0, idle: 12, idleLong: 0 },
      asker: { seesAll: true, mayEnd: true, keptBack: true },
      ...sessions,
    },
    connectivity: { reach, words: '', tried: [] },
    logs: {
      ...{ pods: 3, silent: [], errors: 0, top: [] },
      speaksOf: { refused: 0, tooMany: 0, memory: 0, redis: 0, mqtt: 0, timeouts: 0 },
    },
    deployment: {
      ...{ underWay: false, endedSecondsAgo: null, sign: 'none', paused: false, replicas: 3, available: 3 },
      ...{ generation: 1, observedGeneration: 1, gaveUp: '', ...deployment },
    },
    ready: { url: 'https://api', status, well: status === 200, tookMs: 5, error: '' },
  };
}
const own = (over: Partial<Connections['sessions']['application']>) => ({
  clients: 96,
  application: { all: 95, active: 3, inTransaction: 2, idle: 90, idleLong: 0, ...over },
});
const idle = facts({ sessions: own({ idleLong: 80 }), reach: 'too-many', status: 503 });
const leaked = facts({ sessions: own({}), reach: 'too-many', status: 503 });
const foreign = facts({
  sessions: { clients: 96, application: { all: 15, active: 3, inTransaction: 0, idle: 12, idleLong: 0 } },
  reach: 'too-many',
  status: 503,
});
const dead = facts({ sessions: { reach: 'refused', words: 'Connection refused' }, reach: 'refused', status: 503 });
const needed = (why: string) => ({ needed: true, why: expect.stringContaining(why) });
const not = (why: string) => ({ needed: false, why: expect.stringContaining(why) });

describe('ending idle sessions', () => {
  it('is for those of the application, where all are taken', () => {
    expect(whyEnd(idle, 10)).toEqual(needed("80 of the application's have been idle for over 10 minutes"));
  });

  it.each<[string, Connections, string]>([
    ['there is room', facts({ sessions: { ...own({ idleLong: 5 }), clients: 60 } }), '60 of 100'],
    ['none is idle for long', leaked, '3 are at work, 2 in a transaction'],
    ['the database does not answer', dead, 'refuses connections'],
    ['the application is a superuser', facts({ sessions: { ...own({ idleLong: 80 }), role: 'superuser' } }), 'a superuser'],
    [
      'the role that asks may not',
      facts({ sessions: { ...own({ idleLong: 80 }), asker: { seesAll: true, mayEnd: false, keptBack: true } } }),
      'grant it',
    ],
  ])('is not where %s', (_, given, why) => {
    expect(whyEnd(given, 10)).toEqual(not(why));
  });
});

describe('a restart of the backend', () => {
  it.each<[string, Connections, string]>([
    ['the database answers others and not the backend', facts({ reach: 'refused', status: 503 }), 'no longer true'],
    ['new connections work and the pool is dead', facts({ status: 503 }), 'dead'],
    ['its own sessions still take all', leaked, '95 of them by the application'],
    ['its own limit is reached', facts({ sessions: { roleMost: 15 }, reach: 'too-many' }), '15 of them by the application'],
    ['nobody gets a connection', facts({ sessions: { reach: 'too-many' }, reach: 'too-many' }), 'neither'],
  ])('is for one where %s', (_, given, why) => {
    expect(whyRestart(given)).toEqual(needed(why));
  });

  it.each<[string, Connections, string]>([
    ['the database refuses everybody', dead, 'would not bring it back'],
    ['the database is starting', facts({ sessions: { reach: 'starting' }, reach: 'starting' }), 'starting'],
    ['others take all', foreign, 'only 15'],
    ['all is well', facts(), 'ready'],
    ['the password is wrong', facts({ reach: 'authentication' }), 'password'],
    ['the database could not be asked', facts({ sessions: { reach: 'unknown' }, reach: 'refused' }), 'not known'],
    ['only the backend is known to have too many', facts({ sessions: { reach: 'unknown' }, reach: 'too-many' }), 'not known'],
    ['nothing could be tried from it', facts({ reach: 'unknown', status: 503 }), 'could not be tried'],
    ['somebody has paused it', facts({ deployment: { paused: true }, status: 503 }), 'paused'],
    ['somebody has switched it off', facts({ deployment: { replicas: 0 }, status: 503 }), 'scaled to nothing'],
  ])('is not where %s', (_, given, why) => {
    expect(whyRestart(given)).toEqual(not(why));
  });
});

describe('what a person is told', () => {
  it('pages the database admin where no act of ours helps', () => {
    expect([dead, foreign, facts({ reach: 'authentication' })].map(isForTheDatabaseAdmin)).toEqual([true, true, true]);
    expect([idle, leaked, facts()].map(isForTheDatabaseAdmin)).toEqual([false, false, false]);
  });

  it('does not call a database down that somebody reaches, or that could not be asked', () => {
    expect(databaseDown(facts({ sessions: { reach: 'timeout' } }))).toBe(false);
    expect(databaseDown(facts({ sessions: { reach: 'unknown' }, reach: 'refused' }))).toBe(false);
  });

  it('names the cause', () => {
    expect(connectionCause(dead, 10)).toContain("for the database's own people");
    expect(connectionCause(foreign, 10)).toContain('a restart would give back too few');
    expect(connectionCause(leaked, 10)).toContain('none of the application');
    expect(connectionCause(facts({ status: 503 }), 10)).toContain('dead');
  });

  it('has the counts, and what the role that asks lacks', () => {
    expect(sayConnections(idle)).toContain('96 of 100 connections are taken (5 kept back)');
    const asker = { seesAll: false, mayEnd: false, keptBack: false };
    expect(sayConnections(facts({ sessions: { asker } }))).toMatch(/grant it pg_monitor.*no connection is kept back/);
    expect(sayConnections(dead)).toContain('refuses connections (Connection refused)');
  });
});

describe('well again', () => {
  it.each<[string, Connections, unknown]>([
    ['all is well', facts(), true],
    ['the database starts', facts({ sessions: { reach: 'starting' } }), { notYet: expect.any(String) }],
    ['the database is silent', dead, expect.stringContaining('refuses')],
    ['the backend has none', facts({ reach: 'refused' }), expect.stringContaining('for the backend')],
    ['hardly any is left', facts({ sessions: own({}) }), expect.stringContaining('96 of 100')],
    ['it is not ready yet', facts({ status: 503 }), { notYet: expect.stringContaining('503') }],
  ])('%s', (_, given, finding) => {
    expect(connectedAgain(given)).toEqual(finding);
  });

  it('counts the last two connections as none', () => {
    expect([92, 93].map((clients) => exhausted(facts({ sessions: { clients } })))).toEqual([false, true]);
  });
});
