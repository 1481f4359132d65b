import * as z from 'zod';

const WORKSPACE =
  /^https:\/\/(?:[\w-]+\.)?aps-workspaces(?:-fips)?\.([a-z]{2}[a-z0-9-]+)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?\/workspaces\/(ws-[0-9a-f-]{36})$/;

/**
 * Where Prometheus is: the address before `/api/v1/query`. That of a workspace of Amazon Managed Service for Prometheus is told by
 * its host, and its requests are signed; any other is asked without credentials.
 */
export const PrometheusUrl = z
  .url({ protocol: /^https?$/, error: 'expected a URL such as http://prometheus.example.com:9090' })
  .refine((url) => !/^\w+:\/\/[^/]*@/.test(url), 'expected a URL without credentials: they would be in every message about it')
  .overwrite((url) => url.replace(/\/+$/, '').replace(/\/api\/v1(?:\/query)?$/, ''))
  .refine(
    (url) => !/^\w+:\/\/[^/]*aps-workspaces/.test(url) || WORKSPACE.test(url),
    'expected the workspace too: https://aps-workspaces.<region>.amazonaws.com/workspaces/ws-…',
  );

/** A workspace of Amazon Managed Service for Prometheus. */
export interface Workspace {
  region: string;
  id: string;
}

/** The workspace that an address is of; nothing where it is a Prometheus of one's own. */
export function workspaceOf(url: string): Workspace | undefined {
  const [, region, id] = WORKSPACE.exec(url) ?? [];
  return region !== undefined && id !== undefined ? { region, id } : undefined;
}

/** One number of Prometheus. That it has none is an answer of its own, and so is that it could not be asked. */
export const Reading = z.discriminatedUnion('state', [
  z.object({ state: z.literal('known'), value: z.number() }),
  /** It answered, and has no data for the query, or only data that is no number. */
  z.object({ state: z.literal('no data') }),
  z.object({ state: z.literal('unknown'), why: z.string() }),
]);
export type Reading = z.infer<typeof Reading>;

const Sample = z.tuple([z.number(), z.string()]);
const Answer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('scalar'), result: Sample }),
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: Sample })) }),
    ]),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

/**
 * What the answer to an instant query says as one number: a query with many series (an error rate by route and pod) is their sum.
 * @param body as it came, whatever it is
 */
export function readingOf(body: string): Reading {
  const answer = parsed(body);
  if (!answer) return unknown('what it answered is not the answer to an instant query');
  if (answer.status === 'error') return unknown(`${answer.errorType}: ${answer.error}`);
  const { data } = answer;
  const samples = data.resultType === 'scalar' ? [data.result] : data.result.map(({ value }) => value);
  const values = samples.map(([, value]) => numberOf(value));
  const odd = samples.find((_, at) => values[at] === undefined);
  if (odd) return unknown(`a value of it is ${odd[1].slice(0, 20)}`);
  const sum = values.reduce<number>((all, value) => all + (value ?? 0), 0);
  return samples.length === 0 || Number.isNaN(sum) ? { state: 'no data' } : { state: 'known', value: sum };
}

export const unknown = (why: string): Reading => ({ state: 'unknown', why });

function parsed(body: string): z.output<typeof Answer> | undefined {
  try {
    return Answer.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** A finite number, or NaN, as Go writes them; an infinite one is a mistake of the query. */
function numberOf(text: string): number | undefined {
  if (text === 'NaN') return Number.NaN;
  return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
