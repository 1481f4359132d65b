import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { formOf } from '../body.ts';
import { Rejected } from '../rejected.ts';
import type { Html } from './layout.ts';

const NAME_COOKIE = 'name';
const YEAR_SECONDS = 365 * 86_400;

/** Who looks, and what came of what they sent. */
export interface Visit {
  /** The name that was typed last; empty if none was. */
  name: string;
  problem?: Rejected;
  /** What was typed, when it comes back with a problem. */
  typed?: Form;
}
export type Form = Readonly<Record<string, string>>;

export function visitOf(c: Context): Visit {
  return { name: getCookie(c, NAME_COOKIE) ?? '' };
}

/**
 * Does what a form asks, and leads to the page that it names. What can't be done leads back to the page that it was sent
 * from, with what was wrong. A page that is not there any more is told as such.
 */
export function carryOut(
  c: Context,
  show: (visit: Visit) => Promise<Html>,
  act: (form: Form) => Promise<string>,
): Promise<Response> {
  return answered(c, show, async (form) => c.redirect(await act(form), 303));
}

/** The same, where what a form asks for may be answered with a page. */
export async function answered(
  c: Context,
  show: (visit: Visit) => Promise<Html>,
  act: (form: Form) => Promise<Response>,
): Promise<Response> {
  const form = await formOf(c.req);
  // It is a convenience and proves nothing: whoever acts is asked for a name each time.
  if (form.by)
    setCookie(c, NAME_COOKIE, form.by.slice(0, 200), {
      path: '/',
      maxAge: YEAR_SECONDS,
      sameSite: 'Strict',
      httpOnly: true,
    });
  try {
    return await act(form);
  } catch (problem) {
    if (!(problem instanceof Rejected)) throw problem;
    return c.html(await show({ name: form.by ?? visitOf(c).name, problem, typed: form }), problem.status);
  }
}
