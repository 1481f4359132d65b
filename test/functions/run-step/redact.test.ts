import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactAll } from '../../../functions/run-step/redact.ts';

/** Made up, and recognisable in what must not be there any more. */
const SECRET = 'hunter2Xq9';
// Put together here, so that no scanner of this repository takes it for a key that leaked.
const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'c2lnbmF0dXJlLWhlcmU'].join('.');
const AWS_KEY = `AKIA${'IOSFODNN7EXAMPLE'}`;
const pem = (kind: string) => `-----BEGIN ${kind}-----\nMIIEow${SECRET}\nIBAAKCAQ${SECRET}==\n-----END ${kind}-----`;

const SECRETS: [string, string][] = [
  ['an env line', `DB_PASSWORD=${SECRET}`],
  ['an env line with signs in its value', `DB_PASSWORD=a,${SECRET};b&${SECRET}`],
  ['an exported variable in quotes', `export MISTRAL_API_KEY='${SECRET} with a space'`],
  ["Postgres' own variable", `PGPASSWORD=${SECRET} psql -U postgres`],
  ['YAML', `  database:\n    password: ${SECRET}\n    user: sira`],
  ['JSON', `{"user":"sira","password":"${SECRET}","port":5432}`],
  ['JSON with spaces and camel case', `{ "secretAccessKey" : "${SECRET}" }`],
  ['JSON with an escaped quote', String.raw`{"apiKey":"a\"${SECRET}"}`],
  ['JSON inside JSON', JSON.stringify({ message: JSON.stringify({ token: SECRET, level: 'info' }) })],
  ['JSON that was cut off', `{"client_secret":"${SECRET}`],
  ['a query string', `GET /v1/query?x=password&access_token=${SECRET}&page=2`],
  ['a presigned URL', `https://bucket.s3.amazonaws.com/x?X-Amz-Signature=${SECRET}`],
  ['a name behind another name', `x=password=${SECRET}`],
  ['a command line', `1 postgres --db-password ${SECRET} --port 5432`],
  ['curl', `curl -u sira:${SECRET} https://example.com`],
  ['a bearer token', `Authorization: Bearer ${SECRET}`],
  ['basic authentication', `> authorization: Basic ${SECRET}==`],
  ['a scheme that nobody knows', `Authorization: ApiKey ${SECRET}`],
  ['Authorization in JSON', `{"headers":{"Authorization":"Bearer ${SECRET}"}}`],
  ['Authorization as Go prints it', `map[Authorization:[Bearer ${SECRET}]]`],
  ['a bearer token in a sentence', `got bearer ${SECRET}abc, which has expired`],
  ['a header of its own', `X-Api-Key: ${SECRET}`],
  ['a cookie', `Cookie: theme=dark; session=${SECRET}`],
  ['a URL with a password', `postgresql://sira:${SECRET}@db:5432/sira`],
  ['a URL with an @ in its password', `amqp://sira:p@${SECRET}@mq:5672`],
  ['a URL without a user', `redis://:${SECRET}@cache:6379/0`],
  ['a URL behind a dot', `1.postgresql://sira:${SECRET}@db`],
  ['a private key', `cat key\n${pem('RSA PRIVATE KEY')}\ndone`],
  ['an OpenSSH key', pem('OPENSSH PRIVATE KEY')],
  ['a PGP key', pem('PGP PRIVATE KEY BLOCK')],
  ['a private key that was cut off', pem('EC PRIVATE KEY').slice(0, -20)],
  ['a private key in JSON', JSON.stringify({ key: pem('PRIVATE KEY') })],
];

describe('what is a secret', () => {
  it.each(SECRETS)('%s is hidden', (_name, text) => {
    const redacted = redact(text);
    expect(redacted).not.toContain(SECRET);
    expect(redacted).toContain('[redacted]');
    expect(redact(redacted), 'once is enough').not.toContain(SECRET);
  });

  it.each([
    ['AWS', AWS_KEY],
    ['a JWT', JWT],
    ['GitHub', `ghp_${'a1B2'.repeat(9)}`],
    ['Slack', `xoxb-${'1234567890-'.repeat(3)}abc`],
    ['Mistral and the like', `sk-${'a1B2'.repeat(8)}`],
    ['Pinecone', `pcsk_${'a1B2'.repeat(8)}`],
  ])('a key of %s is hidden wherever it stands', (_name, key) => {
    for (const text of [key, `using ${key}, which`, `"${key}"`, `a=${key}`, `(${key})`]) expect(redact(text)).not.toContain(key);
  });

  it('takes what stands around it away with it only as far as it must', () => {
    expect(redact('postgresql://sira:secret@db:5432/sira')).toBe('postgresql://sira:[redacted]@db:5432/sira');
    expect(redact('{"user":"sira","password":"x","port":5432}')).toBe('{"user":"sira","password":[redacted],"port":5432}');
    expect(redact('PGPASSWORD=x psql -U postgres')).toBe('PGPASSWORD=[redacted] psql -U postgres');
  });

  it('is hidden in values that came as JSON, by its text or by the name it stands under', () => {
    expect(
      redactAll({ env: { DB_PASSWORD: SECRET, PORT: 5432 }, logs: [`token=${SECRET}`], tokens: 12, empty: { secret: '' } }),
    ).toEqual({
      env: { DB_PASSWORD: '[redacted]', PORT: 5432 },
      logs: ['token=[redacted]'],
      tokens: 12,
      empty: { secret: '' },
    });
  });
});

