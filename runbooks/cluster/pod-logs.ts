import * as z from 'zod';
import { type Cluster, clusterCommand, type LogQuery } from '../language/cluster.ts';
import { pods } from './kinds.ts';
import { labelSelector, objectName } from './parameters.ts';

/** Logs of more pods than these are not read: the first tell the same. */
const MOST_PODS = 10;
const MOST_LINE = 500;
/** The page's `grep -i error`, which finds `TimeoutError` too. */
const ERROR = /error|exception|\b(critical|fatal|traceback)\b/i;

/**
 * As Python, uvicorn, gunicorn, SQLAlchemy, asyncpg, redis-py and PostgreSQL have it: `TimeoutError`, `ReadTimeout:`, `WORKER TIMEOUT`,
 * `connection timed out`, `ETIMEDOUT`. A setting (`pool_timeout=30`, `timeout: 30`) is none.
 */
const TIMEOUT =
  /\btimed[ -]?out\b|ETIMEDOUT|(?:\btime[ -]out|timeout)s?(?:error|expired|exception)?(?![\w=]|["']?:\s*\d|(?<=time[ -]out) of\b)/i;

/** What a log speaks of, by which runbooks tell one cause from another. */
const SPEAKS_OF = {
  // asyncio says only `ConnectionRefusedError: [Errno 111] Connect call failed`.
  refused: /connection ?refused|ECONNREFUSED|\b(errno|error) 111\b/i,
  tooMany: /too many (connections|clients)|remaining connection slots/i,
  // The page's `grep -i memory`, and the kernel's word for its want.
  memory: /memory|\boom(\b|-?kill)/i,
  redis: /\bredis\b/i,
  mqtt: /\bmqtt\b/i,
  timeouts: TIMEOUT,
} as const;

/** For the lines that a person types: the same words, as grep takes them. */
const GREP = {
  errors: 'error|exception|critical|fatal|traceback',
  memory: 'memory|oom',
  redis: 'redis',
  mqtt: 'mqtt',
} as const;

export const podLogs = clusterCommand('pod-logs', {
  title: 'Read the last lines of each pod',
  safety: 'observe',
  parameters: z.object({
    selector: labelSelector,
    container: objectName,
    lines: z.number().int().min(1).max(2_000),
    /** Only what is not older; 0 for no limit of time. */
    sinceSeconds: z.number().int().min(0).max(86_400).default(0),
    /** Only lines that speak of it are kept as evidence: the page's `grep`. All of them if not said. */
    about: z.enum(['all', 'errors', 'memory', 'redis', 'mqtt']).default('all'),
  }),
  facts: z.object({
    pods: z.number(),
    /** Pods whose log could not be read: they have not begun, or are gone. */
    silent: z.array(z.string()),
    errors: z.number(),
    /** The errors that come most often, times and numbers taken out. */
    top: z.array(z.object({ line: z.string(), times: z.number() })),
    speaksOf: z.object({
      refused: z.number(),
      tooMany: z.number(),
      memory: z.number(),
      redis: z.number(),
      mqtt: z.number(),
      timeouts: z.number(),
    }),
  }),
  timeout: '30s',
  rights: () => [
    { group: '', resource: 'pods', verbs: ['list'] },
    { group: '', resource: 'pods/log', verbs: ['get'] },
  ],
  byHand: ({ given: { selector, container, lines, sinceSeconds = 0, about = 'all' }, namespace }) =>
    [
      `kubectl logs -n ${namespace} -l ${selector} -c ${container} --tail=${lines} --prefix`,
      ...(sinceSeconds > 0 ? [`--since=${spokenSince(sinceSeconds)}`] : []),
      ...(about === 'all' ? [] : [`| grep -iE '${GREP[about]}'`]),
    ].join(' '),
  run: async (cluster, { selector, container, lines, sinceSeconds, about }) => {
    const found = (await cluster.list(pods, selector)).map(({ metadata }) => metadata.name).sort();
    const read = await Promise.all(
      found.slice(0, MOST_PODS).map(async (pod) => {
        const query = { container, lines, ...(sinceSeconds > 0 && { sinceSeconds }) };
        return { pod, text: await lastWords(cluster, pod, query) };
      }),
    );
    const all = read.flatMap(({ pod, text }) =>
      (text ?? '')
        .split('\n')
        .filter(Boolean)
        .map((line) => ({ pod, line: line.slice(0, MOST_LINE) })),
    );
    const failed = all.filter(({ line }) => ERROR.test(line));
    const kept = about === 'all' ? all : about === 'errors' ? failed : all.filter(({ line }) => SPEAKS_OF[about].test(line));
    const times = (pattern: RegExp) => all.filter(({ line }) => pattern.test(line)).length;
    return {
      facts: {
        pods: found.length,
        silent: read.filter(({ text }) => text === undefined).map(({ pod }) => pod),
        errors: failed.length,
        top: commonest(failed.map(({ line }) => line)),
        speaksOf: {
          refused: times(SPEAKS_OF.refused),
          tooMany: times(SPEAKS_OF.tooMany),
          memory: times(SPEAKS_OF.memory),
          redis: times(SPEAKS_OF.redis),
          mqtt: times(SPEAKS_OF.mqtt),
          timeouts: times(SPEAKS_OF.timeouts),
        },
      },
      evidence: kept.map(({ pod, line }) => `${pod} ${line}`).join('\n'),
    };
  },
});

const spokenSince = (seconds: number) => (seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`);

/** One that crashes has said why before it was started again: its present log is empty, or not there. */
async function lastWords(cluster: Cluster, pod: string, query: LogQuery): Promise<string | undefined> {
  const now = await cluster.logs(pod, query);
  return now?.trim() ? now : ((await cluster.logs(pod, { ...query, previous: true })) ?? now);
}

function commonest(lines: readonly string[]): { line: string; times: number }[] {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const same = line
      .replace(/^\S*\d{4}-\d\d-\d\d\S*\s*/, '')
      .replace(/\d+/g, '#')
      .slice(0, 200);
    counts.set(same, (counts.get(same) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 5)
    .map(([line, times]) => ({ line, times }));
}
