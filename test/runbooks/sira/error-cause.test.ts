import { describe, expect, it } from 'vitest';
import { type Errors, likelyCause, sorted, told } from '../../../runbooks/sira/error-cause.ts';
import highErrorRate from '../../../runbooks/sira/high-error-rate.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';

type Log = Errors['backend'];
const log = (more: Partial<Log> = {}): Log => ({
  ...{ readable: true, why: '', lines: 200, errors: 0, database: 0, otherServices: 0, authentication: 0, invalidInput: 0 },
  ...{ outside: [], exceptions: [], ...more },
});
const mistral = (errors: number, timeouts = errors) => ({ service: 'mistral', errors, timeouts, keyRefused: 0, quota: 0 });

/** Requests that ended so, the others well. */
function requests(statuses: Record<number, number>, more: Partial<Errors['requests']> = {}): Errors['requests'] {
  const list = Object.entries(statuses).map(([status, count]) => ({ status: Number(status), count }));
  const endpoint = ({ status, count }: (typeof list)[number]) => ({ endpoint: `GET /api/${status}`, status, count });
  return {
    requests: 1_000,
    statuses: [{ status: 200, count: 900 }, ...list],
    failed: list.filter(({ status }) => status >= 500).map(endpoint),
    refused: list.filter(({ status }) => status < 500).map(endpoint),
    login: { requests: 0, refused: 0 },
    ...more,
  };
}
function errors(statuses: Record<number, number>, more: Partial<Errors> = {}): Errors {
  return {
    requests: requests(statuses),
    backend: log(),
    application: log(),
    databaseLog: log(),
    database: {
      ...{
        state: 'running',
        startedSecondsAgo: 3_600,
        damaged: false,
        accepting: 'accepting',
        connections: 10,
        maxConnections: 100,
      },
      ...{ tooManyClients: false, diskFull: false, panic: false },
    },
    external: { services: [{ url: 'https://api.mistral.ai/v1/models', reachable: true, status: 401, tookMs: 80, error: '' }] },
    ...more,
  };
}

describe('requests are sorted by what they say', () => {
  it('counts neither what is not there, nor what was too much, as input of users', () => {
    expect(sorted(requests({ 400: 3, 404: 40, 429: 7, 499: 2, 401: 5, 403: 1, 500: 4, 504: 2 }))).toEqual({
      ...{ authentication: 6, input: 3, server: 6, timeouts: 2, missing: 40, tooMany: 7 },
    });
  });
});

describe('the likely cause is', () => {
  it('invalid input where most are refused for what was sent', () => {
    const { cause, why } = likelyCause(errors({ 422: 30, 401: 4, 500: 1 }));
    expect([cause, why]).toEqual([
      'invalid input',
      '30 of 35 errors are 4xx that refuse what was sent, most at GET /api/422 (422, 30 times)',
    ]);
  });

  it('authentication, and where', () => {
    const at = (refused: number) => requests({ 401: 28, 403: 2 }, { login: { requests: 40, refused } });
    expect(likelyCause(errors({}, { requests: at(25) }))).toMatchObject({
      cause: 'authentication',
      why: expect.stringContaining('mostly where one signs in'),
    });
    expect(likelyCause(errors({}, { requests: at(2) })).why).toContain('signed in already');
  });

  it('the database where its errors are in the logs, and names what it says itself', () => {
    const more = { backend: log({ database: 12 }), databaseLog: log({ exceptions: [{ name: 'ERROR:  column', count: 12 }] }) };
    expect(likelyCause(errors({ 500: 30 }, more))).toEqual({
      cause: 'database',
      why: '30 of 30 errors are 5xx, and 12 lines of the logs are errors of the database, its own most: ERROR:  column',
    });
  });

  it.each([
    [{ state: 'exited' }, 'does not run (exited)'],
    [{ panic: true }, 'panicked'],
    [{ diskFull: true }, 'disk'],
    [{ tooManyClients: true }, 'every connection'],
  ])('the database for sure where it says so itself: %o', (database, why) => {
    const base = errors({ 500: 30 }, { backend: log({ outside: [mistral(40)] }) });
    const found = likelyCause({ ...base, database: { ...base.database, ...database } });
    expect(found).toMatchObject({ cause: 'database', why: expect.stringContaining(why) });
  });

  it('an external service where most failed calls name it, or nothing but its silence is a sign', () => {
    const named = errors({ 504: 20, 500: 5 }, { backend: log({ outside: [mistral(9)], database: 2 }) });
    expect(likelyCause(named)).toEqual({
      cause: 'external service',
      why: '25 of 25 errors are 5xx, and 9 lines of the logs are failed calls of mistral, 20 answers are 504',
    });
    const url = 'https://api.pinecone.io/';
    const dead = { services: [{ url, reachable: false, status: 0, tookMs: 0, error: 'timed out' }] };
    expect(likelyCause(errors({ 500: 20 }, { external: dead }))).toMatchObject({
      cause: 'external service',
      why: expect.stringContaining('api.pinecone.io cannot be reached'),
    });
    expect(likelyCause(errors({ 500: 20 }, { application: log({ otherServices: 3 }) }))).toMatchObject({
      cause: 'external service',
    });
  });

  it('unknown where nothing speaks for any: no request, no error, no sign', () => {
    expect(likelyCause(errors({}, { requests: { ...requests({}), requests: 0, statuses: [] } })).why).toContain('no request');
    expect(likelyCause(errors({ 404: 300 }))).toEqual({ cause: 'unknown', why: 'no request of the last minutes has failed' });
    const own = errors({ 500: 30 }, { backend: log({ exceptions: [{ name: 'KeyError', count: 30 }] }) });
    expect(likelyCause(own)).toMatchObject({ cause: 'unknown', why: expect.stringContaining('most frequent: KeyError') });
    const unread = errors({ 500: 30 }, { application: log({ readable: false, why: 'the container has no /app/logs/app.log' }) });
    expect(likelyCause(unread).why).toContain('not everything could be read: the container has no /app/logs/app.log');
  });
});

it('a person is told the cause, what the page says to do, what fails, and what was counted for nothing', () => {
  expect(told(errors({ 500: 30, 404: 9 }, { backend: log({ database: 30 }) })).split('\n')).toEqual([
    'Likely cause: database: 30 of 30 errors are 5xx, and 30 lines of the logs are errors of the database.',
    expect.stringContaining('failing or slow query'),
    'Failing: GET /api/500 (500, 30).',
    'Counted for nothing: 9 answers are 404.',
  ]);
});

it('failing queries are the database admin’s, everything else the first responder’s', () => {
  const settings = SiraSettings.parse({});
  const paged = (facts: Errors) => highErrorRate.escalate.instead({ ...facts }, {}, settings);
  expect(paged(errors({ 500: 30 }, { backend: log({ database: 30 }) }))).toBe('dba');
  expect(paged(errors({ 401: 30 }))).toBeUndefined();
});
