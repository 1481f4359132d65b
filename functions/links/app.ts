import { randomUUID } from 'node:crypto';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { titleOf } from '../../runbooks/language/system.ts';
import { whereIs } from '../escalate/link.ts';
import { iso } from '../incident/clock.ts';
import { log } from '../log.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { asks, busy, done, type Frame, late, outage, refused } from './pages.ts';
import { press, standingOf } from './press.ts';
import { moot, type Standing } from './standing.ts';

/**
 * The links in pages, for whoever has one: a GET shows, a POST acts. It needs no script and no cookie; the token is all that lets
 * somebody in, and nothing is looked at, counted or changed before the button is pressed, because scanners open every link of a mail.
 *
 * @param newId a new id for each press
 */
export function linksApp(around: Surroundings, newId: () => string = randomUUID): Hono {
  const app = new Hono();
  app.use(safe);
  app.get('/l/:token', async (c) => {
    const standing = await standingOf(around, c.req.param('token'));
    return standing ? c.html(asks(standing, moot(standing, now(around)), frameOf(around, standing))) : refuse(c);
  });
  app.post('/l/:token', async (c) => {
    if (isFromElsewhere(c)) return refuse(c);
    const pressed = await press(around, c.req.param('token'), newId());
    switch (pressed.came) {
      case 'refused':
        return refuse(c);
      case 'busy':
        return c.html(busy(), 409);
      case 'done':
        return c.html(done(pressed.standing, frameOf(around, pressed.standing)));
      case 'late':
        return c.html(late(pressed.standing, pressed.says, frameOf(around, pressed.standing)), 409);
    }
  });
  app.notFound(refuse);
  app.onError((error, c) => {
    // Without the path: the token is in it.
    log.error(`a link could not be ${c.req.method === 'POST' ? 'used' : 'shown'}`, error);
    return c.html(outage(), 503);
  });
  return app;
}

/** One answer for everything that is no link, so that nobody learns of any whether it was one. */
const refuse = (c: Context) => c.html(refused(), 404);

const now = ({ clock }: Surroundings) => iso(clock.now());

function frameOf(around: Surroundings, { link, incident }: Standing): Frame {
  const { title, roles } = systemOf(around, incident.system);
  return {
    system: title,
    role: titleOf(roles, link.role),
    console: around.config.consoleUrl && whereIs(around, incident.id),
    now: now(around),
  };
}

/**
 * Whether another site's page sends it. The token alone lets somebody in, so that this is no more than a second lock; a page that
 * sends no referrer gives `null` for its origin.
 */
function isFromElsewhere({ req }: Context): boolean {
  const [origin = 'null', site = 'none'] = [req.header('origin'), req.header('sec-fetch-site')];
  const { host } = new URL(req.url);
  const ours = origin === 'null' || (URL.canParse(origin) && new URL(origin).host === host);
  return !ours || !['same-origin', 'none'].includes(site);
}

/** The address is the secret: it is told to no other site, kept by no cache, and found by no search. */
const safe: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of HEADERS) c.res.headers.set(name, value);
};

const HEADERS: readonly [string, string][] = [
  [
    'Content-Security-Policy',
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  ],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cache-Control', 'no-store'],
  ['X-Robots-Tag', 'noindex, nofollow, noarchive'],
];
