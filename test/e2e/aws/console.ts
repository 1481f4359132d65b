import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { TimelineEvent } from '../../../functions/incident/timeline.ts';
import type { Ministack, Where } from './ministack.ts';

const Incident = z.object({
  id: z.string(),
  alert: z.string(),
  severity: z.string(),
  status: z.string(),
  automation: z.string(),
  origin: z.string(),
  resolution: z.string().nullable(),
  seen: z.number(),
  run: z.number(),
  runs: z.array(z.object({ number: z.number(), execution: z.string() })),
});
export type Incident = z.infer<typeof Incident>;

const Approval = z.object({ id: z.string(), title: z.string(), decision: z.string().nullable() });
const Whole = z.object({ incident: Incident, timeline: z.array(TimelineEvent), approvals: z.array(Approval) });
export type Whole = z.infer<typeof Whole>;

const Incidents = z.object({ incidents: z.array(Incident) });
const Answer = z.object({ status: z.number(), body: z.unknown() });

/** The console's JSON through its deployed function. */
export interface Console {
  incidents(): Promise<Incident[]>;
  whole(id: string): Promise<Whole>;
}

/** By the SDK instead of the CLI: what is only waited for is asked often. */
export function consoleAt({ url }: Ministack, { region, account }: Where, functionName: string): Console {
  const client = new LambdaClient({ endpoint: url, region, credentials: { accessKeyId: account, secretAccessKey: 'emulated' } });
  const get = async (path: string): Promise<unknown> => {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify({ path }) }),
    );
    const text = Payload?.transformToString() ?? '';
    if (FunctionError) throw new Error(`${functionName} ${path}: ${text}`);
    const { status, body } = Answer.parse(JSON.parse(text));
    if (status !== 200) throw new Error(`${functionName} ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  return {
    incidents: async () => Incidents.parse(await get('/api/incidents')).incidents,
    whole: async (id) => Whole.parse(await get(`/api/incidents/${id}`)),
  };
}
