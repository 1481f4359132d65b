import * as z from 'zod';
import { TimelineEvent } from '../../../functions/incident/timeline.ts';

const Incident = z.object({
  id: z.string(),
  alert: z.string(),
  severity: z.string(),
  status: z.string(),
  automation: z.string(),
  origin: z.string(),
  run: z.number(),
  runs: z.array(z.object({ number: z.number(), execution: z.string() })),
});
export type Incident = z.infer<typeof Incident>;

const Step = z.object({ kind: z.string(), step: z.string(), host: z.string(), pass: z.number(), facts: z.unknown() });
const Whole = z.object({ incident: Incident, timeline: z.array(TimelineEvent), steps: z.array(Step) });
export type Whole = z.infer<typeof Whole>;

const Notification = z.object({ role: z.string(), subject: z.string(), message: z.string() });
export type Notification = z.infer<typeof Notification>;

const Incidents = z.object({ incidents: z.array(Incident) });
const Notifications = z.object({ notifications: z.array(Notification) });
const Faults = z.object({ faults: z.array(z.object({ id: z.string(), on: z.boolean() })) });
const Alarms = z.object({ alarms: z.array(z.object({ name: z.string(), state: z.object({ value: z.string() }) })) });

/** Who does by hand what is done by hand here. */
const BY = 'Ada';

/** The console's JSON, as a script would use it. */
export interface ConsoleApi {
  incidents(): Promise<Incident[]>;
  whole(id: string): Promise<Whole>;
  notifications(): Promise<Notification[]>;
  faultsOn(): Promise<string[]>;
  alarmStates(): Promise<string[]>;
  switchOn(fault: string): Promise<void>;
  switchOff(fault: string): Promise<void>;
  /** @param runbook such as `sira/disk-space-low` */
  startByHand(runbook: string, parameters?: object): Promise<void>;
  /** Somebody has it: the ladder goes no further. */
  acknowledge(id: string): Promise<void>;
  /** A person wants the next rung of the ladder now. */
  escalateNow(id: string): Promise<void>;
  takeOver(id: string): Promise<void>;
  resolve(id: string): Promise<void>;
  note(id: string, text: string): Promise<void>;
  runAgain(id: string, reason: string): Promise<void>;
  setMode(mode: 'observe' | 'ask' | 'auto', reason: string): Promise<void>;
}

export function consoleApi(url: string): ConsoleApi {
  const ask = async (method: 'GET' | 'POST' | 'DELETE', path: string, given?: object): Promise<unknown> => {
    const body = given && { body: JSON.stringify({ by: BY, ...given }), headers: { 'content-type': 'application/json' } };
    const answer = await fetch(`${url}/api${path}`, { method, ...body });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return await answer.json();
  };
  return {
    incidents: async () => Incidents.parse(await ask('GET', '/incidents')).incidents,
    whole: async (id) => Whole.parse(await ask('GET', `/incidents/${id}`)),
    notifications: async () => Notifications.parse(await ask('GET', '/notifications')).notifications,
    faultsOn: async () => Faults.parse(await ask('GET', '/simulation')).faults.flatMap(({ id, on }) => (on ? [id] : [])),
    alarmStates: async () => Alarms.parse(await ask('GET', '/alarms')).alarms.map(({ state }) => state.value),
    switchOn: async (fault) => void (await ask('POST', `/simulation/faults/${fault}`, {})),
    switchOff: async (fault) => void (await ask('DELETE', `/simulation/faults/${fault}`)),
    startByHand: async (runbook, parameters = {}) => void (await ask('POST', `/runbooks/${runbook}/executions`, { parameters })),
    acknowledge: async (id) => void (await ask('POST', `/incidents/${id}/acknowledge`, {})),
    escalateNow: async (id) => void (await ask('POST', `/incidents/${id}/escalate-now`, {})),
    takeOver: async (id) => void (await ask('POST', `/incidents/${id}/take-over`, {})),
    resolve: async (id) => void (await ask('POST', `/incidents/${id}/resolve`, {})),
    note: async (id, text) => void (await ask('POST', `/incidents/${id}/notes`, { text })),
    runAgain: async (id, reason) => void (await ask('POST', `/incidents/${id}/run-again`, { reason })),
    setMode: async (mode, reason) => void (await ask('POST', '/automation', { scope: 'all', mode, reason })),
  };
}
