import type { Hono } from 'hono';
import type { LinkAction } from '../../../functions/incident/records.ts';
import { linksApp } from '../../../functions/links/app.ts';
import { makeLinks, type Wanted } from '../../../functions/links/token.ts';
import type { Surroundings } from '../../../functions/surroundings.ts';
import { type Console, console } from '../console/console.ts';

/** All of an answer, as it goes over the wire. */
export interface Wire {
  status: number;
  headers: [string, string][];
  body: string;
}

/** The links over the whole responder with one quick runbook. */
export interface Linked extends Console {
  links: Hono;
  /** A link of Ada's for the only incident, or what is said of another. @returns its path */
  linkTo(action: LinkAction, said?: Partial<Wanted<LinkAction>>): Promise<string>;
  open(path: string, init?: RequestInit): Promise<Wire>;
  press(path: string, headers?: Record<string, string>): Promise<Wire>;
  /** The same links over other surroundings: what is broken, or another time. */
  over(around: Partial<Surroundings>): Pick<Linked, 'open' | 'press'>;
}

export async function linked(fails = false): Promise<Linked> {
  const system = await console(fails);
  const { around, clock } = system;
  let attempts = 0;
  const over = (more: Partial<Surroundings>) => {
    const app = linksApp({ ...around, ...more }, () => `attempt-${++attempts}`);
    const open = async (path: string, init: RequestInit = {}): Promise<Wire> => {
      const answer = await clock.during(Promise.resolve(app.request(path, init)));
      return { status: answer.status, headers: [...answer.headers].sort(), body: await answer.text() };
    };
    return { app, open, press: (path: string, headers = {}) => open(path, { method: 'POST', headers }) };
  };
  const { app: links, open, press } = over({});
  return {
    ...system,
    links,
    open,
    press,
    over,
    linkTo: async (action, said = {}) => {
      const incidentId = said.incidentId ?? (await system.incident()).id;
      const until = new Date(clock.now().getTime() + 3_600_000).toISOString();
      const whose = { incidentId, system: 'sira', contact: 'Ada Lovelace', role: 'oncall', until, ...said };
      const made = await clock.during(makeLinks(around, { ...whose, actions: [action] }));
      return new URL(made.get(action) ?? '').pathname;
    },
  };
}