const ORDINARY = [
  '2026-10-04 03:14:07 ERROR [backend] psycopg2.OperationalError: connection to server at "db", port 5432 failed',
  '10.0.1.7 - - [04/Oct/2026:03:14:07 +0000] "GET /api/health HTTP/1.1" 503 162 "-" "curl/8.5"',
  'FATAL: password authentication failed for user "sira"',
  'invalid token at line 12, column 4',
  'SyntaxError: Unexpected token < in JSON at position 0',
  'secrets were rotated; authorization failed for 3 users',
  '/dev/nvme0n1p1 ext4 100G 91G 9G 92% /',
  'sira_backend_prod  Up 3 hours (healthy)  0.0.0.0:8000->8000/tcp',
  'https://api.yourdomain.com:8443/health answered 503',
  'see http://localhost:3001/d/sira?from=now-1h and mail ops@yourdomain.com',
  'git@github.com:sira/backend.git at 3f2c1a9',
  'docker exec -u 1000:1000 sira_db_prod pg_isready',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'disk-usage: 91.3 % used, 8.7 % free, inodes 4 %',
];

describe('what is no secret', () => {
  it.each(ORDINARY)('%s', (line) => {
    expect(redact(line)).toBe(line);
  });

  it('stays whatever stands beside a secret on other lines', () => {
    const before = ORDINARY.join('\n');
    expect(redact(`${before}\nDB_PASSWORD=\n${before}\nDB_PASSWORD=x\n${before}`)).toBe(
      `${before}\nDB_PASSWORD=\n${before}\nDB_PASSWORD=[redacted]\n${before}`,
    );
  });
});

const MEGABYTE = 1_000_000;
const filled = (part: string, length = MEGABYTE) => part.repeat(Math.ceil(length / part.length)).slice(0, length);

/** Texts that make a pattern with two ways to read them start over at every letter. */
const HOSTILE = [
  ...['a', ' ', '\n', '-', '.', 'a.', 'a-', 'a ', '"', "'", '\\', '\\"', '=', ':', '@', '/', '://', '://a:', '://a:b', '://:@'],
  ...['password', 'password.', 'password-', 'password ', 'password=', 'password:"', "password='", 'password\\"', 'pass', 'toke'],
  ...['--password', '--password ', ' --token', '-u a', '-u a:', '--user=', 'authorization', 'authorization:', 'authorization: a'],
  ...['authorization  ', 'authorization:[', 'authorization:bearer ', 'bearer', 'bearer ', 'cookie', 'cookie:', 'set-cookie'],
  ...['-----BEGIN ', '-----BEGIN A', '-----BEGIN PRIVATE KEY', '-----BEGIN PRIVATE KEY-----', '-----END ', '-----END A'],
  ...['eyJ', 'eyJ-', 'eyJaaaaaaaa.', 'eyJaaaaaaaa.b', 'AKIA', 'ghp_', 'xoxb-', 'sk-', 'api-', 'x-api-key', '_key', 'a+b.c://'],
];

describe('a megabyte of hostile output', () => {
  it('takes no longer than it is long', () => {
    const slow: string[] = [];
    for (const part of HOSTILE) {
      const less = filled(part, MEGABYTE / 10);
      for (const text of [filled(part), `password=${less}`, `authorization: ${less}`, `://a:${less}`]) {
        const since = process.cpuUsage();
        redact(text);
        const { user } = process.cpuUsage(since);
        // Quadratic would be minutes; this leaves room for a busy machine.
        if (user > 1_000_000) slow.push(`${JSON.stringify(part)}: ${user / 1_000} ms`);
      }
    }
    expect(slow).toEqual([]);
  });

  it('hides a secret in whatever stands around it', () => {
    const around = fc.string({ unit: fc.constantFrom('a', ' ', '"', "'", '{', '}', ',', ':', '=', '/', '@', '.', '-', '\n') });
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(redact(`${before}\nDB_PASSWORD=${SECRET}\n${after}`)).not.toContain(SECRET);
        expect(redact(`${before}\npostgresql://sira:${SECRET}@db/sira\n${after}`)).not.toContain(SECRET);
        expect(redact(`${before}\nAuthorization: Bearer ${SECRET}\n${after}`)).not.toContain(SECRET);
      }),
      { numRuns: 300 },
    );
  });
});
