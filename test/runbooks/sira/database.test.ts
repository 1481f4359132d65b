import { describe, expect, it } from 'vitest';
import {
  corrupt,
  type DatabaseHealth,
  damage,
  databaseCause,
  exhausted,
  wellAgain,
  whyEnd,
  whyRestart,
} from '../../../runbooks/sira/database.ts';

type Change = { [K in keyof DatabaseHealth]?: Partial<DatabaseHealth[K]> | undefined };

/** A well database; a test says what is not. */
function health({ database, sessions, disk, backend }: Change = {}): DatabaseHealth {
  return {
    database: {
      ...{ state: 'running', startedSecondsAgo: 3_600, accepting: 'accepting', connections: 14, maxConnections: 100 },
      ...{ tooManyClients: false, diskFull: false, panic: false, damaged: false, ...database },
    },
    sessions: {
      ...{ asked: true, error: '', most: 100, reserved: 3, clients: 8, role: 'ordinary' },
      application: { all: 7, active: 1, inTransaction: 0, idle: 6, idleLong: 0 },
      ...sessions,
    },
    disk: {
      ...{ freeMb: 20_000, freePercent: 50, ...disk },
      places: disk?.places ?? [{ path: '/var/lib/docker', freeMb: 20_000, freePercent: 50, inodesUsedPercent: 10 }],
    },
    backend: { found: true, startedSecondsAgo: 3_600, lines: 0, failures: 0, last: 'none', lastLine: '', ...backend },
  };
}
const stopped = health({ database: { state: 'exited', accepting: 'unknown', connections: null } });
const silent = health({ database: { accepting: 'no-response', connections: null } });
const full = { clients: 97, application: { all: 96, active: 2, inTransaction: 1, idle: 93, idleLong: 90 } };

describe('a restart', () => {
  it.each([
    ['one that is stopped', stopped],
    ['one that runs for long and does not answer', silent],
    ['one that was made and never started', health({ database: { state: 'created', startedSecondsAgo: null } })],
  ])('is for %s', (_, given) => {
    expect(whyRestart(given)).toMatchObject({ needed: true });
  });

  it.each<[string, Change['database'], string]>([
    ['one that answers', {}, 'accepts connections'],
    ['one that recovers', { accepting: 'rejecting', connections: null }, 'recovering'],
    ['one that was just started', { accepting: 'no-response', startedSecondsAgo: 60 }, 'less than two minutes'],
    ['one that could not be asked', { accepting: 'unknown' }, 'not known'],
    ['one that has no container', { state: 'missing' }, 'no container'],
    ['one that somebody paused', { state: 'paused' }, 'paused'],
    ['one that Docker is restarting', { state: 'restarting' }, 'restarting'],
    ['one that has panicked', { state: 'exited', panic: true }, 'panicked'],
    ['one with damaged data', { accepting: 'no-response', damaged: true }, 'damaged'],
    ['one whose disk was full', { state: 'exited', diskFull: true }, 'no space left'],
  ])('is not for %s', (_, database, why) => {
    expect(whyRestart(health({ database }))).toMatchObject({ needed: false, why: expect.stringContaining(why) });
  });

  it('is not for one whose disk is full, in bytes or in files', () => {
    const place = { path: '/data', freeMb: 10, freePercent: 1, inodesUsedPercent: 10 };
    for (const one of [place, { ...place, freePercent: 50, inodesUsedPercent: 99 }])
      expect(whyRestart({ ...stopped, disk: { freeMb: 10, freePercent: 1, places: [one] } })).toMatchObject({
        needed: false,
        why: expect.stringContaining('/data'),
      });
  });
});

describe('ending idle sessions', () => {
  it('is for one whose connections are taken, where some have been idle for long', () => {
    expect(whyEnd(health({ sessions: full }), 10)).toEqual({
      needed: true,
      why: "97 of 100 connections are taken, and 90 of the application's have been idle for over 10 minutes",
    });
    const turnedAway = health({ database: { tooManyClients: true, connections: null }, sessions: full });
    expect(whyEnd(turnedAway, 10).needed).toBe(true);
  });

  it.each<[string, Change, string]>([
    ['there are connections left', { sessions: { ...full, clients: 60 } }, '60 of 100'],
    ['none is idle for long', { sessions: { ...full, application: { ...full.application, idleLong: 0 } } }, '2 are at work'],
    ['the role is a superuser', { sessions: { ...full, role: 'superuser' } }, 'a superuser'],
    ['the role is not there', { sessions: { ...full, role: 'missing' } }, 'not there'],
    [
      'not even the superuser gets in',
      { sessions: { asked: false, error: 'FATAL:  sorry, too many clients already' } },
      'superuser',
    ],
    ['the database rejects', { database: { accepting: 'rejecting' }, sessions: full }, 'rejecting'],
    ['its data is damaged', { database: { damaged: true }, sessions: full }, 'damaged'],
  ])('is not, where %s', (_, change, why) => {
    expect(whyEnd(health(change), 10)).toMatchObject({ needed: false, why: expect.stringContaining(why) });
  });

  it('counts a few free connections as none', () => {
    expect(exhausted(health({ sessions: { clients: 95 } }))).toBe(true);
    expect(exhausted(health({ sessions: { clients: 94 } }))).toBe(false);
  });
});

describe('well again', () => {
  const api = { url: 'https://api', status: 200, well: true, tookMs: 20, error: '' };
  const check = (database: Change['database'], status = 200) =>
    wellAgain({ database: health({ database }).database, api: { ...api, status, well: status === 200 } });

  it('is one that answers a query, with an API that says so', () => expect(check({})).toBe(true));
  it('waits for one that recovers, and for an API that has not reconnected', () => {
    expect(check({ accepting: 'rejecting' })).toEqual({ notYet: 'the database is starting or recovering' });
    expect(check({}, 503)).toEqual({ notYet: 'the database answers, and https://api answers 503' });
  });
  it.each<[string, Change['database']]>([
    ['stopped', { state: 'exited' }],
    ['silent', { accepting: 'no-response' }],
    ['full', { tooManyClients: true, connections: null }],
    ['one that answers no query', { connections: null }],
    ['damaged', { damaged: true }],
  ])('is not one that is %s', (_, database) => expect(check(database)).toEqual(expect.any(String)));
});

describe('what a person hears', () => {
  it('is the damage first, and that nothing was touched', () => {
    const damaged = health({ database: { state: 'exited', panic: true } });
    expect(databaseCause(damaged, 10)).toContain('panicked');
    expect(databaseCause(damaged, 10)).toContain('Nothing was restarted');
    expect([corrupt(damaged), corrupt(health({ database: { panic: true, diskFull: true } }))]).toEqual([true, false]);
    expect(damage(health())).toBeUndefined();
  });
  it('is otherwise why it does not answer, or who has its connections', () => {
    expect(databaseCause(stopped, 10)).toBe('the database does not run (exited)');
    expect(databaseCause(health({ sessions: full }), 10)).toContain('97 of 100');
  });
});
