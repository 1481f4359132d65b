/** What stands where a secret stood. */
const HIDDEN = '[redacted]';

/** Names whose value is a secret, wherever they stand: `password=…`, `"api_key": "…"`, `PGPASSWORD=…`. */
const NAMES = String.raw`[\w.-]*(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\w.-]*`;

const SECRETS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN],
  [/\b(authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic|digest|token)\s+)?[^\s"',;]+/gi, `$1${HIDDEN}`],
  [/\b(bearer\s+)[\w.~+/=-]{8,}/gi, `$1${HIDDEN}`],
  [/\b((?:x-)?api-key["']?\s*[:=]\s*["']?)[^\s"',;]+/gi, `$1${HIDDEN}`],
  [new RegExp(String.raw`(["']?\b${NAMES}["']?\s*[:=]\s*)(?:"[^"\n]*"|'[^'\n]*'|[^\s"',;&]+)`, 'gi'), `$1${HIDDEN}`],
  // user:password@host in a URL: databases and brokers are configured so.
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:)[^\s/@]+@/gi, `$1${HIDDEN}@`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, HIDDEN],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, HIDDEN],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[\w-]{10,}|sk-[A-Za-z0-9_-]{16,})/g, HIDDEN],
];

/**
 * Takes tokens, passwords, keys and `Authorization` out of a text, before it is stored or sent.
 * It errs towards hiding: a value that only looks like a secret is lost to the reader, and is still on the host.
 */
export function redact(text: string): string {
  return SECRETS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
}

/** The same for every text in a value that came as JSON. */
export function redactAll(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactAll);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redactAll(inner)]));
  return value;
}
