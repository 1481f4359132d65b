import type * as z from 'zod';
import type { databaseState } from '../commands/database-state.ts';
import type { externalServices } from '../commands/external-services.ts';
import type { failingRequests } from '../commands/failing-requests.ts';
import type { errorKinds } from '../commands/log-errors.ts';

/** Everything that is known when it must be said why requests fail. */
export interface Errors {
  requests: z.output<typeof failingRequests.facts>;
  backend: ErrorKinds;
  application: ErrorKinds;
  databaseLog: ErrorKinds;
  database: z.output<typeof databaseState.facts>;
  external: z.output<typeof externalServices.facts>;
}
type ErrorKinds = z.output<typeof errorKinds>;

/** The page's common causes, and that none of them is seen. */
export type Cause = 'invalid input' | 'external service' | 'database' | 'authentication' | 'unknown';
export interface Likely {
  cause: Cause;
  /** What speaks for it, in a sentence. */
  why: string;
}

const LOGIN = [401, 403, 407];
/** Not what users send: who asks for what is not there (old links, scanners), or for too much, or does not wait. */
const NOBODYS_INPUT = [404, 408, 410, 429, 499];
/** With which nginx says that it waited in vain. */
const GATEWAY_TIMEOUT = 504;

/** Requests by what they say of the cause. */
export function sorted({ statuses }: Errors['requests']) {
  const sum = (of: (status: number) => boolean) =>
    statuses.filter(({ status }) => of(status)).reduce((all, { count }) => all + count, 0);
  return {
    authentication: sum((status) => LOGIN.includes(status)),
    input: sum((status) => status >= 400 && status < 500 && ![...LOGIN, ...NOBODYS_INPUT].includes(status)),
    server: sum((status) => status >= 500),
    timeouts: sum((status) => status === GATEWAY_TIMEOUT),
    missing: sum((status) => status === 404),
    tooMany: sum((status) => status === 429),
  };
}

/**
 * The likely cause, out of the page's list. What most of the failing requests got decides; logs say whose fault an answer of 5xx
 * is. Without a sign of any, it is unknown: a guess would send somebody to the wrong place.
 */
export function likelyCause(errors: Errors): Likely {
  const { authentication, input, server } = sorted(errors.requests);
  const all = authentication + input + server;
  if (errors.requests.requests === 0) return unknown('nginx has logged no request of the last minutes');
  if (all === 0) return unknown('no request of the last minutes has failed');
  if (server >= authentication && server >= input) return serverCause(errors, `${server} of ${all} errors are 5xx`);
  if (authentication >= input) return refusedLogin(errors, authentication, all);
  const at = most(errors.requests.refused.filter(({ status }) => ![...LOGIN, ...NOBODYS_INPUT].includes(status)));
  return { cause: 'invalid input', why: `${input} of ${all} errors are 4xx that refuse what was sent${at}` };
}

const unknown = (why: string): Likely => ({ cause: 'unknown', why });

function refusedLogin({ requests }: Errors, count: number, all: number): Likely {
  const { refused } = requests.login;
  const where = refused * 2 > count ? 'mostly where one signs in' : 'mostly where one is signed in already';
  const at = most(requests.refused.filter(({ status }) => LOGIN.includes(status)));
  return { cause: 'authentication', why: `${count} of ${all} errors are 401 or 403, ${where}${at}` };
}

function serverCause(errors: Errors, share: string): Likely {
  const database = databaseSign(errors);
  const outside = outsideSign(errors);
  if (database.sure) return { cause: 'database', why: `${share}, and ${database.why}` };
  if (database.count === 0 && outside.count === 0) {
    const [first] = [...errors.backend.exceptions, ...errors.application.exceptions];
    return unknown(
      `${share}, and no log names the database or a service outside${first ? `; most frequent: ${first.name}` : unread(errors)}`,
    );
  }
  return database.count >= outside.count
    ? { cause: 'database', why: `${share}, and ${database.why}` }
    : { cause: 'external service', why: `${share}, and ${outside.why}` };
}

