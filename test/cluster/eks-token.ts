import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const PREFIX = 'k8s-aws-v1.';
const CLUSTER_HEADER = 'x-k8s-aws-id';
/** What EKS' authenticator allows in the URL, and nothing else. */
const ALLOWED = new Set([
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
  'x-amz-user-agent',
]);
/** A token is good for a quarter of an hour from its signing, whatever its URL says; the URL itself often for a minute only. */
const TOKEN_MS = 15 * 60_000;
const MAX_EXPIRES_SECONDS = 900;

/** Whose key it was, as STS knows it. */
export type SecretOf = (accessKeyId: string) => string | undefined;

/**
 * Reads a token for EKS as its authenticator and STS together do: a presigned GetCallerIdentity whose signature covers the
 * cluster's name.
 * @param now milliseconds
 * @returns the access key that signed it
 * @throws {Error} saying why it is refused
 */
export function signerOf(token: string, cluster: string, secretOf: SecretOf, now: number): string {
  if (!token.startsWith(PREFIX)) throw new Error('not a token of EKS');
  const url = presigned(token.slice(PREFIX.length));
  const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  for (const name of query.keys()) if (!ALLOWED.has(name)) throw new Error(`the URL has a parameter ${name}`);
  if (query.get('action') !== 'GetCallerIdentity') throw new Error('the URL asks for something other than GetCallerIdentity');
  const need = (name: string) => {
    const value = query.get(name);
    if (value === undefined) throw new Error(`the URL has no ${name}`);
    return value;
  };
  if (!need('x-amz-signedheaders').split(';').includes(CLUSTER_HEADER)) throw new Error(`${CLUSTER_HEADER} is not signed`);
  fresh(need('x-amz-date'), Number(need('x-amz-expires')), now);
  const [accessKeyId = '', date = '', region = '', service = ''] = need('x-amz-credential').split('/');
  const secret = secretOf(accessKeyId);
  if (secret === undefined) throw new Error(`STS knows no access key ${accessKeyId}`);
  const scope = { date, region, service, time: need('x-amz-date'), headers: need('x-amz-signedheaders') };
  const expected = Buffer.from(signature(url, cluster, secret, scope));
  const found = Buffer.from(need('x-amz-signature'));
  if (expected.length !== found.length || !timingSafeEqual(expected, found))
    throw new Error(`the signature is not that of ${accessKeyId} for the cluster ${cluster}`);
  return accessKeyId;
}

function presigned(encoded: string): URL {
  const text = Buffer.from(encoded, 'base64url').toString('utf8');
  if (!URL.canParse(text)) throw new Error('the token holds no URL');
  const url = new URL(text);
  const isSts = /^sts(-fips)?(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/.test(url.host);
  if (url.protocol !== 'https:' || !isSts || url.pathname !== '/')
    throw new Error(`not a URL of STS: ${url.origin}${url.pathname}`);
  return url;
}

function fresh(date: string, expiresSeconds: number, now: number): void {
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const signedAt = Date.parse(iso);
  if (Number.isNaN(signedAt)) throw new Error('the date of the URL cannot be read');
  if (!(expiresSeconds >= 0 && expiresSeconds <= MAX_EXPIRES_SECONDS)) throw new Error('the URL is good for too long');
  if (now > signedAt + TOKEN_MS) throw new Error('the token has expired');
}

interface Scope {
  date: string;
  region: string;
  service: string;
  time: string;
  headers: string;
}

/** Signature Version 4 of a presigned GET without a body. */
function signature(url: URL, cluster: string, secret: string, { date, region, service, time, headers }: Scope): string {
  const values: Record<string, string> = { host: url.host, [CLUSTER_HEADER]: cluster };
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .sort();
  const canonical = [
    'GET',
    '/',
    query.join('&'),
    ...headers.split(';').map((name) => `${name}:${values[name] ?? ''}`),
    '',
    headers,
    createHash('sha256').update('').digest('hex'),
  ].join('\n');
  const hashed = createHash('sha256').update(canonical).digest('hex');
  const toSign = ['AWS4-HMAC-SHA256', time, `${date}/${region}/${service}/aws4_request`, hashed].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<Buffer>(
    (by, part) => createHmac('sha256', by).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
  return createHmac('sha256', key).update(toSign).digest('hex');
}

/** encodeURIComponent leaves five characters that Signature Version 4 escapes. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
