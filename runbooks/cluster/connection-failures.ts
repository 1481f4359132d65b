import * as z from 'zod';

/**
 * How far one who asks for a connection to PostgreSQL comes:
 * - `refused`: nothing listens there;
 * - `too-many`: the server answers, and has no connection left for this role;
 * - `authentication`: the server answers, and does not take the role or its password;
 * - `starting`: the server answers, and takes nobody yet, or nobody any more;
 * - `no-name`: the name of its host is not known;
 * - `timeout`: no answer in time, or no way there;
 * - `unknown`: something else, or it could not be tried. It says nothing of the database.
 */
export const Reach = z.enum(['ok', 'refused', 'too-many', 'authentication', 'starting', 'no-name', 'timeout', 'unknown']);
export type Reach = z.output<typeof Reach>;
export type NoReach = Exclude<Reach, 'ok'>;

/**
 * In the words of libpq, psycopg, asyncpg and Python. A host with several addresses is tried at each: an answer of the server at
 * one of them says more than silence at another, so the answers come first.
 */
const SIGNS: readonly (readonly [NoReach, RegExp])[] = [
  ['unknown', /ModuleNotFoundError|ImportError|executable file not found|not found in \$PATH/],
  ['too-many', /too many (clients|connections)|remaining connection slots/i],
  ['starting', /the database system is (starting up|shutting down|not yet accepting|in recovery)/i],
  [
    'authentication',
    /authentication failed|no pg_hba\.conf entry|no password supplied|is not permitted to log in|role ["'“].*["'”] does not exist/i,
  ],
  [
    'no-name',
    /could not translate host name|name or service not known|name resolution|getaddrinfo failed|nodename nor servname|name does not resolve/i,
  ],
  ['refused', /connection refused/i],
  ['timeout', /timeout expired|timed out|TimeoutError|no route to host|(network|host) is unreachable/i],
];

/** Which of them it is, and the line that says so, without what only the cluster may know. */
export function whyNoConnection(said: string): { reach: NoReach; words: string } {
  const [reach, sign] = SIGNS.find(([, pattern]) => pattern.test(said)) ?? ['unknown', undefined];
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const line = (sign && lines.find((one) => sign.test(one))) ?? lines.at(-1) ?? 'nothing was said';
  return { reach, words: discreet(line) };
}

const MOST_WORDS = 300;

/**
 * A line without names, addresses and URLs: the host and the role come from a Secret, and an application's error may hold its
 * whole URL, with the password in it.
 */
export function discreet(line: string): string {
  return line
    .replace(/[a-z][a-z0-9+]*:\/\/\S*/gi, '...')
    .replace(/"[^"]*"?|(?<![a-z])'[^']*'?/gi, '"..."')
    .replace(/\(?\b\d{1,3}(\.\d{1,3}){3}\b\)?(:\d+)?|\([0-9a-f]*:[0-9a-f:.]*\)/gi, '')
    .replace(/\b[a-z0-9-]+(\.[a-z0-9-]+){2,}\b/g, '...')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MOST_WORDS);
}

/** For a sentence: `refuses connections`. */
export const REACHES: Readonly<Record<Reach, string>> = {
  ok: 'answers',
  refused: 'refuses connections',
  'too-many': 'has no connection left',
  authentication: 'does not take the role or its password',
  starting: 'is starting or shutting down',
  'no-name': 'has a name that is not known',
  timeout: 'does not answer in time',
  unknown: 'could not be asked',
};
