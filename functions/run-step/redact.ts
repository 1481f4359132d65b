import { printable, printableName } from '../printable.ts';

/** What stands where a secret stood. */
const HIDDEN = '[redacted]';

/** What is in the name of a thing whose value is a secret: `password=…`, `"api_key": "…"`, `PGPASSWORD=…`. */
const SECRET_NAME =
  'password|passwd|passphrase|pwd|secret|token|credential|signature|(?:api|access|private|signing|encryption|master)[_-]?key';
/** A whole name with such a part. The look ahead and the look behind see to it that no name is read twice. */
const NAME = String.raw`(?<![\w.-])(?=[\w.-]*?(?:${SECRET_NAME}))[\w.-]+`;
/** Quoted, or quoted inside a quoted text, or bare. What has no closing quote was cut off, and is hidden to the end of its line. */
const VALUE = String.raw`(?:"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|\\+["'](?:[^"'\\\n]|\\[^"'])*|[^\s"'\\]+)`;

/**
 * Each reads a text in one go: hostile output can be long, and a pattern that starts over at every letter would keep the
 * function busy until it is ended, which reads like a host that does not answer.
 */
const SECRETS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)/g, HIDDEN],
  // With whatever scheme: Bearer, Basic, ApiKey, Negotiate. Go prints a header's values in brackets.
  [/\b(authorization\\?["']?[^\S\n]*[:=][^\S\n]*[\\"'[(]*)(?:[a-z][\w-]*[^\S\n]+)?[^\s"',;\\]+/gi, `$1${HIDDEN}`],
  [/\b((?:set-)?cookie\\?["']?[^\S\n]*[:=][^\S\n]*)[^\n]+/gi, `$1${HIDDEN}`],
  [/\b(bearer\s+)[\w.~+/=-]{8,}/gi, `$1${HIDDEN}`],
  [new RegExp(String.raw`(${NAME}\\?["']?[^\S\n]*[:=][^\S\n]*)${VALUE}`, 'gi'), `$1${HIDDEN}`],
  // On a command line, as a list of processes shows it.
  [new RegExp(String.raw`((?<=^|\s)(?=--)${NAME}[^\S\n]+)${VALUE}`, 'gim'), `$1${HIDDEN}`],
  [/(?<=^|\s)((?:-u|--user)[ =][^\s:]{1,256}:)(?!\d+(?:\s|$))\S+/gm, `$1${HIDDEN}`],
  // user:password@host in a URL: databases and brokers are configured so. A user's name can be missing.
  [/(:\/\/[^\s:/@]{0,256}:)[^\s/]{1,256}@/g, `$1${HIDDEN}@`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, HIDDEN],
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, HIDDEN],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|(?:sk|glpat)-[\w-]{16,}|pcsk_\w{16,})/g, HIDDEN],
];
const SECRETIVE = new RegExp(SECRET_NAME, 'i');

/**
 * Takes tokens, passwords, keys and `Authorization` out of a text, before it is stored or sent, and first of all what a terminal
 * would obey: colours inside of a line would hide from us that it names a password.
 * It errs towards hiding: a value that only looks like a secret is lost to the reader, and is still on the host.
 */
export function redact(text: string): string {
  return withoutSecrets(printable(text));
}

function withoutSecrets(text: string): string {
  return SECRETS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
}

/** A fact can be a name that an act is given later: what was taken out of it leaves a mark there, so that it is no other's name. */
function redactFact(text: string): string {
  const shown = printable(text);
  const hidden = withoutSecrets(shown);
  return hidden !== shown || /\s/.test(shown) ? hidden : printableName(text);
}

/** The same for every text in a value that came as JSON, where a name alone can say that its text is a secret. */
export function redactAll(value: unknown): unknown {
  if (typeof value === 'string') return redactFact(value);
  if (Array.isArray(value)) return value.map(redactAll);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        typeof inner === 'string' && inner !== '' && SECRETIVE.test(name) ? HIDDEN : redactAll(inner),
      ]),
    );
  return value;
}
