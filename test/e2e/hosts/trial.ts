import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { log } from '../../../functions/log.ts';
import { scaledClock } from '../../../local/clocks.ts';
import { dockerScene } from '../../../local/hosts/docker-scene.ts';
import { pages } from '../../../local/pages.ts';
import { startResponder } from '../../../local/responder.ts';
import type { Scene } from '../../../local/scene.ts';
import { alarmOf } from '../../../local/simulation/saveit-hosts.ts';
import { registry } from '../../../runbooks/registry.ts';
import type { SaveitSettings } from '../../../runbooks/saveit/system.ts';
import { type ConsoleApi, consoleApi, type Incident, type Whole } from '../cli/console.ts';
import { askedOf, handedOver, toldFaults } from '../told.ts';
import { until } from '../until.ts';
import { PATH } from './shell.ts';
import type { Stage } from './stage.ts';

/**
 * The responder's waits are so much shorter. While a script or a call is at work its clock goes as the machine's does, so the
 * scripts, the engine and their time limits are at their own pace; only `notAfter` comes later than it would.
 */
const SPEED = 20;
const RUN_MS = 120_000;
export const HOSTNAME = 'sira-here';

/** One responder over the real stack, with data of its own: what one has restarted does not count against the next. */
export interface Trial {
  api: ConsoleApi;
  /** Says to CloudWatch that an alarm fires. */
  fires(alarm: string): Promise<void>;
  /** The alarms that speak of this machine. */
  alarms: string[];
  /**
   * Waits for the incident's end, takes it where that is at a person, and clears what fires as soon as `well`, as the monitoring would.
   * @param holds which end is meant
   * @param withinMs the machine's milliseconds
   */
  ends(holds: (incident: Incident) => boolean, well?: () => boolean | Promise<boolean>, withinMs?: number): Promise<Whole>;
  /** Who was told of an incident and should not have been, or the other way round. @param responder who has it first */
  toldFaults(id: string, responder?: string): Promise<string[]>;
  /** What a role is asked about an incident, in a page or a ticket. */
  askedOf(id: string, role: string): Promise<string>;
  /** Answers the one question that is open, as soon as it is asked. @returns the question */
  answer(decision: 'approve' | 'deny', by?: string): Promise<string>;
  /** Lets so much of the responder's time pass. */
  passes(ms: number): Promise<void>;
  close(): Promise<void>;
}

export async function startTrial({ place, stack, home, tools, saveit }: Omit<Stage, 'results'>): Promise<Trial> {
  const { work, engine } = place;
  const { settings } = stack;
  log.setLogLevel('SILENT');
  const dataDir = mkdtempSync(join(work, 'responder-'));
  const sira = await dockerScene({
    sira: { settings, given: new Set(['urls']) },
    dataDir,
    environment: { PATH: tools ? `${tools}:${PATH}` : PATH, HOME: home, DOCKER_HOST: engine.host },
    machine: { hostname: HOSTNAME, addresses: [] },
  });
  const scene = saveit ? withSaveit(sira, saveit) : sira;
  const clock = scaledClock(SPEED);
  const responder = await startResponder({ registry, clock, dataDir, inMemory: true, port: 0, pages }, async () => scene);
  const api = consoleApi(responder.url);
  const seen = { api, tickets: responder.aws.tickets };
  const clear = async (well: () => boolean | Promise<boolean>) => {
    const firing = responder.aws.alarms.all().filter(({ state }) => state.value === 'ALARM');
    if (firing.length > 0 && (await well()))
      for (const { name } of firing) responder.aws.alarms.setState(name, 'OK', 'it is well again');
  };
  return {
    api,
    alarms: scene.alarms.map(({ name }) => name),
    fires: (alarm) => setAlarm(responder.url, alarm),
    ends: async (holds, well = () => false, withinMs = RUN_MS) => {
      const found = await until(
        'the incident has come to its end',
        async () => {
          await clear(well);
          return (await api.incidents()).find(holds);
        },
        withinMs,
      );
      const whole = await api.whole(found.id);
      // Somebody has it: on a busy machine the next rung of the ladder would have its page before all of it is looked at.
      if (found.automation === 'escalated' && found.status === 'open') {
        await handedOver(seen, found.id);
        await api.acknowledge(found.id);
      }
      return whole;
    },
    toldFaults: (id, responder) => toldFaults(seen, id, responder),
    askedOf: (id, role) => askedOf(seen, id, role),
    answer: async (decision, by = 'Ada') => {
      const asked = await until('a person is asked', () => question(api), RUN_MS);
      await decide(`${responder.url}/api/approvals/${asked.id}`, decision, by);
      return asked.question;
    },
    passes: (ms) => clock.sleep(ms),
    close: () => responder.close(),
  };
}

/** The same machine as the Docker Compose host of Save-It. */
function withSaveit(scene: Scene, saveit: SaveitSettings): Scene {
  const { hosts } = scene.settings;
  const alarms = hosts.map(({ instanceId }) => alarmOf(instanceId, saveit.compose.ready));
  return { ...scene, alarms: [...scene.alarms, ...alarms], saveitSettings: { ...saveit, hosts } };
}

/** As an AWS client does it. Nobody checks the signature; the scope in it says which service is meant. */
async function setAlarm(url: string, AlarmName: string): Promise<void> {
  const scope = 'local/20261004/us-east-1/monitoring/aws4_request';
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'GraniteServiceVersion20100801.SetAlarmState',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=s`,
    },
    body: JSON.stringify({ AlarmName, StateValue: 'ALARM', StateReason: 'found by the monitoring' }),
  });
  if (!answer.ok) throw new Error(`SetAlarmState ${AlarmName}: ${answer.status} ${await answer.text()}`);
}

async function question(api: ConsoleApi): Promise<{ id: string; question: string } | undefined> {
  for (const { id } of (await api.incidents()).filter(({ automation }) => automation === 'awaiting-approval')) {
    const { timeline } = await api.whole(id);
    const asked = timeline.findLast((event) => event.type === 'approval-asked');
    const answered = timeline.some((event) => event.type === 'approval-decided' && event.approval === asked?.approval);
    if (asked && !answered) return { id: `${id}.${asked.approval}`, question: asked.question };
  }
  return undefined;
}

async function decide(url: string, decision: string, by: string): Promise<void> {
  const body = JSON.stringify({ by, decision, reason: 'looked at it' });
  const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  z.object({ decision: z.unknown() }).parse(await answer.json());
}

/** What a timeline says was done: titles of the acts that worked. */
export function acts({ timeline }: Whole): string[] {
  return timeline.flatMap((event) => (event.type === 'act-finished' && event.ok ? [event.title] : []));
}
