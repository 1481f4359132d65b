import { isRecord } from '../api/patch.ts';
import type { Session } from '../state.ts';
import type { World } from '../world.ts';
import { APPLICATION_ROLE, MAX_CONNECTIONS, RESERVED_CONNECTIONS, sessions, terminate } from './postgres.ts';

/** The statements of the runbooks' Job, which answer with one line of JSON each. It asks as a role that may see and end all. */

interface JsonStatement {
  gist: RegExp;
  answer(world: World, asked: { role: string; seconds: number; sql: string }): object;
}

const ASKER = { seesAll: true, mayEnd: true, keptBack: true };
const secondsOf = (world: World, { queryStart }: Session) => Math.floor((world.now - Date.parse(queryStart)) / 1_000);
const kind = (role: string) => (role === APPLICATION_ROLE ? 'ordinary' : 'missing');
const idleFor = (world: World, role: string, seconds: number) =>
  sessions(world).filter(
    (one) => one.role === role && one.state === 'idle' && Date.parse(one.stateChange) < world.now - seconds * 1_000,
  );

const JSON_STATEMENTS: JsonStatement[] = [
  {
    gist: /'ended'/,
    answer: (world, { role, seconds, sql }) => {
      const before = sessions(world).length;
      const late = world.now > Date.parse(/now\(\) > '([^']+)'/.exec(sql)?.[1] ?? '');
      const ended = late || kind(role) !== 'ordinary' ? 0 : terminate(world, idleFor(world, role, seconds));
      return { before, role: kind(role), seesAll: true, late, ended };
    },
  },
  { gist: /'after'/, answer: (world) => ({ after: sessions(world).length }) },
  {
    gist: /'most'/,
    answer: (world, { role, seconds }) => {
      const all = sessions(world);
      const own = all.filter((one) => one.role === role);
      const inState = (state: string) => own.filter((one) => one.state === state).length;
      const counts = { active: inState('active'), inTransaction: inState('idle in transaction'), idle: inState('idle') };
      const active = all.filter(({ state }) => state === 'active').map((one) => secondsOf(world, one));
      return {
        ...{ most: MAX_CONNECTIONS, reserved: RESERVED_CONNECTIONS, roleMost: -1, clients: all.length },
        application: { all: own.length, ...counts, idleLong: idleFor(world, role, seconds).length },
        ...{ role: kind(role), longestActiveSeconds: Math.max(0, ...active), asker: ASKER },
      };
    },
  },
  {
    gist: /'page'/,
    answer: (world) => {
      const own = sessions(world).filter(({ database }) => database === 'saveit');
      return { page: { connections: own.length, longestSeconds: Math.max(0, ...own.map((one) => secondsOf(world, one))) } };
    },
  },
  {
    gist: /'groups'/,
    answer: (world) => {
      const groups = Map.groupBy(sessions(world), ({ role, state }) => `${role}|${state}`);
      const each = [...groups].map(([group, all]) => ({
        role: group.split('|')[0] ?? '',
        state: group.split('|')[1] ?? '',
        sessions: all.length,
      }));
      return { groups: each.sort((a, b) => b.sessions - a.sessions) };
    },
  },
];

/** @returns the rows of a statement that answers in JSON; `undefined` for one that does not */
export function jsonRows(world: World, sql: string): string[][] | undefined {
  if (!/json_build_object/i.test(sql)) return undefined;
  const known = JSON_STATEMENTS.find(({ gist }) => gist.test(sql));
  const role = /usename = '([^']*)'/.exec(sql)?.[1] ?? APPLICATION_ROLE;
  const seconds = Number(/secs => '?(\d+)/.exec(sql)?.[1] ?? 0);
  const answer = known?.answer(world, { role, seconds, sql });
  return isRecord(answer) ? [[JSON.stringify(answer)]] : undefined;
}
