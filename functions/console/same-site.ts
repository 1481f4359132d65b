import type { MiddlewareHandler } from 'hono';
import { Rejected } from './rejected.ts';

const READS = ['GET', 'HEAD'];
const ACCEPTED = ['application/json', 'application/x-www-form-urlencoded'];

/**
 * What changes something is taken only from our own pages or from a client that is no browser. A browser says where a request
 * comes from; one that comes from another site is refused, whatever it carries.
 */
export const sameSite: MiddlewareHandler = async ({ req }, next) => {
  if (!READS.includes(req.method)) {
    const { host } = new URL(req.url);
    const origin = req.header('origin');
    const site = req.header('sec-fetch-site');
    if (origin !== undefined && hostOf(origin) !== host) throw fromElsewhere('Origin', host, origin);
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      throw fromElsewhere('Sec-Fetch-Site', 'same-origin', site);
    const type = req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
    // A request without a body has no type: switching a fault on needs nothing but its address.
    if (type !== undefined && !ACCEPTED.includes(type))
      throw new Rejected(415, {
        field: 'Content-Type',
        expected: ACCEPTED.join(' or '),
        message: `expected JSON or a form, got ${type.slice(0, 80)}`,
      });
  }
  await next();
};

function fromElsewhere(field: string, expected: string, came: string): Rejected {
  return new Rejected(403, {
    field,
    expected,
    message: `a request from another site changes nothing here (${came.slice(0, 80)})`,
  });
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/**
 * Nothing is loaded from anywhere else, nothing inline is run, nobody frames the page, and no answer is kept.
 * The referrer stays within the site: without any, browsers send forms with the origin `null`.
 */
export const safeHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of HEADERS) c.res.headers.set(name, value);
};

const HEADERS: readonly [string, string][] = [
  [
    'Content-Security-Policy',
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  ],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'same-origin'],
  ['Cache-Control', 'no-store'],
  // No window that another site has opened, and no page of it, gets hold of ours.
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
];
