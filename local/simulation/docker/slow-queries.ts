import type { DatabaseSession } from '../host/host-state.ts';
import { sessions } from './database.ts';
import type { DockerEngine } from './engine.ts';
import type { Statement } from './sql.ts';

const micros = (at: string) => String(Date.parse(at) * 1_000);

/** As the statement's own condition has it. */
const ordinary = (engine: DockerEngine, { role, application, query }: DatabaseSession) =>
  role === engine.parts.settings.database.applicationRole &&
  !/dump|restore|backup|migrat|alembic|replic/i.test(application) &&
  /^\s*(select|with|insert|update|delete|values|table)\b/i.test(query);

const same = (engine: DockerEngine, sql: string) => {
  const [, pid, since, start] = /a\.pid = (\d+).*?= (\d+) AND .*?= (\d+)/s.exec(sql) ?? [];
  return sessions(engine).find(
    (one) => String(one.pid) === pid && one.state === 'active' && micros(one.since) === since && micros(one.queryStart) === start,
  );
};

/** What the runbook for slow answers asks and does. */
export const SLOW_QUERIES: Statement[] = [
  {
    gist: /pg_stat_activity a[\s\S]*make_interval/,
    answer: ({ engine }, sql) => {
      const over = Number(/secs => (\d+)/.exec(sql)?.[1] ?? 0);
      return sessions(engine).flatMap((one) => {
        const seconds = Math.round((engine.now() - Date.parse(one.queryStart)) / 1_000);
        if (one.state !== 'active' || seconds <= over) return [];
        const { pid, role, application, query } = one;
        const [may, waits] = [ordinary(engine, one) ? 't' : 'f', 'IO:DataFileRead'];
        return [
          [
            String(pid),
            micros(one.since),
            micros(one.queryStart),
            String(seconds),
            role,
            'client backend',
            waits,
            may,
            application,
            query,
          ],
        ];
      });
    },
  },
  {
    gist: /pg_cancel_backend\(a\.pid\)/,
    answer: ({ engine }, sql) => {
      const found = same(engine, sql);
      if (!found || !ordinary(engine, found)) return [];
      Object.assign(found, { state: 'idle', stateChange: new Date(engine.now()).toISOString() });
      return [['t']];
    },
  },
  { gist: /^SELECT 1 FROM pg_stat_activity a/, answer: ({ engine }, sql) => (same(engine, sql) ? [['1']] : []) },
];