/** `sure`: the database itself says so. */
function databaseSign({ database, databaseLog, backend, application }: Errors): { sure: boolean; count: number; why: string } {
  if (database.state !== 'running') return { sure: true, count: 0, why: `the database does not run (${database.state})` };
  if (database.panic) return { sure: true, count: 0, why: 'the database has panicked' };
  if (database.diskFull) return { sure: true, count: 0, why: 'the disk of the database is full' };
  if (database.tooManyClients) return { sure: true, count: 0, why: 'every connection of the database is taken' };
  const count = backend.database + application.database;
  const [own] = databaseLog.exceptions;
  const also = own ? `, its own most: ${own.name}` : '';
  return { sure: false, count, why: `${count} lines of the logs are errors of the database${also}` };
}

function outsideSign(errors: Errors): { count: number; why: string } {
  const logs = [errors.backend, errors.application];
  const named = logs.flatMap(({ outside }) => outside).filter(({ errors: count }) => count > 0);
  const other = logs.reduce((all, { otherServices }) => all + otherServices, 0);
  const count = named.reduce((all, { errors: some }) => all + some, other);
  const dead = errors.external.services.filter(({ reachable }) => !reachable).map(({ url }) => new URL(url).host);
  const { timeouts } = sorted(errors.requests);
  const names = [...new Set(named.map(({ service }) => service))];
  const signs = [
    ...(count > 0 ? [`${count} lines of the logs are failed calls of ${names.join(' and ') || 'another service'}`] : []),
    ...(timeouts > 0 ? [`${timeouts} answers are 504`] : []),
    ...(dead.length > 0 ? [`${dead.join(' and ')} cannot be reached from the host`] : []),
  ];
  // A service that cannot be reached is a sign by itself, where nothing else is.
  return { count: count + (dead.length > 0 ? 1 : 0), why: signs.join(', ') };
}

function unread({ backend, application }: Errors): string {
  const reasons = [backend, application].filter(({ readable }) => !readable).map(({ why }) => why);
  return reasons.length > 0 ? ` (not everything could be read: ${reasons.join('; ')})` : '';
}

function most(endpoints: Errors['requests']['failed']): string {
  const [first] = endpoints;
  return first ? `, most at ${first.endpoint} (${first.status}, ${first.count} times)` : '';
}

/** What the page says to do about each, which is a person's. */
export const RESOLUTION: Readonly<Record<Cause, string>> = {
  'invalid input': 'Mend the validation, or the client that sends it.',
  'external service':
    'See whether it is theirs (sira/slow-recommendations asks with the key); retries and time limits are in the code.',
  database: 'Find the failing or slow query; sira/database-down and sira/high-response-time look closer.',
  authentication:
    'Check how authentication is configured: keys, clocks, expiry, what was changed last. Many refusals at the login may be an attack.',
  unknown: 'Read the evidence: failing endpoints, exceptions, the lines of both logs.',
};

/** What a person is told. */
export function told(errors: Errors): string {
  const { cause, why } = likelyCause(errors);
  const { missing, tooMany } = sorted(errors.requests);
  const aside = [...(missing > 0 ? [`${missing} answers are 404`] : []), ...(tooMany > 0 ? [`${tooMany} answers are 429`] : [])];
  const failing = errors.requests.failed.slice(0, 3).map(({ endpoint, status, count }) => `${endpoint} (${status}, ${count})`);
  return [
    `Likely cause: ${cause === 'unknown' ? 'none of the usual ones' : cause}: ${why}.`,
    RESOLUTION[cause],
    ...(failing.length > 0 ? [`Failing: ${failing.join(', ')}.`] : []),
    ...(aside.length > 0 ? [`Counted for nothing: ${aside.join(', ')}.`] : []),
  ].join('\n');
}
